import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { freeTheDead, sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { graph, node, sms, wait } from "#test/graphs.ts";
import { onBreakPoint, SimulatedCrash, sendBreakPoints } from "../base/break-point.ts";

setUpEngine();

const goTo = (target: string, times: number, pauseSeconds = 0) => node("go_to", { target, times, pauseSeconds });
const rounds = graph(
  [node("start"), sms("Round", { onError: "continue" }), wait(60), goTo("sms", 2), node("end")],
  "start > sms",
  "sms > delay",
  "delay > go_to",
  "go_to:limit_reached > end",
);

async function send(flow: FlowGraph): Promise<string> {
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const contactId = await buildContact(db.owner, workspaceId);
  const { executionId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  await sluice.run();
  return executionId as string;
}

const execution = (id: string) => db.owner.selectFrom("flow_executions").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const exitsOf = async (id: string, nodeId: string) => {
  const rows = await db.owner
    .selectFrom("flow_execution_steps")
    .select("exit")
    .where("flow_execution_id", "=", id)
    .where("node_id", "=", nodeId)
    .where("status", "=", "completed")
    .orderBy("visit")
    .execute();
  return rows.map(({ exit }) => exit);
};

test("goes back as often as it may, and then on to the end", async () => {
  const id = await send(rounds);
  for (let i = 0; i < 4; i += 1) await sluice.wait(61);
  expect(sluice.providers.sms.calls).toHaveLength(3);
  expect(await exitsOf(id, "go_to")).toEqual(["next", "next", "limit_reached"]);
  expect(await execution(id)).toMatchObject({ status: "completed", current_node_id: "end", visit: 11 });
});

test("rests before each round, and counts the round it rests in once", async () => {
  const id = await send(graph([node("start"), sms(), goTo("sms", 2, 7_200)], "start > sms", "sms > go_to"));
  expect(sluice.providers.sms.calls).toHaveLength(1);
  await sluice.wait(3_600);
  expect(sluice.providers.sms.calls).toHaveLength(1);
  for (let i = 0; i < 4; i += 1) await sluice.wait(7_201);
  expect(sluice.providers.sms.calls).toHaveLength(3);
  expect(await exitsOf(id, "go_to")).toEqual(["next", "next", "limit_reached"]);
});

describe.each(sendBreakPoints.filter((point) => point !== "page-enrolled"))("killed at %s", (point) => {
  test.each([1, 2, 3])("for the %ith time: no round is lost and none is counted twice", async (nth) => {
    const people = 4;
    const ids = await buildContacts(db.owner, workspaceId, people);
    const flowId = await buildFlow(db.owner, workspaceId, rounds);
    let passed = 0;
    onBreakPoint((name) => {
      if (name !== point) return;
      passed += 1;
      if (passed === nth) throw new SimulatedCrash(point);
    });
    const run = async () => {
      await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
      await sluice.run();
      for (let i = 0; i < 3; i += 1) await sluice.wait(61);
    };
    await run().catch((error) => {
      if (!(error instanceof SimulatedCrash)) throw error;
    });
    onBreakPoint(undefined);
    const heir = await startTestEngine(db.owner, { providerFor: async (_, channel) => sluice.providers[channel] });
    await freeTheDead(db.owner, sluice);
    for (let i = 0; i < 9; i += 1) await heir.wait(121);
    const { rows } = await sql<{ node_id: string; count: number }>`
      select s.node_id, count(distinct (s.flow_execution_id, s.visit))::int as count
      from flow_execution_steps s where s.workspace_id = ${workspaceId} group by s.node_id`.execute(db.owner);
    expect(Object.fromEntries(rows.map(({ node_id, count }) => [node_id, count]))).toEqual({
      start: people,
      sms: 3 * people,
      delay: 3 * people,
      go_to: 3 * people,
      end: people,
    });
  });
});

test("a lot that was drawn before a crash is drawn the same way after it", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 40);
  const shares = [
    { id: "a", percent: 50 },
    { id: "b", percent: 50 },
  ];
  const flow = graph(
    [node("start"), node("split", { shares, draw: "fresh" }), sms("A", {}, "a"), sms("B", {}, "b")],
    "start > split",
    "split:a > a",
    "split:b > b",
  );
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
  // Nothing of the first pass is written: the second one must draw again, from nothing but ids.
  onBreakPoint((name) => {
    if (name === "messages-claimed") throw new SimulatedCrash(name);
  });
  await sluice.run().catch((error) => {
    if (!(error instanceof SimulatedCrash)) throw error;
  });
  onBreakPoint(undefined);
  const exits = async () => {
    const { rows } = await sql<{ flow_execution_id: string; exit: string }>`select flow_execution_id, exit from flow_execution_steps
      where workspace_id = ${workspaceId} and node_id = 'split' order by flow_execution_id`.execute(db.owner);
    return rows.map(({ flow_execution_id, exit }) => `${flow_execution_id} ${exit}`);
  };
  const drawn = await exits();
  await sql`delete from messages where workspace_id = ${workspaceId}`.execute(db.owner);
  await sql`delete from flow_execution_steps where workspace_id = ${workspaceId}`.execute(db.owner);
  const heir = await startTestEngine(db.owner);
  await freeTheDead(db.owner, sluice);
  await heir.run();
  const again = await exits();
  expect(again).toHaveLength(40);
  expect(again).toEqual(expect.arrayContaining(drawn));
  expect(new Set(again.map((line) => line.split(" ")[1]))).toEqual(new Set(["a", "b"]));
});
