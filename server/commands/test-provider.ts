import { readPhone } from "#channels/sms/phone.ts";
import { countSegments } from "#channels/sms/segments.ts";
import { isSendableEmail } from "#contract/email-address.ts";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import { finishTestMessage, insertTestMessage } from "#db/queries/test-messages.ts";
import type { ProviderDirectory } from "../compose/provider-directory.ts";
import { invalid, refused } from "../http/errors.ts";

interface Given {
  ownerDb: Db;
  providers: ProviderDirectory;
  workspace: { id: string; name: string; country: string };
  channel: Channel;
  to: string;
}

/** Somebody waits at a settings page for it. */
const patience = 20_000;

/** Sends one real message by the channel's provider as it is set up now, and records it like any other. */
export async function testProvider({ ownerDb, providers, workspace, channel, to }: Given): Promise<{ messageId: string; message: string }> {
  const address = readAddress(channel, to, workspace.country);
  const provider = await providers.providerFor(workspace.id, channel, { lookNow: true });
  const subject = channel === "email" ? "Test message from Sluice" : null;
  const body = `This is a test message of ${workspace.name}. If you can read it, sending works.`;
  const id = await insertTestMessage(ownerDb, {
    workspaceId: workspace.id,
    channel,
    provider: provider.name,
    to: address,
    from: provider.from,
    subject,
    body,
    segments: channel === "sms" ? countSegments(body).segments : null,
  });
  const message = { id, workspaceId: workspace.id, channel, to: address, text: body, ...(subject ? { subject } : {}) };
  const result = await provider.send(message, { signal: AbortSignal.timeout(patience) });

  const place = { workspaceId: workspace.id, id };
  if (result.outcome === "accepted") {
    await finishTestMessage(ownerDb, { ...place, status: "sent", providerMessageId: result.providerMessageId });
    const where = provider.name === "catch" ? "It stayed on this machine: see the inbox." : `Sent to ${address}.`;
    return { messageId: id, message: where };
  }
  if (result.outcome === "unknown") {
    await finishTestMessage(ownerDb, { ...place, status: "unknown", reason: "outcome_unknown", errorMessage: result.message });
    throw refused("provider_unavailable", `${result.message}. The message may have arrived: look there before you try again.`);
  }
  await finishTestMessage(ownerDb, { ...place, status: "failed", reason: result.reason, errorMessage: result.message });
  const refusedByProvider = result.reason === "provider_rejected" || result.reason === "bad_email" || result.reason === "bad_phone";
  throw refused(refusedByProvider ? "provider_refused" : "provider_unavailable", result.message);
}

function readAddress(channel: Channel, to: string, country: string): string {
  if (channel === "email") {
    if (!isSendableEmail(to)) throw invalid([{ path: "to", message: "One e-mail address is needed, such as you@example.com" }]);
    return to;
  }
  const phone = readPhone(to, country);
  if (!phone?.e164) throw invalid([{ path: "to", message: phone?.problem ? `This ${phone.problem}` : "A phone number is needed" }]);
  return phone.e164;
}
