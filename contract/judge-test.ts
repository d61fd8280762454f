import { type ComparableContact, comparedField } from "./compare-contact.ts";
import { matchesTest } from "./compare-values.ts";
import type { FieldTest } from "./field-tests.ts";
import { firstTimeZone } from "./time-zones.ts";
import type { WorkBudget } from "./work-budget.ts";

interface Judged {
  contact: ComparableContact;
  now: Date;
  /** The value of a field, wherever it comes from. */
  read(field: string): unknown;
  work: WorkBudget;
  /** Where the contact's own zone is not known, its days begin in this one. */
  workspace: { timeZone: string };
}

/** Whether a test holds of a contact now, and the value on which it was decided. */
export function judgeTest(test: FieldTest, { contact, now, read, work, workspace }: Judged): { held: boolean; actual: unknown } {
  const actual = read(test.field);
  const zone = firstTimeZone(contact.time_zone, workspace.timeZone);
  return { held: matchesTest(test, comparedField(contact, test.field) ?? { kind: "data", value: actual }, now, work, zone), actual };
}
