import { channelNames } from "#contract/channel-names.ts";
import { type Consent, type ConsentChannel, type ConsentStatement, type NewConsent, notTheirs } from "#contract/consents.ts";
import type { ContactPatch } from "#contract/contacts.ts";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import { lockConsentState, recordOptIns } from "#db/queries/consents.ts";
import type { ContactFields } from "#db/queries/contact-writes.ts";
import { ApiError, conflict, forbidden, invalid, notFound } from "../http/errors.ts";

/** Clocks of clients differ, so a consent may be given this much later than now. */
const clockSkewMs = 5 * 60_000;
const channelWords: Record<ConsentChannel, string> = {
  sms: channelNames.sms.noun,
  email: channelNames.email.noun,
  all: "messages of any kind",
};

const addressWords: Record<Channel, string> = { sms: "phone number to which SMS can go", email: "e-mail address" };

/**
 * Records the consent with which a change takes back opt-outs of a contact. A change that takes none back needs no consent. It is given for
 * the addresses that the contact has once it is changed.
 *
 * @throws ApiError `invalid_request` without the statement that is needed, `consent_withdrawn` where only the contact can opt in
 */
export async function recordConsent(
  db: Db,
  {
    workspaceId,
    contactId,
    patch,
    fields,
    actor,
  }: { workspaceId: string; contactId: string; patch: ContactPatch; fields: ContactFields; actor: { id: string; name: string } },
): Promise<void> {
  const wanted: ConsentChannel[] = [
    ...(patch.smsOptedOut === false ? (["sms"] as const) : []),
    ...(patch.emailOptedOut === false ? (["email"] as const) : []),
    ...(patch.dnc === false ? (["all"] as const) : []),
  ];
  if (wanted.length === 0) return;
  const state = await lockConsentState(db, { workspaceId, contactId });
  const channels = wanted.filter((channel) => state?.optedOut.includes(channel));
  if (channels.length === 0) return;
  const stopped = channels.find((channel) => state?.stopped.includes(channel));
  if (stopped) throw withdrawn(stopped);
  const { where, givenAt } = readStatement(patch.consent);
  const changed = { sms: fields.phone?.e164, email: fields.email, all: undefined };
  const optIns = channels.map((channel) => ({
    ...{ contactId, channel, source: "manual" as const, evidence: where, givenAt },
    address: changed[channel],
  }));
  await recordOptIns(db, { workspaceId, optIns, actor });
}

/**
 * Writes down the consent of a contact who has refused nothing on the channel, for the address that the contact has. It ends what was asked for
 * under an earlier one, and so does an admin who knows that this was another person.
 *
 * @throws ApiError `contact_not_found`, `consent_withdrawn` where only the contact can opt in, `conflict` where an opt-out stands or where
 * there is no address for which it could count
 */
export async function addConsent(
  db: Db,
  {
    workspaceId,
    contactId,
    consent: { channel, source, textShown, ...statement },
    actor,
    isAdmin,
  }: { workspaceId: string; contactId: string; consent: NewConsent; actor: { id: string; name: string }; isAdmin: boolean },
): Promise<Consent> {
  const state = await lockConsentState(db, { workspaceId, contactId });
  if (!state) throw notFound("contact_not_found");
  if (source === notTheirs && !isAdmin)
    throw forbidden("Only an admin may say that another person had asked for no more messages, and not this contact.");
  if (source === notTheirs && !state.refusedBefore.includes(channel))
    throw conflict("conflict", `This contact gets ${channelWords[channel]}, as far as what was asked for under an earlier address goes.`);
  const stopped = state.stopped.find((closed) => closed === channel || closed === "all");
  if (stopped) throw withdrawn(stopped);
  const refusal = state.optedOut.find((closed) => closed === channel || closed === "all");
  if (refusal) {
    throw conflict(
      "conflict",
      `This contact has opted out of ${channelWords[refusal]}. Take that back in the contact's form, which asks for the consent.`,
    );
  }
  if (!state.reachable.includes(channel)) {
    throw conflict(
      "conflict",
      `This contact has no ${addressWords[channel]}, and a consent counts only for the one for which it was given. Enter it first.`,
    );
  }
  const { where, givenAt } = readStatement(statement, "givenAt");
  const [written] = await recordOptIns(db, {
    workspaceId,
    optIns: [{ contactId, channel, source, evidence: where, textShown, givenAt }],
    actor,
  });
  if (!written) throw new Error("A consent that was just written cannot be read.");
  return written;
}

const withdrawn = (channel: ConsentChannel) =>
  new ApiError(
    "consent_withdrawn",
    `This contact has refused ${channelWords[channel]} themselves. Only they can allow it again, for example by answering START.`,
  );

/** @param at the path of the time, for the problem */
function readStatement(consent: ConsentStatement | undefined, at = "consent.givenAt"): { where: string; givenAt: Date } {
  if (consent === undefined) {
    throw invalid([{ path: "consent", message: "Say where and when the contact gave consent again: { where, givenAt }" }]);
  }
  const givenAt = new Date(consent.givenAt);
  if (givenAt.getTime() > Date.now() + clockSkewMs) {
    throw invalid([{ path: at, message: "The consent cannot be given later than now" }]);
  }
  return { where: consent.where, givenAt };
}
