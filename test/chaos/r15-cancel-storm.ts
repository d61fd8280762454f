import { setTimeout as sleep } from "node:timers/promises";
import { chain, email, node, sms } from "#test/graphs.ts";
import { actor, countOpen, until, type Workspace } from "./desk.ts";
import type { Arrival } from "./outside.ts";
import type { ChaosContext, Finding, Scenario } from "./scenario.ts";
import { compareTruths } from "./truths.ts";
import { inWorld, type World } from "./world.ts";

const flow = chain(node("start"), sms("One"), email("Two"), node("end"));
const sizes = { small: { people: 300, cancelled: 150 }, full: { people: 1_000, cancelled: 500 } };
/** Later than this after the answer, no message may leave. The contract gives this limit. */
const graceMs = 1_000;

/** R15: people cancel, stop and undo in the middle of a send. */
export const cancelStorm: Scenario = {
  id: "R15",
  title: "cancel half of it one by one, stop, pause and undo while messages leave",
  run: (context) =>
    inWorld(context, { latency: [20, 60] }, async (world) => {
      await Promise.all([world.start(), world.start()]);
      const workspace = await world.desk.openWorkspace(sizes[context.size].people);
      const flowId = await workspace.buildFlow(flow);
      const parts = [cancelMany, stopOne, pauseOne, undoOne];
      const findings: Finding[] = [];
      for (const part of parts) findings.push(...(await part(context, world, workspace, flowId)));
      return [...findings, ...(await compareTruths(world.database.db, world.desk.promised, await world.outside.record())).findings];
    }),
};

type Part = (context: ChaosContext, world: World, workspace: Workspace, flowId: string) => Promise<Finding[]>;

const cancelMany: Part = async ({ random, size }, world, workspace, flowId) => {
  const { engine } = world.desk;
  const sendId = await begin(world, workspace, flowId);
  const executions = await world.database.db.selectFrom("flow_executions").select("id").where("send_id", "=", sendId).execute();
  const chosen = executions
    .map(({ id }) => ({ id, place: random.next() }))
    .sort((a, b) => a.place - b.place)
    .slice(0, sizes[size].cancelled);
  const answers = new Map<string, { at: number; inFlight: boolean }>();
  let over = 0;
  const cancelNext = async (): Promise<void> => {
    for (let one = chosen.pop(); one; one = chosen.pop()) {
      const { id } = one;
      try {
        const { inFlight } = await engine.cancelExecution({ workspaceId: workspace.id, executionId: id });
        answers.set(id, { at: Date.now(), inFlight });
      } catch (error) {
        if ((error as { code?: string }).code !== "execution_over") throw error;
        over += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: 6 }, cancelNext));
  const isOver = await until(async () => (await countOpen(world.database.db, [sendId])) === 0, 120);
  const after = await arrivalsOf(world, sendId, (executionId, at) => at - (answers.get(executionId)?.at ?? Number.POSITIVE_INFINITY));
  const late = after.filter(({ afterMs, executionId }) => afterMs > graceMs && !answers.get(executionId)?.inFlight);
  const early = after.filter(({ afterMs, executionId }) => afterMs > 0 && !answers.get(executionId)?.inFlight);
  const named = [...answers.values()].filter(({ inFlight }) => inFlight).length;
  return [
    {
      what: `cancel: ${sizes[size].cancelled} of ${sizes[size].people} while messages leave`,
      goal: "nothing accepted later than 1 s after the answer, except those said to be in flight",
      measured: `${answers.size} cancelled (${named} said to be in flight), ${over} were over already; later than 1 s ${late.length}, later at all ${early.length}`,
      held: isOver !== undefined && answers.size > 0 && late.length === 0,
    },
  ];
};

