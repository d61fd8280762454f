import fc from "fast-check";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { TestEngine } from "#test/engine.ts";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpWorkspace, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, edge, graph, node, sms, wait } from "#test/graphs.ts";

setUpWorkspace();

interface Stored {
  nodes: unknown;
  edges: unknown;
}

/** A send of a good flow whose stored version is then replaced, past every check. */
async function sendPoison(sluice: TestEngine, ids: string[], { nodes, edges }: Stored): Promise<string> {
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(60)));
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
  await sql`update flow_versions set nodes = ${JSON.stringify(nodes)}::jsonb, edges = ${JSON.stringify(edges)}::jsonb
    where flow_id = ${flowId}`.execute(db.owner);
  return sendId;
}

const sendRow = (id: string) => db.owner.selectFrom("flow_sends").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const executionsOf = (sendId: string) => db.owner.selectFrom("flow_executions").selectAll().where("send_id", "=", sendId).execute();

/** Another process: the one that made the sends has the good versions in memory. Runs until nothing waits any more. */
async function runElsewhere(): Promise<TestEngine> {
  const worker = await startTestEngine(db.owner);
  await worker.run();
  // A ring that rests may go round until the limit of visits to a node.
  for (let jump = 0; jump < 5 || (jump < 120 && (await countOpen()) > 0); jump += 1) await worker.wait(40 * 86_400);
  return worker;
}

const countOpen = async () =>
  (
    await db.owner
      .selectFrom("flow_executions")
      .select("id")
      .where("workspace_id", "=", workspaceId)
      .where("status", "in", ["pending", "running"])
      .execute()
  ).length;

const always = (id: string) => node("condition", { branches: [{ id: "a", tests: [{ field: "email", operator: "is_not_empty" }] }] }, id);
const ring = (length: number) =>
  graph(
    [node("start"), ...Array.from({ length }, (_, i) => always(`n${i}`))],
    "start > n0",
    ...Array.from({ length }, (_, i) => `n${i}:a > n${(i + 1) % length}`),
  );

