import { staysHere } from "#channels/stays-here.ts";
import type { Channel } from "#contract/messages.ts";
import { reasons } from "#contract/reasons.ts";
import type { Db } from "#db/client.ts";
import { consumeAttempt } from "#db/queries/rate-limits.ts";
import type { Engine } from "#engine/engine-api.ts";
import type { ProviderDirectory } from "../compose/provider-directory.ts";
import { refused, tooManyRequests } from "../http/errors.ts";
import { requireMyPhone } from "./my-phone.ts";
import { sendTestMessage } from "./send-test-message.ts";

export interface Sender {
  ownerDb: Db;
  providers: ProviderDirectory;
  engine: Engine;
  workspaceId: string;
  /** Who is signed in. Nobody else is ever written to. */
  me: { userId: string; email: string };
}

/**
 * Where messages of a channel reach who is signed in: the address with which they sign in, or the number that they have proven.
 * @throws ApiError provider_refused where there is no proven number
 */
export const myAddress = async ({ ownerDb, workspaceId, me }: Sender, channel: Channel): Promise<string> =>
  channel === "email" ? me.email : requireMyPhone(ownerDb, { workspaceId, userId: me.userId });

interface Filled {
  channel: Channel;
  to: string;
  message: { subject: string | null; text: string; html: string | null };
}

/** How many messages somebody may ask for within how many seconds, and what they are told then. */
export interface Limit {
  key: string;
  window: number;
  max: number;
  words(retryAfter: number): string;
}

/** @throws ApiError too_many_requests */
export async function takeTurn({ ownerDb, me }: Sender, { words, key, ...limit }: Limit): Promise<void> {
  const { allowed, retryAfter } = await consumeAttempt(ownerDb, { ...limit, key: `${key} ${me.userId}` });
  if (!allowed) throw tooManyRequests(retryAfter, words(retryAfter));
}

/**
 * Sends a message to who asks for it, through the provider in use, recorded as a test that belongs to no contact. What their own address
 * refuses holds for it as for every message.
 *
 * @param limit taken where the message may leave
 * @throws ApiError as takeTurn; provider_refused where the address may not be written to; what the provider says
 */
export async function sendToMyAddress(
  sender: Sender,
  { channel, to, message: { subject, text, html } }: Filled,
  limit?: Limit,
): Promise<{ messageId: string; message: string }> {
  const { ownerDb, providers, engine, workspaceId } = sender;
  const refusal = await engine.judgeAddress({ workspaceId, channel, to });
  if (refusal) throw refused("provider_refused", `${to} gets no messages of this workspace: ${reasons[refusal].text}.`);
  if (limit) await takeTurn(sender, limit);
  const provider = await providers.providerFor(workspaceId, channel, { lookNow: true });
  const messageId = await sendTestMessage(ownerDb, provider, { workspaceId, channel, to, subject, text, html });
  return { messageId, message: staysHere(provider.name) ? "It stayed on this machine: see Sent messages." : `Sent to ${to}.` };
}
