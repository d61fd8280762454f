import type { OutgoingMessage, Provider } from "#channels/channel.ts";
import { countParts } from "#channels/count-parts.ts";
import { breakPoint } from "../base/break-point.ts";
import type { ChunkExecution, PendingMessage } from "../execution/chunk.ts";
import { renewLeases, suppressAddresses } from "../execution/message-rows.ts";
import { cancel } from "../execution/transitions.ts";
import { walk } from "../execution/walk.ts";
import type { Claim, ClaimedMessage } from "../messages/claim-rows.ts";
import { claimMessages } from "../messages/claim-rows.ts";
import type { Composed } from "../messages/compose-message.ts";
import { composeMessage } from "../messages/compose-message.ts";
import { applyResult, refuse, retryLater } from "../messages/message-outcome.ts";
import type { CallResult } from "../messages/provider-calls.ts";
import { recallMessage } from "../messages/recall-message.ts";
import { checkRecipient } from "../messages/recipient-check.ts";
import type { Effect, PassContext } from "./effect.ts";

interface Ready {
  execution: ChunkExecution;
  pending: PendingMessage;
  contactVersion: string;
  to: string;
  message: Composed;
}

/**
 * Sends. The messages of a batch are committed as `sending` before the first of its calls, so after a crash no more than
 * one batch of a chunk is in doubt.
 */
export const messages: Effect<PendingMessage> = {
  batchKey: ({ send }, { draft }) => `${draft.channel} ${send.isTest} ${send.workspaceId}`,
  async runBatch(pass, queue) {
    const first = queue[0] as ChunkExecution;
    const provider = await pass.providerOf(first, messageOf(first).draft.channel);
    const batch = queue.splice(0, provider instanceof Error ? queue.length : batchSize(provider));
    return { batch, isClosed: await sendBatch(pass, provider, batch) };
  },
};

function messageOf({ writes: { pending } }: ChunkExecution): PendingMessage {
  if (pending?.kind !== "message") throw new Error("An execution without a message was put into a batch of messages");
  return pending;
}

/**
 * A few times what the provider takes at once: enough to be worth a commit, few enough to be in doubt together. Each
 * statement costs about 2 ms before its first row, so small ones are dear where the provider takes many at once.
 */
const batchSize = ({ concurrency }: Provider) => Math.min(Math.max(4 * concurrency, 25), 250);

/** Returns whether the channel takes no more for now. */
async function sendBatch(pass: PassContext, provider: Provider | Error, batch: readonly ChunkExecution[]): Promise<boolean> {
  const prepared: Ready[] = [];
  for (const execution of batch) {
    const item = prepare(execution, provider, pass.time());
    if (item) prepared.push(item);
    else if (!execution.leftAlone) walk(execution, pass.time);
  }
  const [first] = prepared;
  if (!first || provider instanceof Error) return false;
  const place = { workspaceId: first.execution.send.workspaceId, channel: first.pending.draft.channel };
  const isTest = first.execution.send.isTest;
  const { granted, waitMs } = isTest ? { granted: prepared.length, waitMs: 0 } : await pass.limiter.acquire(place, prepared.length);
  for (const { execution } of prepared.slice(granted)) execution.leftAlone = "later";
  pass.waitMs = Math.max(pass.waitMs, waitMs);
  const ready = prepared.slice(0, granted);
  if (ready.length === 0) return true;

  const { tracer } = pass;
  const claims = await tracer.span("claim messages", () => claim(pass, provider, ready));
  await breakPoint("messages-claimed");
  const claimed = ready.filter(({ execution }) => claims.has(execution.id));
  const messages = claimed.map((item) => toOutgoing(item, (claims.get(item.execution.id) as ClaimedMessage).id));
  const renew = (ids: string[]) => renewLeases(pass.db, ids, pass.clock);
  const results = await tracer.span("call provider", () => pass.calls.send(provider, messages, renew), callFacts(provider, messages));
  await breakPoint("batch-answered");

  const now = pass.time();
  claimed.forEach(({ execution }, index) => {
    const { id: messageId, wasInDoubt } = claims.get(execution.id) as ClaimedMessage;
    const sent = { messageId, wasInDoubt, provider: provider.name, now };
    pass.unwritten.push(applyResult(execution, results[index] as CallResult, sent));
    if (!execution.leftAlone) walk(execution, pass.time);
  });
  if (!isTest) await pass.limiter.report(place, results);
  await closeAddresses(pass, claimed, results);
  return granted < prepared.length || results.some(({ outcome }) => outcome === "not_called");
}

