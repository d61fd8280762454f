import type { OutgoingMessage, Provider } from "#channels/channel.ts";
import type { MessageKind } from "#contract/message-kinds.ts";
import type { Channel } from "#contract/messages.ts";
import type { EngineContext } from "../engine-context.ts";
import { type MessageResult, renewLeases, suppressAddresses, suppressRefused } from "../execution/message-rows.ts";
import { findClosed } from "./closed-address-rows.ts";
import type { HandMessageRow } from "./hand-message-rows.ts";
import type { CallResult } from "./provider-calls.ts";
import { withoutAddresses, wordsOfRefusal } from "./provider-words.ts";
import { saveResultsWithRetry } from "./save-results.ts";
import { spendSenderSlot } from "./sender-pace-rows.ts";

/** A message outside of flows that passed its gate and whose row is there as `sending`, with a lease. */
type MessageInHand = Pick<HandMessageRow, "id" | "workspaceId" | "channel" | "from" | "subject" | "body"> & {
  to: string;
  kind: MessageKind;
  /** What the suppression list is asked as, if not as its kind. */
  asks?: "help";
};

/** Hands one message over that belongs to no flow, and writes down what became of it. While the provider is silent its lease is renewed. */
export async function handOver(context: EngineContext, provider: Provider, message: MessageInHand): Promise<void> {
  const { db, clock, calls, limiter } = context;
  const { id, workspaceId, channel, to, from, subject, body: text, kind, asks } = message;
  const outgoing: OutgoingMessage = {
    ...{ id, workspaceId, channel, to, kind, text },
    ...(from && provider.senders ? { from } : {}),
    ...(subject ? { subject } : {}),
  };
  // A person waits for it, so it does not; what flows send leaves room for it.
  if (from) await spendSenderSlot(db, { workspaceId, channel, provider, sender: from, text }, clock);
  const rows = {
    renew: (ids: string[]) => renewLeases(db, ids, clock),
    findClosed: (all: readonly OutgoingMessage[]) => findClosed(db, all, asks ?? kind),
  };
  const [result] = await calls.send(provider, [outgoing], rows);
  if (!result) throw new Error("A provider was asked and there is no result");
  await finish(context, message, result);
  await limiter.report({ workspaceId, channel }, [result]);
}

async function finish(
  { db, clock }: EngineContext,
  { id, workspaceId, channel, to, from }: MessageInHand,
  result: CallResult,
): Promise<void> {
  if (result.outcome === "rejected" && result.invalidatesAddress)
    await suppressAddresses(db, { workspaceId, channel, dead: [{ address: to, detail: withoutAddresses(result.message) }] });
  if (result.outcome === "rejected" && result.optedOut)
    await suppressRefused(db, { workspaceId, channel, refused: [{ address: to, detail: wordsOfRefusal(result.message, from) }] });
  const written: MessageResult = { messageId: id, attempt: 1, providerMessageId: null, errorMessage: null, ...toResult(result, channel) };
  await saveResultsWithRetry(db, [written], clock);
}

/** Nobody tries it again but who caused it, so what could be tried again has failed. */
function toResult(result: CallResult, channel: Channel): Pick<MessageResult, "status" | "reason"> & Partial<MessageResult> {
  switch (result.outcome) {
    case "accepted":
      return { status: "sent", reason: null, providerMessageId: result.providerMessageId };
    case "unknown":
      return { status: "unknown", reason: "outcome_unknown", errorMessage: result.message };
    case "not_called":
      return { status: "failed", reason: result.because === "address" ? `opted_out_${channel}` : "provider_unavailable" };
    case "rejected":
      return { status: "failed", reason: result.reason, errorMessage: result.message };
  }
}
