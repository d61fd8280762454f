import type { RetryPreview } from "#contract/send-changes.ts";
import { turnsPerWorker } from "#db/queries/turn-limit.ts";
import { breakPoint } from "../base/break-point.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import { channelsByType } from "../execution/message-tally.ts";
import type { NodeRegistry } from "../flow/node-registry.ts";
import { turnJobs } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";
import { toReason } from "../messages/recipient-check.ts";
import type { RetryWhat } from "../send-api.ts";
import { uncount } from "./restart-rows.ts";
import { countByChannel, countByReason, restartExecutions } from "./retry-executions-rows.ts";

/** Counts what a retry would do. */
export async function previewRetry({ db, nodes }: EngineContext, what: RetryWhat): Promise<RetryPreview> {
  const retry = toRetry(nodes, what);
  const byReason = await countByReason(db, retry);
  const byChannel = await countByChannel(db, retry);
  return {
    executions: byChannel.reduce((sum, { executions }) => sum + executions, 0),
    byReason,
    messages: sum(
      byChannel.flatMap(({ channel, refusal, executions }) => (channel === null || refusal !== null ? [] : [{ key: channel, executions }])),
    ).map(({ key, executions }) => ({ channel: key, executions })),
    skipped: sum(
      byChannel.flatMap(({ channel, refusal, executions }) =>
        channel === null || refusal === null ? [] : [{ key: toReason(refusal, channel), executions }],
      ),
    ).map(({ key, executions }) => ({ reason: key, executions })),
    mayHaveArrived: byChannel.reduce((sum, { refusal, unknown }) => (refusal === null ? sum + unknown : sum), 0),
  };
}

/** Each page is a transaction: one for all of a large send would hold its executions for minutes, and end at the limit of a statement. */
const mostPerPage = 1_000;

/**
 * Begins failed executions again, a page at a time. Where the process dies in between, the pages before have begun, and the others
 * can be retried as before.
 *
 * @throws EngineRefusal nothing_to_retry
 */
export async function retry(context: EngineContext, what: RetryWhat): Promise<{ retried: number }> {
  const { clock, nodes, workSizes } = context;
  const limit = Math.min(mostPerPage, workSizes.enrollPage);
  // By their places, so that what fails again meanwhile is not tried a third time by the same press.
  let afterSeq = -1;
  let retried = 0;
  for (let begun = limit; begun === limit; retried += begun) {
    begun = await transactThenRing(context, async (tx, ring) => {
      const restarted = await restartExecutions(tx, toRetry(nodes, what), { limit, afterSeq }, clock);
      afterSeq = Math.max(afterSeq, ...restarted.map(({ last_seq }) => last_seq));
      for (const ofSend of restarted) await uncount(tx, ofSend);
      const count = restarted.reduce((sum, { failed, partial }) => sum + failed + partial, 0);
      if (count > 0)
        ring([...turnJobs(what.workspaceId, { quick: true }), ...turnJobs(what.workspaceId, { quick: false, turns: turnsPerWorker })]);
      return count;
    });
    if (begun > 0) await breakPoint("retried");
  }
  if (retried === 0)
    throw new EngineRefusal("nothing_to_retry", "Nothing here can be tried again: it did not fail, or its contact was deleted.");
  return { retried };
}

const toRetry = (nodes: NodeRegistry, what: RetryWhat) => ({ ...what, notTwice: notTwice(nodes), channelsByType: channelsByType(nodes) });

function sum<Key>(counts: readonly { key: Key; executions: number }[]): { key: Key; executions: number }[] {
  const groups = Map.groupBy(counts, ({ key }) => key);
  return [...groups].map(([key, of]) => ({ key, executions: of.reduce((total, { executions }) => total + executions, 0) }));
}

/** Types of nodes whose work must not be done twice. */
export const notTwice = ({ definitions }: NodeRegistry) =>
  Object.values(definitions).flatMap(({ type, notTwice }) => (notTwice ? type : []));
