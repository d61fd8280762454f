import type { Tx } from "#db/client.ts";
import { isNonEmpty } from "../base/non-empty.ts";
import { EngineRefusal } from "../base/refusal.ts";
import { findHeldVersion } from "../enrollment/approved-flow-rows.ts";
import type { ChildFlow, Starter } from "../enrollment/child-execution-rows.ts";
import { insertChildren, judgeStarters, lockContactsAgainstDelete } from "../enrollment/child-execution-rows.ts";
import { addLanes } from "../enrollment/send-lane-rows.ts";
import type { PendingStart } from "../execution/chunk.ts";
import { countProgress } from "../execution/counter-rows.ts";
import { toProgress } from "../execution/message-tally.ts";
import { moveExecutions, setWakeUps } from "../execution/save-rows.ts";
import { failBy, leave, rest } from "../execution/transitions.ts";
import { setWatches } from "../execution/watch-rows.ts";
import { freezeToStart } from "../flow/freeze-version.ts";
import type { Output } from "../flow/node-executor.ts";
import { openFlow } from "../flow/open-flow.ts";
import { ruleOf } from "../flow/rule-of.ts";
import { isSmall, turnJobs } from "../jobs/jobs.ts";
import type { Ring } from "../jobs/ring.ts";
import { commitEffect, endCancelled, walkOn } from "./commit-effect.ts";
import type { AtEffect, Batch, Effect, PassContext } from "./effect.ts";
import { mostStartsPerContactDay, readStartBudget } from "./start-budget-rows.ts";

type Start = AtEffect<PendingStart>;
type StartRefusal = "flow_depth" | "start_limit" | "flow_not_found" | "flow_archived" | "flow_invalid" | "start_not_approved";

/** A chain of flows that start each other ends at this depth below the first. */
const deepest = 5;

/**
 * Starts other flows. One transaction locks the starters, lets in the contacts that the other flow's rule lets in, and
 * commits their executions together with the steps that started them: each exactly once, however often a process dies. An
 * execution that waits for the end is put to rest in the same transaction, or the end could come before the wait. A test
 * send starts the other flow as a test too, so it is committed like any other.
 */
export const starts: Effect<PendingStart> = {
  batchKey: ({ send }, { start }) => `${send.id} ${start.flowId} ${start.waitSeconds === undefined}`,
  async runBatch(pass, queue) {
    const batch = queue.splice(0);
    const wanted = endCancelled(batch);
    if (isNonEmpty(wanted)) await commit(pass, wanted);
    walkOn(batch, pass.time);
    return { batch, isClosed: false };
  },
};

async function commit(pass: PassContext, batch: Batch<PendingStart>): Promise<void> {
  await commitEffect(pass, batch, {
    lockContacts: lockContactsAgainstDelete,
    async act(transaction, live, now) {
      await start(pass, transaction, live, now);
      const ledOn = live.map(({ execution }) => execution);
      const resting = ledOn.filter(({ writes }) => writes.wait);
      const finish = async () => {
        if (resting.length === 0) return;
        await moveExecutions(transaction.tx, resting, now);
        await setWakeUps(transaction.tx, resting);
        await setWatches(transaction.tx, resting, pass.clock);
        // The pass writes nothing of them any more, so what they sent on the way here is counted now.
        await countProgress(transaction.tx, resting.flatMap(toProgress), pass.clock);
      };
      return { ledOn, finish };
    },
    breakPoints: { inside: "starting", committed: "starts-committed" },
  });
  for (const { execution } of batch) if (!execution.leftAlone && execution.writes.wait) execution.leftAlone = "nothing_to_write";
}

async function start(pass: PassContext, { tx, ring }: { tx: Tx; ring: Ring }, starting: readonly Start[], now: number): Promise<void> {
  const allowed = await refuseOverBudget(pass, tx, refuseTooDeep(starting));
  if (!isNonEmpty(allowed)) return;
  const flow = await readChildFlow(pass, tx, allowed[0]);
  if ("refusedFor" in flow) {
    for (const one of allowed) refuse(one, flow.refusedFor, flow.message);
    return;
  }
  const refusals = await judgeStarters(tx, flow, allowed.map(toStarter), pass.clock);
  const entering: Start[] = [];
  for (const one of allowed) {
    const reason = refusals.get(one.execution.id);
    if (reason === undefined) {
      entering.push(one);
      continue;
    }
    const { node, visit, startedAt, start } = one.pending;
    leave(one.execution, node, { visit, startedAt }, { status: "skipped", exit: start.exits.notAllowed, reason, completedAt: now });
  }
  if (entering.length === 0) return;
  const { sendId, children } = await insertChildren(tx, flow, entering.map(toStarter), pass.clock);
  await addLanes(tx, sendId, { first: 0, count: 1 }, pass.clock);
  ring(turnJobs(flow.workspaceId, { quick: isSmall({ expected: entering.length }) }));
  for (const one of entering) {
    goOn(one, { flow_id: one.pending.start.flowId, execution_id: children.get(one.execution.id), send_id: sendId }, now);
  }
}

