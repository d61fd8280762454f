import type { Exclusions } from "#contract/who-not.ts";
import { plural } from "#ui/format.ts";

const within = (days: number) => (days === 1 ? "the last day" : `the last ${plural(days, "day")}`);

/** Whom a send leaves out, each in a few words. */
export function exclusionWords({ hereDays, inAnotherFlow, messagedDays, silentDays, contacts = [] }: Exclusions): string[] {
  return [
    ...(contacts.length === 0 ? [] : [`not ${plural(contacts.length, "contact")} taken out by hand`]),
    ...(hereDays === undefined ? [] : [`not who was in this flow in ${within(hereDays)}`]),
    ...(inAnotherFlow ? ["not who is in another flow"] : []),
    ...(messagedDays === undefined ? [] : [`not who got a message in ${within(messagedDays)}`]),
    ...(silentDays === undefined ? [] : [`not who has not replied in ${within(silentDays)}`]),
  ];
}
