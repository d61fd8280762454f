import type { Provider } from "#channels/channel.ts";
import { countParts } from "#channels/count-parts.ts";
import { staysHere } from "#channels/stays-here.ts";
import type { Channel } from "#contract/messages.ts";
import { channelRefusals, type Reason } from "#contract/reasons.ts";
import type { Db } from "#db/client.ts";
import { finishTestMessage, insertTestMessage } from "#db/queries/test-messages.ts";
import { refused } from "../http/errors.ts";
import { requireMaySend } from "./require-may-send.ts";

interface TestMessage {
  workspaceId: string;
  channel: Channel;
  to: string;
  subject: string | null;
  text: string;
  html?: string | null;
}

/** Milliseconds. A person waits for the answer. */
const timeLimit = 20_000;

/**
 * Sends one message that belongs to no send, and records it as a test like any other.
 * @throws ApiError `conflict` in a copy that may not send, `provider_refused` or `provider_unavailable` with the provider's own words when it was not sent.
 */
export async function sendTestMessage(ownerDb: Db, provider: Provider, { text, html = null, ...given }: TestMessage): Promise<string> {
  const { workspaceId, channel, to, subject } = given;
  if (!staysHere(provider.name)) await requireMaySend(ownerDb);
  const { name, senders } = provider;
  const from = provider.from ?? senders?.[0] ?? null;
  const segments = countParts[channel](text);
  const id = await insertTestMessage(ownerDb, { workspaceId, channel, to, subject, provider: name, from, body: text, html, segments });
  const message = {
    id,
    workspaceId,
    channel,
    to,
    kind: "transactional" as const,
    text,
    ...(from && senders ? { from } : {}),
    ...(subject ? { subject } : {}),
    ...(html ? { html } : {}),
  };
  const result = await provider.send(message, { signal: AbortSignal.timeout(timeLimit) });
  const place = { workspaceId, id };
  if (result.outcome === "accepted") {
    await finishTestMessage(ownerDb, { ...place, status: "sent", providerMessageId: result.providerMessageId });
    return id;
  }
  if (result.outcome === "unknown") {
    await finishTestMessage(ownerDb, { ...place, status: "unknown", reason: "outcome_unknown", errorMessage: result.message });
    throw refused("provider_unavailable", `${result.message}. The message may have arrived: look there before you try again.`);
  }
  await finishTestMessage(ownerDb, { ...place, status: "failed", reason: result.reason, errorMessage: result.message });
  throw refused(isOfChannel(result.reason) ? "provider_unavailable" : "provider_refused", result.message);
}

/** Every other message would meet this refusal too. */
const isOfChannel = (reason: Reason) =>
  [...channelRefusals, "provider_unavailable", "timeout", "no_provider"].some((one) => one === reason);
