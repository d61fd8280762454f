import type { Tx } from "#db/client.ts";
import { breakPoint } from "../base/break-point.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { ChildFlow, Starter } from "../enrollment/child-execution-rows.ts";
import { insertChildren, judgeStarters, lockContactsAgainstDelete } from "../enrollment/child-execution-rows.ts";
import { ruleOf } from "../enrollment/enroll.ts";
import { addLanes } from "../enrollment/send-lane-rows.ts";
import type { ChunkExecution, PendingStart } from "../execution/chunk.ts";
import { lockExecutions } from "../execution/lock-rows.ts";
import { saveResults } from "../execution/message-rows.ts";
import { closeSteps, insertSteps, moveExecutions, setWakeUps } from "../execution/save-rows.ts";
import { cancel, failBy, leave, rest } from "../execution/transitions.ts";
import { walk } from "../execution/walk.ts";
import { setWatches } from "../execution/watch-rows.ts";
import { checkGraph, freezeVersion } from "../flow/freeze-version.ts";
import { readFlow } from "../flow/version-rows.ts";
import { isSmall, turnJobs } from "../jobs/jobs.ts";
import type { Ring } from "../jobs/ring.ts";
import { transactThenRing } from "../jobs/ring.ts";
import type { Effect, PassContext } from "./effect.ts";

/** How many flows may stand above one another: a chain that starts itself ends here. */
const deepest = 5;

/**
 * Starts other flows. One transaction holds the starters still, lets in whom the other flow's rule lets in, and commits
 * their executions together with the steps that started them: each exactly once, however often a process dies. Those
 * who wait for the end are put to rest in it too, or the end could come before anybody waits for it.
 */
export const starts: Effect<PendingStart> = {
  batchKey: ({ send }, { start }) => `${send.id} ${start.flowId} ${start.waitSeconds === undefined}`,
  async runBatch(pass, queue) {
    const batch = queue.splice(0);
    const wanted = batch.filter((execution) => {
      if (execution.memory.cancel !== null) cancel(execution, execution.memory.cancel);
      return execution.memory.cancel === null;
    });
    if (wanted.length > 0) await commit(pass, wanted);
    for (const execution of batch) if (!execution.leftAlone) walk(execution, pass.time);
    return { batch, isClosed: false };
  },
};

async function commit(pass: PassContext, wanted: readonly ChunkExecution[]): Promise<void> {
  const { clock } = pass;
  const workspaceId = (wanted[0] as ChunkExecution).send.workspaceId;
  await transactThenRing(pass, async (tx, ring) => {
    await lockContactsAgainstDelete(
      tx,
      workspaceId,
      wanted.flatMap(({ row: { contactId } }) => contactId ?? []),
    );
    const live = await lockExecutions(tx, wanted, clock);
    const starting = wanted.filter(({ id }) => live.has(id));
    await start(pass, { tx, ring }, starting);
    await saveResults(tx, pass.unwritten, clock);
    const now = pass.time();
    await closeSteps(tx, starting, now);
    await insertSteps(tx, starting);
    const resting = starting.filter(({ writes: { wait } }) => wait);
    if (resting.length > 0) {
      await moveExecutions(tx, resting, now);
      await setWakeUps(tx, resting);
      await setWatches(tx, resting, clock);
    }
    await breakPoint("starting");
  });
  await breakPoint("starts-committed");
  pass.unwritten.length = 0;
  for (const execution of wanted) {
    // It still stands at its start: ended, stopped, or in other hands.
    if (execution.writes.pending) execution.leftAlone = "taken";
    else {
      Object.assign(execution.writes, { newSteps: [], closedStep: undefined });
      if (execution.writes.wait) execution.leftAlone = "nothing_to_write";
    }
  }
}

async function start(pass: PassContext, { tx, ring }: { tx: Tx; ring: Ring }, starting: readonly ChunkExecution[]): Promise<void> {
  const now = pass.time();
  const allowed = starting.filter((execution) => execution.row.depth < deepest);
  for (const execution of starting)
    if (!allowed.includes(execution))
      refuse(execution, "flow_depth", `More than ${deepest} flows started each other, one out of the other.`);
  const [first] = allowed;
  if (!first) return;
  const flow = await readChildFlow(pass, tx, first);
  if (flow instanceof EngineRefusal) {
    for (const execution of allowed) refuse(execution, flow.code === "flow_not_found" ? "flow_not_found" : "flow_invalid", flow.message);
    return;
  }
  const refusals = await judgeStarters(tx, flow, allowed.map(toStarter), pass.clock);
  for (const execution of allowed) {
    const reason = refusals.get(execution.id);
    const { node, visit, startedAt, start } = pendingOf(execution);
    if (reason) leave(execution, node, { visit, startedAt }, { status: "skipped", exit: start.exits.notAllowed, reason, completedAt: now });
  }
  const entering = allowed.filter(({ id }) => !refusals.has(id));
  if (entering.length === 0) return;
  const { sendId, children } = await insertChildren(tx, flow, entering.map(toStarter), pass.clock);
  await addLanes(tx, sendId, { first: 0, count: 1 }, pass.clock);
  ring(turnJobs(flow.workspaceId, { quick: isSmall({ expected: entering.length }) }));
  for (const execution of entering) {
    const { node, visit, startedAt, start, attempt } = pendingOf(execution);
    const result = { flow_id: start.flowId, execution_id: children.get(execution.id), send_id: sendId };
    if (start.waitSeconds === undefined) {
      leave(execution, node, { visit, startedAt }, { status: "completed", exit: start.exits.started, result, completedAt: now });
    } else rest(execution, node, { visit, startedAt, attempt }, { until: new Date(now + start.waitSeconds * 1000), for: "child", result });
  }
}

/** The flow as it is now, frozen like for any send; or why it cannot be started. */
async function readChildFlow({ nodes, flows }: PassContext, tx: Tx, execution: ChunkExecution): Promise<ChildFlow | EngineRefusal> {
  const { workspaceId, id: parentSendId, isTest } = execution.send;
  const { start } = pendingOf(execution);
  const flow = await readFlow(tx, { workspaceId, flowId: start.flowId });
  if (!flow) return new EngineRefusal("flow_not_found", "The flow to be started does not exist in this workspace.");
  const graph = { nodes: flow.nodes, edges: flow.edges };
  try {
    checkGraph(graph, nodes, flow.id);
  } catch (error) {
    if (error instanceof EngineRefusal) return error;
    throw error;
  }
  const version = await freezeVersion(tx, { ...flow, workspaceId }, graph, null);
  const rule = ruleOf((await flows.load(tx, [version.id])).get(version.id));
  const waits = start.waitSeconds !== undefined;
  return { workspaceId, flowId: flow.id, flowVersionId: version.id, flowVersion: version.number, rule, isTest, parentSendId, waits };
}

const toStarter = (execution: ChunkExecution): Starter => ({
  executionId: execution.id,
  contactId: execution.row.contactId as string,
  depth: execution.row.depth,
  visit: pendingOf(execution).visit,
  trigger: pendingOf(execution).start.values,
});

function refuse(execution: ChunkExecution, reason: "flow_depth" | "flow_not_found" | "flow_invalid", message: string): void {
  const { node, visit, startedAt, start } = pendingOf(execution);
  failBy(execution, node, { visit, startedAt }, { exit: start.exits.failed, reason, message, output: { flow_id: start.flowId } });
}

function pendingOf({ writes: { pending } }: ChunkExecution): PendingStart {
  if (pending?.kind !== "start") throw new Error("An execution that starts nothing was put into a batch of starts");
  return pending;
}
