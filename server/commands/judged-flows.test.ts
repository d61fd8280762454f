import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { FlowState } from "#db/queries/flows.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import { buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, graph, node, sms } from "#test/graphs.ts";
import { checkFlowChains } from "./flow-chains.ts";
import { judgeFlows } from "./judged-flows.ts";

let db: TestDb;
let workspaceId: string;
beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());
beforeEach(async () => {
  workspaceId = await buildWorkspace(db.owner);
});

const states = async (): Promise<FlowState[]> => {
  const { rows } =
    await sql<FlowState>`select id, xmin::text as version from flows where workspace_id = ${workspaceId} order by id`.execute(db.owner);
  return rows;
};
/** A clock by which judging one flow takes so long. */
const slow = (milliseconds: number) => {
  let looks = 0;
  return () => Math.floor(++looks / 2) * milliseconds;
};

test("a flow is judged once for each state of its row", async () => {
  const id = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Hi")));
  const [first] = await states();
  const judged = await judgeFlows(db.owner, workspaceId, [first as FlowState]);
  expect(judged.get(id)).toEqual({ stepCount: 2, problemCount: 0, channels: ["sms"], starts: [], obstacle: undefined });
  // What was judged is told although nothing could be judged any more.
  expect((await judgeFlows(db.owner, workspaceId, [first as FlowState], { mostMs: -1 })).get(id)).toBe(judged.get(id));
  const { nodes } = chain(node("start"), sms(""));
  await db.owner
    .updateTable("flows")
    .set({ nodes: JSON.stringify(nodes) })
    .where("id", "=", id)
    .execute();
  const [changed] = await states();
  expect((await judgeFlows(db.owner, workspaceId, [changed as FlowState])).get(id)).toMatchObject({ problemCount: 1 });
});

test("a request for more than can be judged in its time ends, and the next one goes on where it ended", async () => {
  for (let flow = 0; flow < 12; flow += 1) await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Hi")));
  const all = await states();
  const ask = () => judgeFlows(db.owner, workspaceId, all, { elapsed: slow(30), mostMs: 100 });
  await expect(ask()).rejects.toMatchObject({ code: "unavailable", status: 503 });
  let tries = 1;
  const answered = async () => {
    for (; ; tries += 1) {
      const judged = await ask().catch(() => undefined);
      if (judged) return judged;
    }
  };
  expect((await answered()).size).toBe(12);
  expect(tries).toBeLessThanOrEqual(4);
});

test("flows of another workspace are not judged, whatever their ids", async () => {
  await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Hi")));
  const [theirs] = await states();
  expect((await judgeFlows(db.owner, workspaceId, [theirs as FlowState])).size).toBe(1);
  const ours = await buildWorkspace(db.owner);
  expect((await judgeFlows(db.owner, ours, [theirs as FlowState])).size).toBe(0);
});

test("the flows that a draft starts are judged once too, however often it is saved", async () => {
  const ids = [];
  for (let flow = 0; flow < 20; flow += 1) ids.push(await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Hi"))));
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start")));
  const starters = ids.map((id, index) => node("start_flow", { flowId: id }, `start${index}`));
  const ways = starters.map(({ id }, index) => (index === 0 ? `start > ${id}` : `start${index - 1}:started > ${id}`));
  const { nodes, edges } = graph([node("start"), ...starters], ...ways);
  let statements = 0;
  const counting = db.owner.withPlugin({
    transformQuery: ({ node: query }) => {
      statements += 1;
      return query;
    },
    transformResult: async ({ result }) => result,
  });
  const check = async () => {
    statements = 0;
    expect(await counting.transaction().execute((tx) => checkFlowChains(tx, { workspaceId, flowId, nodes, edges }))).toEqual([]);
    return statements;
  };
  // Which flows there are, and their graphs in two portions; then only which there are.
  expect([await check(), await check()]).toEqual([3, 1]);
});