/** Fails the starters that stand too deep, and returns the others. */
function refuseTooDeep(starting: readonly Start[]): Start[] {
  return starting.filter((one) => {
    const isAllowed = one.execution.row.depth < deepest;
    if (!isAllowed) refuse(one, "flow_depth", `More than ${deepest} flows started each other, one out of the other.`);
    return isAllowed;
  });
}

/** Fails the starters for which flows have started too many others already, and returns the rest. */
async function refuseOverBudget(pass: PassContext, tx: Tx, starting: Start[]): Promise<Start[]> {
  const [first] = starting;
  if (!first) return [];
  const idOf = ({ execution }: Start) => execution.row.contactId as string;
  const { id: sendId, workspaceId } = first.execution.send;
  const budget = await readStartBudget(tx, { workspaceId, sendId, contactIds: starting.map(idOf) }, pass.clock);
  const started = new Map(budget.startedFor);
  let belowRoot = budget.belowRoot;
  return starting.filter((one) => {
    const before = started.get(idOf(one)) ?? 0;
    if (before >= mostStartsPerContactDay) {
      refuse(one, "start_limit", `Flows have started ${mostStartsPerContactDay} others for this contact within a day, which is the limit.`);
      return false;
    }
    if (belowRoot <= 0) {
      refuse(one, "start_limit", "The flows of this send have together started as many others as a send may.");
      return false;
    }
    started.set(idOf(one), before + 1);
    belowRoot -= 1;
    return true;
  });
}

/** The other flow has begun: the starter goes on at once, or rests until that flow ends. */
function goOn({ execution, pending }: Start, result: Output, now: number): void {
  const { node, visit, startedAt, start, attempt } = pending;
  if (start.waitSeconds === undefined) {
    leave(execution, node, { visit, startedAt }, { status: "completed", exit: start.exits.started, result, completedAt: now });
  } else rest(execution, node, { visit, startedAt, attempt }, { until: new Date(now + start.waitSeconds * 1000), for: "child", result });
}

/** The flow as it is now, frozen as for any send, or in the version that is held for this send; or why it cannot be started. */
async function readChildFlow({ nodes, flows }: PassContext, tx: Tx, { execution, pending }: Start): Promise<ChildFlow | Refused> {
  const { workspaceId, id: parentSendId, isTest } = execution.send;
  const { start } = pending;
  const flow = await openFlow(tx, { workspaceId, flowId: start.flowId });
  if (flow instanceof EngineRefusal) return toRefused(flow);
  const held = await findHeldVersion(tx, { workspaceId, sendId: parentSendId, flowId: flow.id });
  if (held === null) {
    const message = `The flow “${flow.name}” could not be started when this send was made or approved, and sends of this workspace wait for approvals. Make a new send.`;
    return { refusedFor: "start_not_approved", message };
  }
  const version = held ?? (await freezeToStart(nodes, tx, { ...flow, workspaceId }));
  if (version instanceof EngineRefusal) return toRefused(version);
  const rule = ruleOf((await flows.load(tx, [version.id])).get(version.id));
  const waits = start.waitSeconds !== undefined;
  const frozen = { flowVersionId: version.id, flowVersion: version.number, lastPublication: flow.lastPublication };
  return { workspaceId, flowId: flow.id, ...frozen, rule, isTest, parentSendId, waits };
}

interface Refused {
  refusedFor: StartRefusal;
  message: string;
}

const toRefused = ({ code, message }: EngineRefusal): Refused => ({
  refusedFor: code === "flow_not_found" || code === "flow_archived" ? code : "flow_invalid",
  message,
});

const toStarter = ({ execution, pending }: Start): Starter => ({
  executionId: execution.id,
  contactId: execution.row.contactId as string,
  depth: execution.row.depth,
  visit: pending.visit,
  trigger: pending.start.values,
});

function refuse({ execution, pending }: Start, reason: StartRefusal, message: string): void {
  const { node, visit, startedAt, start } = pending;
  failBy(execution, node, { visit, startedAt }, { exit: start.exits.failed, reason, message, output: { flow_id: start.flowId } });
}
