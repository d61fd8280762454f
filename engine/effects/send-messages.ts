import type { OutgoingMessage, Provider } from "#channels/channel.ts";
import { countParts } from "#channels/count-parts.ts";
import { WorkLimitExceeded } from "#contract/work-budget.ts";
import type { Db } from "#db/client.ts";
import { readSmsCountries } from "#db/queries/sms-countries.ts";
import { breakPoint } from "../base/break-point.ts";
import { named } from "../base/hold-watch.ts";
import type { NonEmpty } from "../base/non-empty.ts";
import { isNonEmpty } from "../base/non-empty.ts";
import type { ChunkExecution, PendingMessage } from "../execution/chunk.ts";
import { renewLeases, suppressAddresses } from "../execution/message-rows.ts";
import { cancel, failStep } from "../execution/transitions.ts";
import { walk } from "../execution/walk.ts";
import type { Claim } from "../messages/claim-rows.ts";
import { claimMessages } from "../messages/claim-rows.ts";
import type { Composed, ComposeResult } from "../messages/compose-message.ts";
import { composeMessage } from "../messages/compose-message.ts";
import { readContactRoom } from "../messages/contact-cap-rows.ts";
import { lookUpAfter } from "../messages/doubt-lookup.ts";
import { applyResult, passSend, refuse, retryLater } from "../messages/message-outcome.ts";
import type { CallResult } from "../messages/provider-calls.ts";
import { withoutAddresses } from "../messages/provider-words.ts";
import { recallMessage } from "../messages/recall-message.ts";
import { checkRecipient } from "../messages/recipient-check.ts";
import type { AtEffect, Effect, PassContext } from "./effect.ts";
import { settleDoubts } from "./settle-doubts.ts";

/** A message that may leave. */
interface Ready extends AtEffect<PendingMessage> {
  contactVersion: string;
  to: string;
  message: Composed;
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
  batchKey: ({ send }, { draft }) => `${draft.channel} ${send.isTest} ${send.workspaceId}`,
  async runBatch(pass, queue) {
    if (!isNonEmpty(queue)) return { batch: [], isClosed: false };
    const [{ execution, pending }] = queue;
    const provider = await pass.providerOf(execution, pending.draft.channel);
    const batch = queue.splice(0, provider instanceof Error ? queue.length : batchSize(provider));
    return { batch, isClosed: await sendBatch(pass, provider, batch) };
  },

