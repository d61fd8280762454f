import type { OutgoingMessage, Provider } from "#channels/channel.ts";
import { countParts } from "#channels/count-parts.ts";
import { breakPoint } from "../base/break-point.ts";
import type { NonEmpty } from "../base/non-empty.ts";
import { isNonEmpty } from "../base/non-empty.ts";
import type { PendingMessage } from "../execution/chunk.ts";
import { renewLeases, suppressAddresses, suppressRefused } from "../execution/message-rows.ts";
import { walk } from "../execution/walk.ts";
import type { Output } from "../flow/node-executor.ts";
import type { Claim } from "../messages/claim-rows.ts";
import { claimMessages } from "../messages/claim-rows.ts";
import { findClosed } from "../messages/closed-address-rows.ts";
import type { Composed } from "../messages/compose-message.ts";
import { lookUpAfter } from "../messages/doubt-lookup.ts";
import { askGate, type GateAnswer } from "../messages/gate.ts";
import { applyResult, refuse } from "../messages/message-outcome.ts";
import { obeyGate } from "../messages/obey-gate.ts";
import type { CallResult } from "../messages/provider-calls.ts";
import { withoutAddresses, wordsOfRefusal } from "../messages/provider-words.ts";
import { recallMessage } from "../messages/recall-message.ts";
import type { ShortLink } from "../messages/track-links.ts";
import type { AtEffect, Effect, PassContext } from "./effect.ts";
import { settleDoubts } from "./settle-doubts.ts";

/** A message that may leave. */
interface Ready extends AtEffect<PendingMessage> {
  contactVersion: string;
  to: string;
  from?: string;
  leavesIn?: number;
  message: Composed;
  unsubscribeUrl?: string | undefined;
  shortLinks?: readonly ShortLink[];
  validUntil?: number;
  facts?: Output;
}

interface Claimed {
  item: Ready;
  messageId: string;
  wasInDoubt: boolean;
}

/**
 * Sends messages. Those of a batch are committed as `sending` before the first of its calls, so after a crash no more
 * than one batch of a chunk is in doubt. A test send runs through the same lines with a provider that only keeps what it is
 * given (see providerOf), because people look at its messages.
 */
export const messages: Effect<PendingMessage> = {
  batchKey: ({ send }, { draft }) => `${draft.channel} ${draft.kind} ${send.isTest} ${send.workspaceId}`,
  async runBatch(pass, queue) {
    if (!isNonEmpty(queue)) return { batch: [], isClosed: false };
    const [{ execution, pending }] = queue;
    const provider = await pass.providerOf(execution, pending.draft.channel);
    const batch = queue.splice(0, provider instanceof Error ? queue.length : batchSize(provider));
    return { batch, isClosed: await sendBatch(pass, provider, batch) };
  },
};

/**
 * The size of a batch is a few times what the provider takes at once: enough to be worth a commit, few enough to be in
 * doubt together. Each statement costs about 2 ms before its first row, so small batches are dear where the provider takes
 * many messages at once.
 */
const batchSize = ({ concurrency }: Provider) => Math.min(Math.max(4 * concurrency, 25), 250);

/** Returns whether the channel takes no more for now. */
async function sendBatch(pass: PassContext, provider: Provider | Error, batch: readonly AtEffect<PendingMessage>[]): Promise<boolean> {
  const settled = await settleDoubts(pass, provider, batch);
  const open = batch.filter(({ execution }) => !settled.has(execution) && !recallMessage(execution, pass.time(), lookUpAfter(provider)));
  const { tracer } = pass;
  const asked = { facts: { "sluice.messages": open.length } };
  const { answers, waitMs } = await tracer.span("ask gate", () => askGate(pass, provider, open.map(toCandidate)), asked);
  pass.waitMs = Math.max(pass.waitMs, waitMs);
  const ready: Ready[] = [];
  open.forEach((one, index) => {
    const answer = answers[index] as GateAnswer;
    if (answer.verdict === "leaves") ready.push({ ...one, ...answer });
    else obeyGate(one.execution, one.pending, answer, pass.time());
  });
  const stays = new Set(ready.map(({ execution }) => execution));
  for (const { execution } of batch) if (!execution.leftAlone && !stays.has(execution)) walk(execution, pass.time);
  const isPaced = answers.some((answer) => answer.verdict === "later" && answer.code === "pace");
  const [first] = ready;
  if (!first || !isNonEmpty(ready) || provider instanceof Error) return isPaced;
  const place = { workspaceId: first.execution.send.workspaceId, channel: first.pending.draft.channel };
  const { isTest } = first.execution.send;

  const claimed = await tracer.span("claim messages", () => claim(pass, provider, ready));
  await breakPoint("messages-claimed");
  const messages = claimed.map(toOutgoing);
  const rows = {
    renew: (ids: string[]) => renewLeases(pass.db, ids, pass.clock),
    findClosed: (waiting: readonly OutgoingMessage[]) => findClosed(pass.db, waiting),
  };
  const leaveIn = claimed.map(({ item }) => item.leavesIn ?? 0);
  const results = await tracer.span(
    "call provider",
    () => pass.calls.send(provider, messages, rows, leaveIn),
    callFacts(provider, messages),
  );
  await breakPoint("batch-answered");

  const now = pass.time();
  const lookUpAfterMs = lookUpAfter(provider);
  claimed.forEach(({ item: { execution, facts }, messageId, wasInDoubt }, index) => {
    const sent = { messageId, wasInDoubt, provider: provider.name, lookUpAfterMs, now, facts };
    pass.unwritten.push(applyResult(execution, results[index] as CallResult, sent));
    if (!execution.leftAlone) walk(execution, pass.time);
  });
  if (!isTest) await pass.limiter.report(place, results);
  await closeAddresses(pass, provider, claimed, results);
  return isPaced || results.some(closesChannel);
}

