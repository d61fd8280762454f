import { comparedField } from "#contract/compare-contact.ts";
import { matchesTest } from "#contract/compare-values.ts";
import { type FieldTest, groupFits, type TestGroup } from "#contract/field-tests.ts";
import type { Comparison } from "#contract/node-result.ts";
import type { NodeContext } from "#engine/flow/node-executor.ts";
import { toRecord } from "../values/typed-value.ts";

/** Says whether a group of tests fits, and which values were compared. It stops as soon as the answer is certain. */
export function tryTests(
  group: TestGroup,
  { contact, now, read, work }: Pick<NodeContext, "contact" | "now" | "read" | "work">,
): { fits: boolean; compared: Comparison[] } {
  const compared: Comparison[] = [];
  const holds = (test: FieldTest, isDenied: boolean) => {
    const actual = read(test.field);
    const held = matchesTest(test, comparedField(contact, test.field) ?? { kind: "data", value: actual }, now, work);
    const { field, operator, value: wanted = null } = test;
    compared.push({ field, operator, wanted, found: toRecord(actual), held, ...(isDenied && { against: true as const }) });
    return held;
  };
  return { fits: groupFits(group, holds) === true, compared };
}