/** A span for the batch, not for each of its calls: a send of 100,000 would bury its own trace. */
const callFacts = ({ name }: Provider, messages: readonly OutgoingMessage[]) => ({
  isCall: true,
  facts: { "sluice.provider": name, "sluice.channel": messages[0]?.channel ?? "none", "sluice.messages": messages.length },
});

/** Undefined when there is nothing to send: it was sent before, it must not be sent, or there is no way to send it. */
function prepare(execution: ChunkExecution, provider: Provider | Error, now: number): Ready | undefined {
  const {
    memory: { contact },
  } = execution;
  const pending = messageOf(execution);
  if (!contact) throw new Error("An execution without a contact was put into a batch");
  if (recallMessage(execution, now)) return undefined;
  if (execution.memory.cancel !== null) {
    cancel(execution, execution.memory.cancel);
    return undefined;
  }
  const gate = checkRecipient(contact, pending.draft.channel);
  if (gate.refusal !== undefined) {
    refuse(execution, gate.refusal);
    return undefined;
  }
  if (provider instanceof Error) {
    retryLater(execution, provider, now);
    return undefined;
  }
  const composed = composeMessage(pending.draft, execution);
  if (composed.refusal !== undefined) {
    refuse(execution, composed.refusal, composed.fields && { fields: composed.fields });
    return undefined;
  }
  return { execution, pending, contactVersion: contact.version, to: gate.to, message: composed.message };
}

async function claim(pass: PassContext, provider: Provider, ready: readonly Ready[]): Promise<Map<string, ClaimedMessage>> {
  const [first] = ready as [Ready];
  const batch = {
    workspaceId: first.execution.send.workspaceId,
    channel: first.pending.draft.channel,
    provider: provider.name,
    sender: provider.from,
    isTest: first.execution.send.isTest,
    sendIds: [...new Set(ready.map(({ execution }) => execution.send.id))],
    claims: ready.map(toClaim),
    steps: ready.flatMap(({ execution }) => execution.writes.newSteps.map((step) => ({ executionId: execution.id, step }))),
    // Who left the step at which it waited; one that tries a message again stands at it still.
    woken: ready.flatMap(({ execution }) => (execution.writes.closedStep && execution.cursor.resumed === null ? execution : [])),
    now: pass.time(),
    results: pass.unwritten,
  };
  const claims = await claimMessages(pass.db, batch, pass.clock);
  pass.unwritten.length = 0;
  for (const { execution } of ready) {
    if (claims.has(execution.id)) {
      execution.writes.newSteps = [];
      if (execution.cursor.resumed === null) execution.writes.closedStep = undefined;
    } else execution.leftAlone = "taken";
  }
  return claims;
}

function toClaim({ execution, pending, contactVersion, to, message }: Ready): Claim {
  return {
    executionId: execution.id,
    from: execution.row.from,
    contactVersion,
    visit: pending.visit,
    attempt: pending.attempt,
    nodeId: pending.node.id,
    to,
    ...message,
    segments: countParts[pending.draft.channel](message.text),
  };
}

function toOutgoing({ execution, pending, to, message }: Ready, id: string): OutgoingMessage {
  return {
    id,
    workspaceId: execution.send.workspaceId,
    channel: pending.draft.channel,
    to,
    subject: message.subject ?? undefined,
    text: message.text,
    html: message.html ?? undefined,
  };
}

/** An address the provider says does not exist is closed for the workspace. */
async function closeAddresses(pass: PassContext, claimed: readonly Ready[], results: readonly CallResult[]): Promise<void> {
  const closed = claimed.filter((_, index) => {
    const result = results[index];
    return result?.outcome === "rejected" && result.invalidatesAddress === true;
  });
  const [first] = closed;
  if (!first) return;
  const { workspaceId } = first.execution.send;
  await suppressAddresses(pass.db, { workspaceId, channel: first.pending.draft.channel, addresses: closed.map(({ to }) => to) });
}
