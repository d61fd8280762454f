import type { Channel } from "#contract/messages.ts";
import type { ChunkContact } from "../execution/chunk.ts";
import type { ContactFields, ContactPatch } from "../flow/node-executor.ts";

/** Reasons on the suppression list that are about the address alone, and not about what the person asked for. */
const ofTheAddress = ["bounced_before", "manual"];

/**
 * What a contact has asked for under earlier addresses once a step has changed it, as the database moves it along (private.move_refusals), and
 * as a consent that the same step records ends it.
 */
export function refusedAfter(before: ChunkContact, after: ContactFields, patch: ContactPatch): ChunkContact["refusedBefore"] {
  const one = (channel: Channel, listed: string | null, isMoved: boolean): string | null => {
    const known = before.refusedBefore[channel];
    if (patch.consent !== undefined && patch[`${channel}_opted_out`] === false) return null;
    if (!isMoved || (known !== null && known !== "maybe_stop")) return known;
    return listed === null || ofTheAddress.includes(listed) ? known : listed;
  };
  const { fields } = before;
  const plain = (email: string | null) => email?.trim().toLowerCase() ?? "";
  return {
    sms: one("sms", before.suppressedSms, fields.phone_e164 !== after.phone_e164),
    email: one("email", before.suppressedEmail, plain(fields.email) !== plain(after.email)),
  };
}
