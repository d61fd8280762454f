import { allTests, type TestGroup } from "#contract/field-tests.ts";
import type { Narrowing } from "#contract/who-not.ts";
import type { EntryRule } from "../flow/rule-of.ts";

/** Values of tests × contacts of a page: each is compared, and some by several patterns. It takes a second or two. */
const mostComparisons = 500_000;

/** How many contacts a statement looks at: no page takes longer because the rule of its flow, or the condition of its send, asks more. */
export function pageFor({ onlyIf }: EntryRule, { condition }: Narrowing, usual: number): number {
  const values = valuesOf(onlyIf) + valuesOf(condition);
  return Math.max(1, Math.min(usual, Math.floor(mostComparisons / Math.max(1, values))));
}

const valuesOf = (group: TestGroup | undefined): number =>
  group ? allTests(group.tests).reduce((all, { value }) => all + Math.max(1, [value].flat().length), 0) : 0;