describe("a version of poison, written straight into the table, ends its own executions and nobody else's:", () => {
  const deep = (levels: number) => JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`) as unknown;
  test.each<[string, Stored]>([
    ["no graph at all", { nodes: 7, edges: "none" }],
    ["nothing in it", { nodes: [], edges: [] }],
    ["5,000 nodes", chain(...Array.from({ length: 5_000 }, (_, i) => always(`n${i}`)))],
    ["a start twice", graph([node("start"), node("start", {}, "other")], "start > other", "other > start")],
    ["an unknown type", chain(node("start"), node("telepathy"))],
    ["a type by the name of what the language adds", chain(node("start"), node("constructor"))],
    ["an edge into nothing", graph([node("start")], "start > ghost")],
    ["a node with itself as its target", graph([node("start"), node("go_to", { target: "go_to", times: 100 })], "start > go_to")],
    ["a jump to nowhere", graph([node("start"), node("go_to", { target: "ghost", times: 1 })], "start > go_to")],
    ["a loop through go-to that never rests", graph([node("start"), node("go_to", { target: "start", times: 100 })], "start > go_to")],
    ["a text of a megabyte", chain(node("start"), sms("x".repeat(1_000_000)))],
    ["a template that never ends", chain(node("start"), sms(`{{${"a|".repeat(10_000)}`))],
    ["nesting of 3,000 levels", chain(node("start"), { ...sms(), data: { config: { text: deep(3_000) } } })],
    ["keys that reach into the language", chain(node("start"), { ...sms(), data: JSON.parse('{"config":{"__proto__":{"text":"x"}}}') })],
  ])("%s", async (_, poison) => {
    const maker = await startTestEngine(db.owner);
    const ids = await buildContacts(db.owner, workspaceId, 3);
    const poisoned = await sendPoison(maker, ids, poison);
    const good = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Good"), node("end")));
    const { sendId } = await maker.engine.createSend(sendTo(workspaceId, good, ids));
    const worker = await runElsewhere();
    expect(await sendRow(sendId)).toMatchObject({ state: "done", completed: 3 });
    expect(await sendRow(poisoned)).toMatchObject({ state: "done", enrolled: 3 });
    expect(worker.providers.sms.calls.map(({ text }) => text)).toEqual(["Good", "Good", "Good"]);
    for (const { status, error_message } of await executionsOf(poisoned)) {
      // An execution whose path has no fault ends where its path ends.
      if (status !== "completed") expect(error_message).toMatch(/\w+/);
    }
    expect(({} as Record<string, unknown>).text).toBeUndefined();
  });
});

test("an execution takes a thousand steps and no more, and a hundred of them do not hold up a worker", async () => {
  const maker = await startTestEngine(db.owner);
  const ids = await buildContacts(db.owner, workspaceId, 100);
  const sendId = await sendPoison(maker, ids, ring(20));
  const longest = watchTurns();
  await runElsewhere();
  const longestMs = longest.end();
  const rows = await executionsOf(sendId);
  expect(rows.map(({ status, ended_reason, visit }) => `${status} ${ended_reason} ${visit}`)).toEqual(
    Array(100).fill("failed node_limit 1000"),
  );
  // Far below the lease after which a silent worker counts as dead.
  expect(longestMs, "the longest that nothing else could run, in milliseconds of the processor").toBeLessThan(3_000);
});

/** Measures the longest turn of the event loop in time of the processor, which does not grow with what else the machine does. */
function watchTurns(): { end(): number } {
  let longest = 0;
  let isOver = false;
  let before = process.cpuUsage();
  const turn = () => {
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, user + system);
    before = process.cpuUsage();
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  return {
    end() {
      isOver = true;
      return longest / 1_000;
    },
  };
}

test("a hundred generated graphs: every execution ends, no job is left, and the good send beside them arrives", async () => {
  const seed = Number(process.env.POISON_SEED ?? 20_261_128);
  const graphs = fc.sample(poisonGraph(), { numRuns: 100, seed });
  const maker = await startTestEngine(db.owner);
  const ids = await buildContacts(db.owner, workspaceId, 2);
  const sends: string[] = [];
  for (const poison of graphs) sends.push(await sendPoison(maker, ids, poison));
  const good = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Good"), node("end")));
  const { sendId } = await maker.engine.createSend(sendTo(workspaceId, good, ids));
  await runElsewhere();
  const { rows } = await sql<{ open: number; jobs: number }>`select (select count(*) from flow_executions
    where workspace_id = ${workspaceId} and status in ('pending', 'running'))::int as open,
    (select count(*) from private.inline_jobs)::int as jobs`.execute(db.owner);
  expect(rows[0], `POISON_SEED=${seed}`).toEqual({ open: 0, jobs: 0 });
  expect(await sendRow(sendId)).toMatchObject({ state: "done", completed: 2 });
  const states = await Promise.all(sends.map(async (id) => (await sendRow(id)).state));
  expect(states, `POISON_SEED=${seed}`).toEqual(Array(100).fill("done"));
});

/** Mostly well-formed graphs of real nodes with something wrong in them: what is wholly wrong is refused at the first look. */
function poisonGraph(): fc.Arbitrary<Stored> {
  const id = fc.constantFrom("start", "a", "b", "c", "d", "e", "__proto__", "");
  const junk = fc.oneof(fc.constant(null), fc.integer(), fc.string(), fc.constant([]), fc.constant({}), fc.constant({ mode: "x" }));
  const config = fc.oneof(
    junk,
    fc.constant({ branches: [{ id: "x", tests: [{ field: "email", operator: "is_not_empty" }] }] }),
    fc.constant({ branches: [{ id: "x", tests: [{ field: "metadata.constructor", operator: "is", value: "y" }] }] }),
    fc.record({
      mode: fc.constant("duration"),
      amount: fc.integer({ min: -5, max: 90 }),
      unit: fc.constantFrom("seconds", "minutes", "eons"),
    }),
    fc.record({ target: id, times: fc.integer({ min: -1, max: 120 }), pauseSeconds: fc.constantFrom(0, 1, 60) }),
    fc.record({ text: fc.constantFrom("Hi", "{{", "{{ a.b.c | number }}", "{{firstname}}") }),
    fc.constant({
      shares: [
        { id: "x", percent: 100 },
        { id: "y", percent: 0 },
      ],
    }),
  );
  const type = fc.constantFrom(
    "start",
    "condition",
    "condition",
    "delay",
    "delay",
    "go_to",
    "split",
    "send_sms",
    "end",
    "time_window",
    "nothing",
  );
  const oneNode = fc.record({ id, type, data: fc.oneof(fc.record({ config }), junk) }, { requiredKeys: ["id", "type"] });
  const exit = fc.constantFrom("x", "otherwise", "next", "sent", "limit_reached", "inside", undefined, 7, "");
  const oneEdge = fc.record({ id: fc.string(), source: id, target: id, sourceHandle: exit });
  const start = { id: "start", type: "start", data: {} };
  return fc.record({
    nodes: fc.oneof(
      {
        weight: 9,
        arbitrary: fc.array(fc.oneof({ weight: 9, arbitrary: oneNode }, junk), { maxLength: 8 }).map((nodes) => [start, ...nodes]),
      },
      junk,
    ),
    edges: fc.oneof(
      {
        weight: 9,
        arbitrary: fc
          .array(fc.oneof({ weight: 9, arbitrary: oneEdge }, junk), { maxLength: 14 })
          .map((edges) => [edge("start > a"), ...edges]),
      },
      junk,
    ),
  });
}
