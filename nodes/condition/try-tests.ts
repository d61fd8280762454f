import { type FieldTest, groupFits, type TestGroup } from "#contract/field-tests.ts";
import { judgeTest } from "#contract/judge-test.ts";
import type { Comparison } from "#contract/node-result.ts";
import type { NodeContext } from "#engine/flow/node-executor.ts";
import { toRecord } from "../values/typed-value.ts";

/** Says whether a group of tests fits, and which values were compared. It stops as soon as the answer is certain. */
export function tryTests(
  group: TestGroup,
  context: Pick<NodeContext, "contact" | "now" | "read" | "work" | "workspace">,
): { fits: boolean; compared: Comparison[] } {
  const compared: Comparison[] = [];
  const holds = (test: FieldTest, isDenied: boolean) => {
    const { held, actual } = judgeTest(test, context);
    const { field, operator, value: wanted = null } = test;
    compared.push({ field, operator, wanted, found: toRecord(actual), held, ...(isDenied && { against: true as const }) });
    return held;
  };
  return { fits: groupFits(group, holds) === true, compared };
}
