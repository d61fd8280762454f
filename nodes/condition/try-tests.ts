import { comparedField } from "#contract/compare-contact.ts";
import { matchesTest } from "#contract/compare-values.ts";
import type { Comparison } from "#contract/node-result.ts";
import type { NodeContext } from "#engine/flow/node-executor.ts";
import { toRecord } from "../values/typed-value.ts";
import type { ConditionTest } from "./definition.ts";

/** Says whether a group of tests fits, and which values were compared. It stops as soon as the answer is certain. */
export function tryTests(
  { match, tests }: { match: "all" | "any"; tests: readonly ConditionTest[] },
  { contact, now, read, work }: Pick<NodeContext, "contact" | "now" | "read" | "work">,
): { fits: boolean; compared: Comparison[] } {
  const compared: Comparison[] = [];
  for (const test of tests) {
    const actual = read(test.field);
    const held = matchesTest(test, comparedField(contact, test.field) ?? { kind: "data", value: actual }, now, work);
    compared.push({ field: test.field, operator: test.operator, wanted: test.value ?? null, found: toRecord(actual), held });
    if (held !== (match === "all")) return { fits: held, compared };
  }
  return { fits: match === "all", compared };
}
