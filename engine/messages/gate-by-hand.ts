import { isClosedFor } from "#contract/message-kinds.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import type { HandQuestion, HandVerdict } from "../by-hand-api.ts";
import { toContact } from "../execution/contact-rows.ts";
import { readContactRoom } from "./contact-cap-rows.ts";
import { judgeRecipient, readGateFacts } from "./gate.ts";
import { readContactNow } from "./hand-message-rows.ts";
import { judgeAddress } from "./judge-address-rows.ts";
import { asksWhoWrote, judgeHours } from "./judge-hours.ts";
import { readWroteLately } from "./wrote-lately-rows.ts";

/** What a person writes to one contact is an answer. */
const kind = "conversational" as const;

/**
 * The gate (gate.ts) for a message that a person writes to a contact: stages 2 to 4, 8 and 9, in the same order. Nobody waits
 * for it later, so what would wait is refused. Its text is the person's own, and consent is asked for marketing alone. It also is
 * closed where another contact with the address has refused messages, because one person reads them all. Where the contact has not written
 * on the channel lately it is no answer, and keeps the hours.
 *
 * @returns undefined where the contact is not there
 */
export async function judgeByHand(
  { db, clock }: { db: Db; clock: Clock },
  { workspaceId, contactId, channel, stays }: HandQuestion,
): Promise<HandVerdict | undefined> {
  const row = await readContactNow(db, { workspaceId, contactId }, clock);
  if (!row) return undefined;
  const contact = toContact(row);
  const facts = await readGateFacts(db, { workspaceId, channels: [channel] });
  const { to, refusal } = judgeRecipient(contact, { channel, kind }, facts);
  const verdict = (reason: Reason | null): HandVerdict => ({ to: to ?? null, refusal: reason, contactVersion: contact.version });
  if (refusal !== undefined) return verdict(refusal);

  const ofOthers = await judgeAddress(db, { workspaceId, channel, to });
  if (ofOthers !== null && isClosedFor(kind, ofOthers)) return verdict(ofOthers);

  if (!stays) {
    const { quietHours } = facts.rules;
    const draft = { channel, kind };
    const wroteLately =
      asksWhoWrote(draft, quietHours) &&
      (await readWroteLately(db, { workspaceId, channel, contactIds: [contactId] }, clock)).has(contactId);
    const person = { timeZone: contact.fields.time_zone, phone: to, country: contact.phoneCountry, wroteLately };
    const hours = judgeHours({ draft, person, rules: quietHours, seed: contactId }, row.now.getTime());
    if (hours.verdict === "later") return verdict(hours.code === "no_sending_hours" ? hours.code : "outside_window_dropped");
  }
  const { whole, left } = await readContactRoom(db, { workspaceId, contactIds: [contactId] }, clock);
  return verdict((left.get(contactId) ?? whole) <= 0 ? "cap_reached" : null);
}