const closesChannel = (result: CallResult) =>
  (result.outcome === "not_called" && result.because === undefined) || (result.outcome === "rejected" && result.pausesChannel === true);

/** A span for the batch, not for each of its calls: a send of 100,000 would bury its own trace. */
const callFacts = ({ name }: Provider, messages: readonly OutgoingMessage[]) => ({
  isCall: true,
  facts: { "sluice.provider": name, "sluice.channel": messages[0]?.channel ?? "none", "sluice.messages": messages.length },
});

const toCandidate = ({ execution, pending }: AtEffect<PendingMessage>) => ({
  execution,
  draft: pending.draft,
  reachedAt: pending.reachedAt,
});

/**
 * Writes the messages as `sending`, and returns those that are ours to send. An execution whose address another contact of
 * the send has taken skips its message and walks on.
 */
async function claim(pass: PassContext, provider: Provider, ready: NonEmpty<Ready>): Promise<Claimed[]> {
  const [first] = ready;
  const batch = {
    workspaceId: first.execution.send.workspaceId,
    channel: first.pending.draft.channel,
    kind: first.pending.draft.kind,
    provider: provider.name,
    isTest: first.execution.send.isTest,
    sendIds: [...new Set(ready.map(({ execution }) => execution.send.id))],
    claims: ready.map((one) => toClaim(one, provider.from)),
    steps: ready.flatMap(({ execution }) => execution.writes.newSteps.map((step) => ({ executionId: execution.id, step }))),
    // Executions that have left the step at which they waited. One that tries a message again still stands at it.
    woken: ready.flatMap(({ execution }) => (execution.writes.closedStep && execution.cursor.resumed === null ? execution : [])),
    now: pass.time(),
    results: pass.unwritten,
  };
  const claims = await claimMessages(pass.db, batch, pass.clock);
  for (const { execution } of ready.filter((item) => claims.duplicates.has(item.execution.id))) {
    refuse(execution, "duplicate_address");
    walk(execution, pass.time);
  }
  pass.unwritten.length = 0;
  const claimed: Claimed[] = [];
  for (const item of ready) {
    const { id, writes, cursor } = item.execution;
    if (claims.duplicates.has(id)) continue;
    const message = claims.claimed.get(id);
    if (!message) {
      item.execution.leftAlone = "taken";
      continue;
    }
    writes.newSteps = [];
    if (cursor.resumed === null) writes.closedStep = undefined;
    claimed.push({ item, messageId: message.id, wasInDoubt: message.wasInDoubt });
  }
  return claimed;
}

function toClaim({ execution, pending, contactVersion, to, from, message, shortLinks = [] }: Ready, onlySender: string | null): Claim {
  return {
    executionId: execution.id,
    from: execution.row.from,
    flowVersionId: execution.row.flowVersionId,
    contactVersion,
    visit: pending.visit,
    attempt: pending.attempt,
    nodeId: pending.node.id,
    to,
    sender: from ?? onlySender,
    ...message,
    segments: countParts[pending.draft.channel](message.text),
    shortLinks,
  };
}

function toOutgoing({ item: { execution, pending, to, from, message, unsubscribeUrl, validUntil }, messageId }: Claimed): OutgoingMessage {
  return {
    id: messageId,
    workspaceId: execution.send.workspaceId,
    channel: pending.draft.channel,
    kind: pending.draft.kind,
    to,
    ...(from !== undefined && { from }),
    subject: message.subject ?? undefined,
    text: message.text,
    html: message.html ?? undefined,
    ...(unsubscribeUrl !== undefined && { unsubscribeUrl, campaign: execution.send.flowId }),
    ...(validUntil !== undefined && { validUntil }),
  };
}

/** An address is closed for the workspace that does not exist, or whose owner has refused messages, says the provider. */
async function closeAddresses(
  pass: PassContext,
  provider: Provider,
  claimed: readonly Claimed[],
  results: readonly CallResult[],
): Promise<void> {
  const rejected = claimed.flatMap(({ item }, index) => {
    const result = results[index];
    return result?.outcome === "rejected" ? { item, result } : [];
  });
  const dead = rejected.flatMap(({ item, result }) =>
    result.invalidatesAddress ? { address: item.to, detail: withoutAddresses(result.message) } : [],
  );
  const refused = rejected.flatMap(({ item, result }) =>
    result.optedOut ? { address: item.to, detail: wordsOfRefusal(result.message, item.from ?? provider.from) } : [],
  );
  const [first] = claimed;
  if (!first) return;
  const place = { workspaceId: first.item.execution.send.workspaceId, channel: first.item.pending.draft.channel };
  if (dead.length > 0) await suppressAddresses(pass.db, { ...place, dead });
  if (refused.length > 0) await suppressRefused(pass.db, { ...place, refused });
}
