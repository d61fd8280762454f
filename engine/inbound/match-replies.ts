import type { Channel } from "#contract/messages.ts";
import type { Tx } from "#db/client.ts";
import type { EngineContext } from "../engine-context.ts";
import { endExecutions } from "../execution/end-executions.ts";
import { ofIds } from "../execution/read-rows.ts";
import type { ReadyFlow } from "../flow/flow-graph.ts";
import type { Ring } from "../jobs/ring.ts";
import {
  lockWriters,
  type MatchedReply,
  type OpenExecution,
  readAnswered,
  readOpenExecutions,
  requestEndByReply,
  touchWriters,
  writeMatches,
} from "./reply-rows.ts";

/** A message of a known contact that is neither a word such as STOP nor an automatic answer. */
export interface ReplyToMatch {
  id: string;
  channel: Channel;
  contactId: string;
  /** The address of ours that they wrote to. */
  toAddress: string;
  /** The message of ours that it answers, probably or as it says. */
  answersId: string | null;
  /** It says so. */
  namesIt: boolean;
}

type Candidate = OpenExecution & { flow: ReadyFlow | undefined };

/**
 * Gives each reply to one execution, in the transaction that marks it as acted on, so exactly once:
 *
 *   the execution of the message that it says it answers, also where that one is over: an answer to another message steers nothing.
 *   Where it names no message of an execution, one that waits for a reply on this channel; of several the one that wrote from the address that was answered, then the one that wrote last. Where nobody waits, the execution of the message that is probably answered, which may come
 *   to wait for it later.
 *
 * A reply for which an execution waits steers that one. All others of the contact that stop on a reply end, if they have
 * written to the contact.
 */
export async function matchReplies(
  tx: Tx,
  replies: readonly ReplyToMatch[],
  { workspaceId, context, ring }: { workspaceId: string; context: EngineContext; ring: Ring },
): Promise<void> {
  if (replies.length === 0) return;
  const contactIds = [...new Set(replies.map(({ contactId }) => contactId))];
  await lockWriters(tx, workspaceId, contactIds);
  const open = await readOpenExecutions(tx, workspaceId, contactIds);
  const flows = await context.flows.load(tx, [...new Set(open.map(({ flow_version_id }) => flow_version_id))]);
  const byContact = Map.groupBy(
    open.map((one): Candidate => ({ ...one, flow: flows.get(one.flow_version_id) })),
    ({ contact_id }) => contact_id,
  );
  const answered = await readAnswered(
    tx,
    replies.flatMap(({ answersId }) => answersId ?? []),
  );
  const executionOf = new Map(answered.map((row) => [row.message_id, row]));
  const matches: MatchedReply[] = [];
  const ending = new Set<string>();
  for (const reply of replies) {
    const candidates = byContact.get(reply.contactId) ?? [];
    const last = reply.answersId === null ? undefined : executionOf.get(reply.answersId);
    const named = reply.namesIt ? candidates.find(({ id }) => id === last?.execution_id) : undefined;
    const isOfAnother = reply.namesIt && last !== undefined;
    const waiting = chooseWaiting(isOfAnother ? [named].filter((one) => one !== undefined) : candidates, reply);
    if (waiting) matches.push({ id: reply.id, executionId: waiting.id, afterVisit: waiting.last_visit ?? 0 });
    else if (last) matches.push({ id: reply.id, executionId: last.execution_id, afterVisit: last.last_visit });
    for (const one of candidates) if (one !== waiting && stopsBy(one, reply)) ending.add(one.id);
  }
  if (matches.length > 0) await writeMatches(tx, matches);
  await touchWriters(tx, workspaceId, contactIds);
  if (ending.size === 0) return;
  const ids = await requestEndByReply(tx, [...ending]);
  const how = { status: "cancelled", reason: "replied", scope: "idle" } as const;
  if (ids.length > 0) await endExecutions(tx, ofIds(ids), how, { ...context, ring }, { orCancel: ids });
}

function chooseWaiting(candidates: readonly Candidate[], reply: ReplyToMatch): Candidate | undefined {
  const waiting = candidates.filter((one) => awaits(one, reply.channel));
  return waiting.find(({ senders }) => senders.includes(reply.toAddress)) ?? waiting[0];
}

/** Whether it rests at a step that takes a reply on this channel. */
function awaits({ waiting_for, current_node_id, flow }: Candidate, channel: Channel): boolean {
  if (waiting_for !== "reply" || current_node_id === null || flow === undefined || flow.problem !== undefined) return false;
  const node = flow.nodes.get(current_node_id);
  const awaited = node?.definition.awaitsReply?.(node.config);
  return awaited === "any" || awaited === channel;
}

/** One that waits for the reply itself is steered by it. One that has written nothing yet was not answered. */
const stopsBy = (one: Candidate, { channel }: ReplyToMatch): boolean =>
  one.flow?.problem === undefined && one.flow?.stopsOnReply === true && one.last_visit !== null && !awaits(one, channel);
