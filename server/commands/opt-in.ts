import type { ConsentChannel, ConsentStatement } from "#contract/consents.ts";
import type { ContactPatch } from "#contract/contacts.ts";
import type { Db } from "#db/client.ts";
import { lockConsentState, recordOptIns } from "#db/queries/consents.ts";
import { ApiError, invalid } from "../http/errors.ts";

/** Clocks of clients differ, so a consent may be given this much later than now. */
const clockSkewMs = 5 * 60_000;
const channelWords: Record<ConsentChannel, string> = { sms: "SMS", email: "e-mail", all: "messages of any kind" };

/**
 * Records the consent with which a change takes back opt-outs of a contact. A change that takes none back needs no consent.
 *
 * @throws ApiError `invalid_request` without the statement that is needed, `consent_withdrawn` where only the contact can opt in
 */
export async function recordConsent(
  db: Db,
  {
    workspaceId,
    contactId,
    patch,
    actor,
  }: { workspaceId: string; contactId: string; patch: ContactPatch; actor: { id: string; name: string } },
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
  if (stopped) {
    throw new ApiError(
      "consent_withdrawn",
      `This contact has refused ${channelWords[stopped]} themselves. Only they can allow it again, for example by answering START.`,
    );
  }
  const { where, givenAt } = readStatement(patch.consent);
  const optIns = channels.map((channel) => ({ contactId, channel, source: "manual" as const, evidence: where, givenAt }));
  await recordOptIns(db, { workspaceId, optIns, actor });
}

function readStatement(consent: ConsentStatement | undefined): { where: string; givenAt: Date } {
  if (consent === undefined) {
    throw invalid([{ path: "consent", message: "Say where and when the contact gave consent again: { where, givenAt }" }]);
  }
  const givenAt = new Date(consent.givenAt);
  if (givenAt.getTime() > Date.now() + clockSkewMs) {
    throw invalid([{ path: "consent.givenAt", message: "The consent cannot be given later than now" }]);
  }
  return { where: consent.where, givenAt };
}
