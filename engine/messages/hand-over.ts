import type { OutgoingMessage, Provider } from "#channels/channel.ts";
import type { MessageKind } from "#contract/message-kinds.ts";
import { finishTestMessage } from "#db/queries/test-messages.ts";
import type { EngineContext } from "../engine-context.ts";
import { suppressAddresses } from "../execution/message-rows.ts";
import { findClosed } from "./closed-address-rows.ts";
import type { HandMessageRow } from "./hand-message-rows.ts";
import type { CallResult } from "./provider-calls.ts";
import { withoutAddresses } from "./provider-words.ts";
import { spendSenderSlot } from "./sender-pace-rows.ts";

/** A message outside of flows that passed its gate and whose row is there as `sending`. */
type MessageInHand = Pick<HandMessageRow, "id" | "workspaceId" | "channel" | "from" | "subject" | "body"> & {
  to: string;
  kind: MessageKind;
  /** What the suppression list is asked as, if not as its kind. */
  asks?: "help";
};

/**
 * Hands one message over that belongs to no flow, and writes down what became of it.
 *
 * @param renew is called every few seconds until the provider has answered
 */
export async function handOver(
  context: EngineContext,
  provider: Provider,
  message: MessageInHand,
  renew: () => Promise<void> = async () => {},
): Promise<void> {
  const { db, clock, calls, limiter } = context;
  const { id, workspaceId, channel, to, from, subject, body: text, kind, asks } = message;
  const outgoing: OutgoingMessage = {
    ...{ id, workspaceId, channel, to, kind, text },
    ...(from && provider.senders ? { from } : {}),
    ...(subject ? { subject } : {}),
  };
  // A person waits for it, so it does not; what flows send leaves room for it.
  if (from) await spendSenderSlot(db, { workspaceId, channel, provider, sender: from, text }, clock);
  const rows = { renew, findClosed: (all: readonly OutgoingMessage[]) => findClosed(db, all, asks ?? kind) };
  const [result] = await calls.send(provider, [outgoing], rows);
  if (!result) throw new Error("A provider was asked and there is no result");
  await finish(context, message, result);
  await limiter.report({ workspaceId, channel }, [result]);
}

async function finish({ db }: EngineContext, { id, workspaceId, channel, to }: MessageInHand, result: CallResult): Promise<void> {
  const place = { workspaceId, id };
  switch (result.outcome) {
    case "accepted":
      return finishTestMessage(db, { ...place, status: "sent", providerMessageId: result.providerMessageId });
    case "unknown":
      return finishTestMessage(db, { ...place, status: "unknown", reason: "outcome_unknown", errorMessage: result.message });
    case "not_called":
      return finishTestMessage(db, {
        ...place,
        status: "failed",
        reason: result.because === "address" ? `opted_out_${channel}` : "provider_unavailable",
      });
    case "rejected":
      if (result.invalidatesAddress)
        await suppressAddresses(db, { workspaceId, channel, dead: [{ address: to, detail: withoutAddresses(result.message) }] });
      return finishTestMessage(db, { ...place, status: "failed", reason: result.reason, errorMessage: result.message });
  }
}
