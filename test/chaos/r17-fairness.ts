import { chain, node, sms } from "#test/graphs.ts";
import { actor, countOpen, until, type Workspace } from "./desk.ts";
import type { ChaosContext, Finding, Scenario } from "./scenario.ts";
import { compareTruths } from "./truths.ts";
import { inWorld, type World } from "./world.ts";

const flow = chain(node("start"), sms(), node("end"));
const sizes = { small: 3_000, full: 20_000 };
const goalSeconds = 5;

/** R17: a large send does not make small ones wait. */
export const fairness: Scenario = {
  id: "R17",
  title: "small sends, of another workspace and of the same, while a large one is under way",
  run: (context) => inWorld(context, { latency: [5, 15] }, (world) => run(context, world)),
};

async function run({ size, say }: ChaosContext, world: World): Promise<Finding[]> {
  const { desk, database, outside } = world;
  const busy = await desk.openWorkspace(sizes[size]);
  const other = await desk.openWorkspace(10);
  await Promise.all([world.start(), world.start()]);
  const flowIds = { busy: await busy.buildFlow(flow), other: await other.buildFlow(flow) };
  const largeId = await busy.send(flowIds.busy);
  await until(async () => (await outside.count()).arrived > 50, 60, 50);

  const [ten, one, single] = await Promise.all([
    firstArrival(world, () => other.send(flowIds.other)),
    firstArrival(world, () => busy.send(flowIds.busy, { contactIds: busy.contactIds.slice(0, 1) })),
    firstArrival(world, () => other.send(flowIds.other, { contactIds: other.contactIds.slice(0, 1) })),
  ]);
  const left = await countOpen(database.db, [largeId]);
  say(`${left} of the large send were still to come`);
  if (left > 0) await stop(world, busy, largeId);
  await until(async () => (await countOpen(database.db)) === 0, 60);
  const finding = (what: string, seconds: number): Finding => ({
    what,
    goal: `first message in less than ${goalSeconds} s`,
    measured: `${seconds.toFixed(2)} s`,
    held: seconds < goalSeconds,
  });
  return [
    { what: "the large send was under way meanwhile", goal: "some of it is left", measured: left, held: left > 0 },
    finding(`10 in another workspace, behind ${sizes[size]}`, ten),
    finding("1 in the same workspace", one),
    finding("1 in another workspace", single),
    ...(await compareTruths(database.db, desk.promised, await outside.record())).findings,
  ];
}

async function stop({ desk }: World, workspace: Workspace, sendId: string): Promise<void> {
  await desk.engine.stopSend({ workspaceId: workspace.id, sendId, actor });
}

/** Seconds from the request to the first message of this send at the provider. */
async function firstArrival({ database, outside }: World, send: () => Promise<string>): Promise<number> {
  const begun = Date.now();
  const sendId = await send();
  const messagesOf = () => database.db.selectFrom("messages").select(["id", "status"]).where("send_id", "=", sendId).execute();
  await until(async () => (await messagesOf()).some(({ status }) => status === "sent"), 60, 50);
  const ids = new Set((await messagesOf()).map(({ id }) => id));
  // The arrivals outside say when. The database only says when to look.
  const first = (await outside.record()).arrived.find(({ id }) => ids.has(id))?.at;
  return first === undefined ? Number.POSITIVE_INFINITY : (first - begun) / 1_000;
}
