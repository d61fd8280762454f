import type { Provider } from "#channels/channel.ts";
import { countParts } from "#channels/count-parts.ts";
import type { HandMessage } from "#contract/conversations.ts";
import { isClosedFor } from "#contract/message-kinds.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "#db/client.ts";
import { findLastSender } from "#db/queries/conversations.ts";
import { insertHandMessage } from "#db/queries/hand-messages.ts";
import { finishTestMessage } from "#db/queries/test-messages.ts";
import type { Engine } from "#engine/engine-api.ts";

/** Milliseconds. A person waits for the answer. */
const timeLimit = 20_000;

interface Given {
  ownerDb: Db;
  engine: Pick<Engine, "judgeAddress">;
  provider: Provider;
  workspaceId: string;
  contactId: string;
  /** The contact's address on the channel; null where there is none that can be written to. */
  to: string | null;
  message: HandMessage;
}

/**
 * Sends what a person wrote to one contact, once: the row is there before the provider is called, and the same id again finds
 * it. What may not leave is a row too, with the reason. It throws for nothing that the other side did.
 */
export async function sendByHand(given: Given): Promise<void> {
  const { ownerDb, engine, provider, workspaceId, contactId, to, message } = given;
  const { id, channel, text, subject } = message;
  const refusal = to === null ? noAddress[channel] : await whyNot(engine, { workspaceId, channel, to });
  const wroteTo = provider.senders && (await findLastSender(ownerDb, { workspaceId, contactId, channel }));
  const from = provider.from ?? provider.senders?.find((sender) => sender === wroteTo) ?? provider.senders?.[0] ?? null;
  const row = { id, workspaceId, contactId, channel, to, from, subject: channel === "email" ? (subject ?? null) : null, body: text };
  const isNew = await insertHandMessage(ownerDb, { ...row, provider: provider.name, segments: countParts[channel](text), refusal });
  if (!isNew || refusal !== null || to === null) return;
  const result = await provider.send(
    {
      id,
      workspaceId,
      channel,
      to,
      kind: "conversational",
      text,
      ...(from && provider.senders ? { from } : {}),
      ...(row.subject ? { subject: row.subject } : {}),
    },
    { signal: AbortSignal.timeout(timeLimit) },
  );
  const place = { workspaceId, id };
  if (result.outcome === "accepted")
    await finishTestMessage(ownerDb, { ...place, status: "sent", providerMessageId: result.providerMessageId });
  else if (result.outcome === "unknown")
    await finishTestMessage(ownerDb, { ...place, status: "unknown", reason: "outcome_unknown", errorMessage: result.message });
  else await finishTestMessage(ownerDb, { ...place, status: "failed", reason: result.reason, errorMessage: result.message });
}

const noAddress = { sms: "no_phone", email: "no_email" } as const satisfies Record<string, Reason>;

/** What a person answers may leave where only marketing is closed. */
export async function whyNot(engine: Pick<Engine, "judgeAddress">, at: Parameters<Engine["judgeAddress"]>[0]): Promise<Reason | null> {
  const refusal = await engine.judgeAddress(at);
  return refusal !== null && isClosedFor("conversational", refusal) ? refusal : null;
}
