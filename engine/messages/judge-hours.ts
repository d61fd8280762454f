import type { FlowHours, SendingRules } from "#contract/sending-rules.ts";
import type { MessageDraft, Output } from "../flow/node-executor.ts";
import { placeOfContact } from "./place-of-contact.ts";
import { findSendingMoment, spreadWithin } from "./quiet-hours.ts";

interface HoursQuestion {
  draft: Pick<MessageDraft, "channel" | "kind">;
  /** `wroteLately`: they have written on the channel within `answerHours`. Only asked of an answer. */
  person: { timeZone: string | null; phone: string; country: string | null; wroteLately?: boolean };
  rules: SendingRules["quietHours"];
  /** What tells this message from all others. */
  seed: string;
}

export type HoursAnswer =
  /** `validUntil`: no later than this it may reach the phone. `facts`: it leaves outside the hours because its kind may. */
  | { verdict: "now"; validUntil?: number; facts?: Output }
  | { verdict: "later"; code: "outside_window_waiting" | "no_sending_hours"; until: Date; facts: Output };

/**
 * The hours for a message of a flow. A flow may narrow those of its workspace, and never widen them. Where the workspace has none,
 * those of the flow hold for marketing alone, and with them the law of the place.
 */
export function narrowHours(
  rules: SendingRules["quietHours"],
  own: FlowHours | undefined,
  { kind }: Pick<MessageDraft, "kind">,
): SendingRules["quietHours"] {
  if (!own || (!rules.on && kind !== "marketing")) return rules;
  if (!rules.on) return { ...rules, ...own, on: true };
  const later = [rules.from, own.from].toSorted()[1] as string;
  const earlier = [rules.to, own.to].toSorted()[0] as string;
  return { ...rules, from: later, to: earlier };
}

/** A place without an hour that all of its zones allow is looked at again after this: somebody may have entered the zone. */
const lookAgainMs = 24 * 3_600_000;

/** Whether a message may leave now by the hours of the place where the person may be, and if not, when. */
export function judgeHours({ draft, person, rules, seed }: HoursQuestion, now: number): HoursAnswer {
  if (draft.channel !== "sms" || !rules.on) return { verdict: "now" };
  const place = placeOfContact(person);
  const moment = findSendingMoment(place, rules, now);
  const zone = place.zones.join(", ");
  if (mayAtAnyHour(draft, person, rules)) return moment.open ? { verdict: "now" } : { verdict: "now", facts: { outsideHours: draft.kind } };
  if (moment.open) return { verdict: "now", validUntil: moment.until };
  if (moment.opens === null) {
    const until = new Date(now + lookAgainMs);
    return { verdict: "later", code: "no_sending_hours", until, facts: { until: until.toISOString(), zone } };
  }
  const until = new Date(spreadWithin(moment, seed));
  return { verdict: "later", code: "outside_window_waiting", until, facts: { until: until.toISOString(), zone } };
}

/** Whether the kind of a message lets it leave outside the hours. One that is called an answer is one only to somebody who has just written. */
const mayAtAnyHour = (
  { kind }: HoursQuestion["draft"],
  { wroteLately }: HoursQuestion["person"],
  { also }: HoursQuestion["rules"],
): boolean => kind !== "marketing" && !also.includes(kind) && (kind !== "conversational" || wroteLately === true);

/** Whether the hours ask about a message when its contact wrote last. */
export const asksWhoWrote = ({ channel, kind }: HoursQuestion["draft"], { on, also }: HoursQuestion["rules"]): boolean =>
  channel === "sms" && kind === "conversational" && on && !also.includes(kind);
