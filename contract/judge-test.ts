import { type ComparableContact, comparedField } from "./compare-contact.ts";
import { matchesTest } from "./compare-values.ts";
import type { FieldTest } from "./field-tests.ts";
import type { WorkBudget } from "./work-budget.ts";

interface Judged {
  contact: ComparableContact;
  now: Date;
  /** The value of a field, wherever it comes from. */
  read(field: string): unknown;
  work: WorkBudget;
}

/** Whether a test holds of a contact now, and the value on which it was decided. */
export function judgeTest(test: FieldTest, { contact, now, read, work }: Judged): { held: boolean; actual: unknown } {
  const actual = read(test.field);
  return { held: matchesTest(test, comparedField(contact, test.field) ?? { kind: "data", value: actual }, now, work), actual };
}