const stopOne: Part = async (_, world, workspace, flowId) => {
  const sendId = await begin(world, workspace, flowId);
  const account = await world.desk.engine.stopSend({ workspaceId: workspace.id, sendId, actor });
  const at = Date.now();
  await until(async () => (await countOpen(world.database.db, [sendId])) === 0, 60);
  const after = (await arrivalsOf(world, sendId, (_, arrivedAt) => arrivedAt - at)).filter(({ afterMs }) => afterMs > 0);
  const named = new Set(account.items.map(({ executionId }) => executionId));
  const isAllNamed = account.inFlight <= account.items.length;
  const unnamed = isAllNamed
    ? after.filter(({ executionId }) => !named.has(executionId)).length
    : Math.max(0, after.length - account.inFlight);
  const sums = account.sent >= 0 && account.ended + account.stopped + account.inFlight;
  return [
    {
      what: "stop in the middle",
      goal: "what arrives after the answer is in the account, and the account adds up",
      measured: `${after.length} arrived after the answer, ${account.inFlight} in flight by the account, not in it: ${unnamed}; ended, stopped and in flight ${sums}`,
      held: unnamed === 0 && sums === workspace.contactIds.length && account.stopped > 0,
    },
  ];
};

const pauseOne: Part = async (_, world, workspace, flowId) => {
  const { engine } = world.desk;
  const { db } = world.database;
  const sendId = await begin(world, workspace, flowId);
  await engine.pauseSend({ workspaceId: workspace.id, sendId, actor });
  const at = Date.now();
  const flying = await db.selectFrom("messages").select("id").where("send_id", "=", sendId).where("status", "=", "sending").execute();
  await sleep(4_000);
  const after = (await arrivalsOf(world, sendId, (_, arrivedAt) => arrivedAt - at)).filter(({ afterMs }) => afterMs > 0);
  const others = after.filter(({ id }) => !flying.some((message) => message.id === id));
  await engine.resumeSend({ workspaceId: workspace.id, sendId, actor });
  const seconds = await until(async () => (await countOpen(db, [sendId])) === 0, 120);
  return [
    {
      what: "pause in the middle",
      goal: "nothing later than 1 s after the answer but what was sending; after resuming all end",
      measured: `${after.length} arrived after the answer, ${flying.length} were sending then, others ${others.length}; ${seconds === undefined ? "not all ended" : "all ended"}`,
      held: others.filter(({ afterMs }) => afterMs > graceMs).length === 0 && seconds !== undefined,
    },
  ];
};

const undoOne: Part = async (_, world, workspace, flowId) => {
  const sendId = await workspace.send(flowId, { undoSeconds: 4 });
  await sleep(1_500);
  const account = await world.desk.engine.undoSend({ workspaceId: workspace.id, sendId, actor });
  await sleep(4_000);
  const arrived = (await arrivalsOf(world, sendId, () => 0)).length;
  return [
    {
      what: "undo while it can be undone",
      goal: "nothing ever arrives",
      measured: `${arrived} arrived, ${account.stopped} stopped`,
      held: arrived === 0 && account.inFlight === 0,
    },
  ];
};

/** A send of which a fifth has left. */
async function begin(world: World, workspace: Workspace, flowId: string): Promise<string> {
  const before = (await world.outside.count()).arrived;
  const sendId = await workspace.send(flowId);
  const enough = before + workspace.contactIds.length / 5;
  await until(async () => (await world.outside.count()).arrived > enough, 60, 20);
  return sendId;
}

/** The arrivals of a send, and how long each came after the moment that counts for its execution. */
async function arrivalsOf(world: World, sendId: string, since: (executionId: string, at: number) => number) {
  const messages = await world.database.db
    .selectFrom("messages")
    .select(["id", "flow_execution_id"])
    .where("send_id", "=", sendId)
    .execute();
  const executionOf = new Map(messages.map(({ id, flow_execution_id }) => [id, flow_execution_id as string]));
  return (await world.outside.record()).arrived.flatMap(({ id, at }: Arrival) => {
    const executionId = executionOf.get(id);
    return executionId === undefined ? [] : [{ id, executionId, afterMs: since(executionId, at) }];
  });
}
