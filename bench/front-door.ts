import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import type { Client } from "#test/http-client.ts";
import { addFlow } from "./flow.ts";
import type { BenchOptions, Outcome } from "./outcome.ts";
import { below } from "./outcome.ts";
import { must, startServer } from "./product.ts";
import { clearCrowds, findWorkspace, openCrowds } from "./seed-crowds.ts";
import { fullSizes, quickSizes } from "./sizes.ts";
import { percentile, round, spread } from "./statistics.ts";

/**
 * How long one workspace waits for a page of the API while another one, or somebody who is not signed in, does what they
 * should not: a flow that compares as much as it can, readers who read nothing, forty counts at a time.
 */
export async function measureFrontDoor({ quick }: BenchOptions): Promise<Outcome> {
  const bench = await openCrowds((quick ? quickSizes : fullSizes).crowds);
  try {
    const server = await startServer(bench, "web,worker");
    try {
      const as = async (name: string) => server.owner.with({ "x-workspace-id": await findWorkspace(bench.db, name) });
      const [quiet, hostile] = [await as("Small"), await as("Large")];
      const large = await findWorkspace(bench.db, "Large");
      const samples = quick ? 100 : 300;
      const probe = () => measure(quiet, samples);

      await probe();
      const before = await probe();
      const ids = await poison(bench.db, large);
      const flowId = await addFlow(bench.db, large, comparing);
      const flow = await during(() => sendHostileFlow(hostile, flowId, ids), probe);
      const readers = await withReaders(new URL(server.process.ready.url ?? ""), 1_024, probe);
      const counts = await during(() => countForty(hostile), probe);
      const after = await probe();
      return report({ rest: [...before, ...after], flow, readers: readers.times, counts }, readers.open);
    } finally {
      await server.stop();
    }
  } finally {
    await sql`update contacts set metadata = '{}' where metadata ? 't'`.execute(bench.db);
    await clearCrowds(bench.db);
    await bench.stop();
  }
}

/** Far enough apart that the limit of reads is not what is measured. */
const betweenMs = 110;

async function measure(client: Client, samples: number): Promise<number[]> {
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const begun = performance.now();
    must(await client.get("/api/flows"));
    times.push(performance.now() - begun);
    await sleep(betweenMs);
  }
  return times;
}

async function during(act: () => Promise<void>, probe: () => Promise<number[]>): Promise<number[]> {
  let isOver = false;
  const acting = (async () => {
    while (!isOver) await act();
  })();
  await sleep(1_000);
  const times = await probe();
  isOver = true;
  await acting;
  return times;
}

async function poison(db: Db, workspaceId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update contacts set metadata = jsonb_build_object('t', (select jsonb_agg('t' || n) from generate_series(1, 45000) n))
    where id in (select id from contacts where workspace_id = ${workspaceId} order by id limit 50) returning id`.execute(db);
  return rows.map(({ id }) => id);
}

const values = Array.from({ length: 180 }, (_, index) => `v${index}`);
const tests = Array.from({ length: 10 }, () => ({ field: "metadata.t", operator: "in", value: values }));
const comparing = {
  nodes: [
    { id: "start", type: "start", position: { x: 0, y: 0 }, data: {} },
    {
      id: "check",
      type: "condition",
      position: { x: 0, y: 0 },
      data: { config: { branches: [{ id: "a", match: "any" as const, tests }] } },
    },
    { id: "end", type: "end", position: { x: 0, y: 0 }, data: {} },
  ],
  edges: [
    { id: "1", source: "start", target: "check" },
    { id: "2", source: "check", sourceHandle: "a", target: "end" },
    { id: "3", source: "check", sourceHandle: "otherwise", target: "end" },
  ],
};

/** Fifty executions, each of which would compare 81 million pairs of values. */
async function sendHostileFlow(client: Client, flowId: string, ids: readonly string[]): Promise<void> {
  const { body } = must(await client.post("/api/sends", { flowId, selection: { type: "ids", ids } }));
  for (let looks = 0; looks < 100; looks += 1) {
    if ((await client.get(`/api/sends/${body.send.id}`)).body.state === "done") return;
    await sleep(500);
  }
}

async function countForty(client: Client): Promise<void> {
  await Promise.all(Array.from({ length: 40 }, () => client.get("/api/contacts/count?filter=%7B%22search%22%3A%22aaa%22%7D")));
  await sleep(200);
}

async function withReaders(address: URL, count: number, probe: () => Promise<number[]>): Promise<{ times: number[]; open: number }> {
  const sockets = Array.from({ length: count }, (_, number) => readNothing(address, number));
  // The moment in which all of them ask is over: what is measured is that they stay.
  await sleep(8_000);
  const times = await probe();
  const open = sockets.filter((socket) => !socket.destroyed).length;
  for (const socket of sockets) socket.destroy();
  return { times, open };
}

/** They come from eight addresses, none of which is that of the caller who is measured. */
function readNothing({ hostname, port, host }: URL, number: number): Socket {
  const socket = connect({ port: Number(port), host: hostname, localAddress: `127.0.0.${2 + (number % 8)}` });
  socket.pause();
  socket.on("error", () => {});
  socket.write(`GET /api/openapi.json HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(3));
  return socket;
}

function report(found: Record<"rest" | "flow" | "readers" | "counts", number[]>, open: number): Outcome {
  const rest = percentile(found.rest, 99);
  const ratio = (times: number[]) => round(percentile(times, 99) / rest);
  return {
    figures: { rest: spread(found.rest), flow: spread(found.flow), readers: spread(found.readers), counts: spread(found.counts), open },
    goals: [
      below("p99 while a hostile flow runs, against that at rest", ratio(found.flow), 2, "×"),
      below("p99 while 1,024 readers read nothing, against that at rest", ratio(found.readers), 2, "×"),
      below("p99 while forty counts run, against that at rest", ratio(found.counts), 2, "×"),
    ],
    notes: [
      "Milliseconds of GET /api/flows in one workspace, one request at a time, by a client on the same machine.",
      "`open` is how many of the 1,024 sockets were still open at the end. They come from eight addresses.",
    ],
  };
}
