import { type Channel, channels } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import { toContact } from "../execution/contact-rows.ts";
import { findConsented, isConsented } from "./consented-rows.ts";
import { judgeRecipient, needsConsent, readGateFacts } from "./gate.ts";
import { readContactNow } from "./hand-message-rows.ts";

/**
 * What keeps marketing from a contact on each channel, by the stages of the gate (gate.ts) that ask about the contact alone: 2 to 4 and 7.
 * Null: nothing does. Hours and limits pass by themselves and are not asked.
 *
 * @returns undefined where the contact is not there
 */
export async function judgeReach(
  { db, clock }: { db: Db; clock: Clock },
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
): Promise<Record<Channel, Reason | null> | undefined> {
  const row = await readContactNow(db, { workspaceId, contactId }, clock);
  if (!row) return undefined;
  const facts = await readGateFacts(db, { workspaceId, channels });
  const judge = async (channel: Channel): Promise<Reason | null> => {
    const draft = { channel, kind: "marketing" } as const;
    const { to, refusal } = judgeRecipient(toContact(row), draft, facts);
    if (refusal !== undefined) return refusal;
    if (!needsConsent(draft, facts.rules)) return null;
    const consented = await findConsented(db, { workspaceId, channel, contactIds: [contactId] });
    return isConsented(consented(contactId), to) ? null : "no_consent";
  };
  return { sms: await judge("sms"), email: await judge("email") };
}