  async simulate({ db, time }, batch) {
    const smsCountries = await countriesOf(db, batch[0]);
    for (const one of batch) if (check(one, smsCountries)) passSend(one.execution, { rehearsed: true }, time());
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
  const prepared: Ready[] = [];
  const smsCountries = await countriesOf(pass.db, batch[0]);
  const settled = await settleDoubts(pass, provider, batch);
  for (const one of batch) {
    const item = settled.has(one.execution) ? undefined : prepare(one, { provider, smsCountries }, pass.time());
    if (item) prepared.push(item);
    else if (!one.execution.leftAlone) walk(one.execution, pass.time);
  }
  const capped = await keepUnderCap(pass, prepared);
  const [first] = capped;
  if (!first || provider instanceof Error) return false;
  const place = { workspaceId: first.execution.send.workspaceId, channel: first.pending.draft.channel };
  const { isTest } = first.execution.send;
  const { granted, waitMs } = isTest ? { granted: capped.length, waitMs: 0 } : await pass.limiter.acquire(place, capped.length);
  for (const { execution } of capped.slice(granted)) execution.leftAlone = "later";
  pass.waitMs = Math.max(pass.waitMs, waitMs);
  const ready = capped.slice(0, granted);
  if (!isNonEmpty(ready)) return true;

  const { tracer } = pass;
  const claimed = await tracer.span("claim messages", () => claim(pass, provider, ready));
  await breakPoint("messages-claimed");
  const messages = claimed.map(toOutgoing);
  const renew = (ids: string[]) => renewLeases(pass.db, ids, pass.clock);
  const results = await tracer.span("call provider", () => pass.calls.send(provider, messages, renew), callFacts(provider, messages));
  await breakPoint("batch-answered");

  const now = pass.time();
  const lookUpAfterMs = lookUpAfter(provider);
  claimed.forEach(({ item: { execution }, messageId, wasInDoubt }, index) => {
    const sent = { messageId, wasInDoubt, provider: provider.name, lookUpAfterMs, now };
    pass.unwritten.push(applyResult(execution, results[index] as CallResult, sent));
    if (!execution.leftAlone) walk(execution, pass.time);
  });
  if (!isTest) await pass.limiter.report(place, results);
  await closeAddresses(pass, claimed, results);
  return granted < capped.length || results.some(closesChannel);
}

/** The countries to which SMS may go. They are read for each batch, so that a change of the list holds for what has not left yet. */
async function countriesOf(db: Db, first: AtEffect<PendingMessage> | undefined): Promise<ReadonlySet<string>> {
  return first?.pending.draft.channel === "sms" ? readSmsCountries(db, first.execution.send.workspaceId) : none;
}
const none: ReadonlySet<string> = new Set();

/** What holds for every message of a batch. */
interface BatchFacts {
  provider: Provider | Error;
  smsCountries: ReadonlySet<string>;
}

/** Skips the messages of contacts who have got as many within a day as they may, and returns the others. */
async function keepUnderCap(pass: PassContext, prepared: readonly Ready[]): Promise<readonly Ready[]> {
  const [first] = prepared;
  if (!first || first.execution.send.isTest) return prepared;
  const idOf = ({ execution }: Ready) => execution.row.contactId as string;
  const { workspaceId } = first.execution.send;
  const { whole, left } = await readContactRoom(pass.db, { workspaceId, contactIds: prepared.map(idOf) }, pass.clock);
  const rooms = new Map(left);
  return prepared.filter((item) => {
    const room = rooms.get(idOf(item)) ?? whole;
    rooms.set(idOf(item), room - 1);
    if (room > 0) return true;
    refuse(item.execution, "cap_reached");
    walk(item.execution, pass.time);
    return false;
  });
}

const closesChannel = (result: CallResult) =>
  result.outcome === "not_called" || (result.outcome === "rejected" && result.pausesChannel === true);

/** A span for the batch, not for each of its calls: a send of 100,000 would bury its own trace. */
const callFacts = ({ name }: Provider, messages: readonly OutgoingMessage[]) => ({
  isCall: true,
  facts: { "sluice.provider": name, "sluice.channel": messages[0]?.channel ?? "none", "sluice.messages": messages.length },
});

/** Undefined when there is nothing to send: it was sent before, it must not be sent, or there is no way to send it. */
function prepare(one: AtEffect<PendingMessage>, { provider, smsCountries }: BatchFacts, now: number): Ready | undefined {
  const { execution } = one;
  if (recallMessage(execution, now, lookUpAfter(provider))) return undefined;
  if (execution.memory.cancel !== null) {
    cancel(execution, execution.memory.cancel);
    return undefined;
  }
  return check(one, smsCountries, () => {
    if (provider instanceof Error) retryLater(execution, provider, now);
    return !(provider instanceof Error);
  });
}

/**
 * Checks the recipient and fills in the text. Where the message must not leave, the step is skipped and undefined returned.
 * A missing provider is told after the recipient, who may not want a message at all, and before the text.
 */
function check(
  { execution, pending }: AtEffect<PendingMessage>,
  smsCountries: ReadonlySet<string>,
  hasProvider: () => boolean = () => true,
): Ready | undefined {
  const { contact } = execution.memory;
  if (!contact) throw new Error("An execution without a contact stands at a message");
  const recipient = checkRecipient(contact, pending.draft.channel, smsCountries);
  if (recipient.refusal !== undefined) {
    const { phoneCountry } = contact;
    refuse(
      execution,
      recipient.refusal,
      recipient.refusal === "country_not_allowed" && phoneCountry ? { country: phoneCountry } : undefined,
    );
    return undefined;
  }
  if (!hasProvider()) return undefined;
  const composed = compose(execution, pending);
  if (!composed) return undefined;
  if (composed.refusal !== undefined) {
    refuse(execution, composed.refusal, composed.fields && { fields: composed.fields });
    return undefined;
  }
  return { execution, pending, contactVersion: contact.version, to: recipient.to, message: composed.message };
}

/** The text for this contact; undefined where it has more to fill in than an execution may have, so that its step failed. */
function compose(execution: ChunkExecution, pending: PendingMessage): ComposeResult | undefined {
  try {
    return named(execution.id, () => composeMessage(pending.draft, execution));
  } catch (error) {
    if (!(error instanceof WorkLimitExceeded)) throw error;
    const { node, visit, startedAt } = pending;
    failStep(execution, node, { visit, startedAt }, error.reason, error.message);
    return undefined;
  }
}

/**
 * Writes the messages as `sending`, and returns those that are ours to send. An execution whose address another contact of
 * the send has taken skips its message and walks on.
 */
async function claim(pass: PassContext, provider: Provider, ready: NonEmpty<Ready>): Promise<Claimed[]> {
  const [first] = ready;
  const batch = {
    workspaceId: first.execution.send.workspaceId,
    channel: first.pending.draft.channel,
    provider: provider.name,
    sender: provider.from,
    isTest: first.execution.send.isTest,
    sendIds: [...new Set(ready.map(({ execution }) => execution.send.id))],
    claims: ready.map(toClaim),
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

function toClaim({ execution, pending, contactVersion, to, message }: Ready): Claim {
  return {
    executionId: execution.id,
    from: execution.row.from,
    flowVersionId: execution.row.flowVersionId,
    contactVersion,
    visit: pending.visit,
    attempt: pending.attempt,
    nodeId: pending.node.id,
    to,
    ...message,
    segments: countParts[pending.draft.channel](message.text),
  };
}

function toOutgoing({ item: { execution, pending, to, message }, messageId }: Claimed): OutgoingMessage {
  return {
    id: messageId,
    workspaceId: execution.send.workspaceId,
    channel: pending.draft.channel,
    to,
    subject: message.subject ?? undefined,
    text: message.text,
    html: message.html ?? undefined,
  };
}

/** An address that the provider says does not exist is closed for the workspace. */
async function closeAddresses(pass: PassContext, claimed: readonly Claimed[], results: readonly CallResult[]): Promise<void> {
  const dead = claimed.flatMap(({ item }, index) => {
    const result = results[index];
    const isDead = result?.outcome === "rejected" && result.invalidatesAddress === true;
    return isDead ? { address: item.to, detail: withoutAddresses(result.message) } : [];
  });
  const [first] = claimed;
  if (dead.length === 0 || !first) return;
  const { execution, pending } = first.item;
  await suppressAddresses(pass.db, { workspaceId: execution.send.workspaceId, channel: pending.draft.channel, dead });
}
