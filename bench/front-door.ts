import { fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import { type Client, createClient } from "#test/http-client.ts";
import { addFlow } from "./flow.ts";
import type { HostileOrder } from "./hostile-process.ts";
import type { BenchOptions, Outcome } from "./outcome.ts";
import { below } from "./outcome.ts";
import { must, startServer } from "./product.ts";
import { clearCrowds, findWorkspace, openCrowds } from "./seed-crowds.ts";
import { fullSizes, quickSizes } from "./sizes.ts";
import { median, percentile, round, spread } from "./statistics.ts";

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
      const quiet = await as("Small");
      // A caller of its own, because one caller's requests wait for each other, and another tenant is what is measured.
      const { body: key } = must(await (await as("Large")).post("/api/api-keys", { name: "Hostile", scopes: ["admin"] }));
      const hostile = createClient(server.process.ready.url ?? "", { authorization: `Bearer ${key.key}` });
      const large = await findWorkspace(bench.db, "Large");
      const flowId = await addFlow(bench.db, large, comparing);
      const ids = await poison(bench.db, large);
      const url = server.process.ready.url ?? "";
      const samples = quick ? 100 : 200;
      const turns: Turn[] = [];
      await measure(quiet, samples);
      for (let turn = 0; turn < (quick ? 1 : 3); turn += 1) {
        const probe = () => measure(quiet, samples);
        const rest = await probe();
        const flow = await beside({ url, headers: hostile.headers, hostility: { act: "send", flowId, ids } }, probe);
        const readers = await withReaders(new URL(url), 1_024, probe);
        const counts = await beside({ url, headers: hostile.headers, hostility: { act: "count" } }, probe);
        turns.push({ rest, flow, readers: readers.times, counts, open: readers.open });
      }
      return report(turns);
    } finally {
      await server.stop();
    }
  } finally {
    await sql`update contacts set metadata = '{}' where metadata ? 't'`.execute(bench.db);
    await sql`delete from api_keys`.execute(bench.db);
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

/** Measures while another process does what it should not. */
async function beside(order: HostileOrder, probe: () => Promise<number[]>): Promise<number[]> {
  const child = fork(join(import.meta.dirname, "hostile-process.ts"));
  const ended = once(child, "exit");
  child.send(order);
  // The hostile client has a machine of its own in life: what it takes from this one is not the product's doing.
  setPriority(child.pid as number, constants.priority.PRIORITY_LOW);
  await sleep(2_000);
  if (child.exitCode !== null) throw new Error("The hostile process ended before anything was measured.");
  const times = await probe();
  child.disconnect();
  const [code] = await ended;
  if (code !== 0) throw new Error(`The hostile process ended with ${code}.`);
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

interface Turn extends Record<"rest" | "flow" | "readers" | "counts", number[]> {
  /** Sockets of those who read nothing that were open at the end. */
  open: number;
}

/** The worst of a hundred is a single moment of the machine, so each turn is judged by itself and their median counts. */
function report(turns: readonly Turn[]): Outcome {
  const all = (name: "rest" | "flow" | "readers" | "counts") => spread(turns.flatMap((turn) => turn[name]));
  const ratios = (name: "flow" | "readers" | "counts") =>
    turns.map((turn) => round(percentile(turn[name], 99) / percentile(turn.rest, 99)));
  const ratio = (name: "flow" | "readers" | "counts") => median(ratios(name));
  return {
    figures: {
      ...{ rest: all("rest"), flow: all("flow"), readers: all("readers"), counts: all("counts") },
      ratios: { flow: ratios("flow"), readers: ratios("readers"), counts: ratios("counts") },
      open: Math.min(...turns.map(({ open }) => open)),
    },
    goals: [
      below("p99 while a hostile flow runs, against that at rest", ratio("flow"), 2, "×"),
      below("p99 while 1,024 readers read nothing, against that at rest", ratio("readers"), 2, "×"),
      below("p99 while forty counts run, against that at rest", ratio("counts"), 2, "×"),
    ],
    notes: [
      "Milliseconds of GET /api/flows in one workspace, one request at a time, by a client on the same machine. The hostile one is a process of its own.",
      "Ratios: medians of the turns' own. The figures are of all turns together.",
      "`open` is how many of the 1,024 sockets were still open at the end. They come from eight addresses.",
    ],
  };
}
