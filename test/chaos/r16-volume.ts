import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { buildContacts, buildFlow } from "../factories.ts";
import { chain, node, sms, wait } from "../graphs.ts";
import { type Client, createClient } from "../http-client.ts";
import { idleCpuOf } from "./cpu-of.ts";
import { atLeast, atMost, exactly, percentile } from "./exactly.ts";
import type { ChaosContext, Finding, Scenario } from "./scenario.ts";
import { onStage, originOf, type Stage } from "./stage.ts";
import { totalsOf } from "./totals-of.ts";

const sizes = {
  full: { contacts: 100_000, perRequest: 10_000, requests: 5, sends: 3, steps: 1_000_000, idleSeconds: 30 },
  small: { contacts: 5_000, perRequest: 1_000, requests: 2, sends: 1, steps: 19_000, idleSeconds: 5 },
};

export const r16: Scenario = {
  id: "R16",
  title: "volume: one flow for everybody, many asleep, a long history",
  whyNot: () => (process.platform === "linux" ? undefined : "it reads what a process costs from /proc"),
  run: (context) => onStage((stage) => run(context, stage)),
};

async function run({ size, random, say }: ChaosContext, stage: Stage): Promise<Finding[]> {
  const { contacts, perRequest, requests, sends, steps, idleSeconds } = sizes[size];
  const { db, workspaceId, program } = stage;
  const ids = await buildContacts(db, workspaceId, contacts);
  await sql`vacuum analyze contacts`.execute(db);
  const [web, worker] = await Promise.all([stage.start(["--role=web", "--port=0"]), stage.start(["--role=worker"])]);
  const client = createClient(originOf(web), program);

  const sleepy = await buildFlow(db, workspaceId, chain(node("start"), wait(86_400), node("end")));
  const accepted: number[] = [];
  const enrolled: number[] = [];
  for (let request = 0; request < requests; request += 1) {
    const begun = performance.now();
    const some = ids.slice(request * perRequest, (request + 1) * perRequest);
    const send = await post(client, { flowId: sleepy, selection: { type: "ids", ids: some } });
    accepted.push((performance.now() - begun) / 1_000);
    await until(async () => (await findSend(client, send.id)).enrolled === perRequest);
    enrolled.push((performance.now() - begun) / 1_000);
  }
  await until(async () => (await countAsleep(stage)) === requests * perRequest);
  say(`${requests} requests of ${perRequest}: ${enrolled.map((seconds) => seconds.toFixed(1)).join(" ")} s until all were enrolled`);

  const flowId = await buildFlow(db, workspaceId, chain(node("start"), sms(), node("end")));
  for (let count = 0; count < sends; count += 1) {
    const begun = performance.now();
    const send = await post(client, { flowId, selection: { type: "filter", filter: { tests: [] }, excluded: [] } });
    await until(async () => (await findSend(client, send.id)).completed === contacts);
    say(`${contacts} contacts through one flow in ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
  }
  await sql`vacuum analyze flow_executions, flow_execution_steps, flow_sends, messages, wake_ups`.execute(db);
  const cpu = await idleCpuOf(worker.child.pid ?? 0, idleSeconds);
  const pages = await readPages(client, { flowId, contactIds: Array.from({ length: 20 }, () => random.pick(ids)) });
  const asleep = await countAsleep(stage);
  const rows = await sql<{ steps: number }>`select count(*)::int as steps from flow_execution_steps`.execute(db);
  return [
    atMost(`a request for ${perRequest} until it is answered, the slowest`, Math.max(...accepted), 10, " s"),
    atMost(`a request for ${perRequest} until all are enrolled, the slowest`, Math.max(...enrolled), 10, " s"),
    exactly("executions asleep", asleep, requests * perRequest),
    atLeast("steps in the history", rows.rows[0]?.steps ?? 0, steps),
    atMost("a worker with nothing due, of one core", cpu, 3, " %"),
    atMost("pages of the history, p95", percentile(pages, 95), 200, " ms"),
    exactly("pages read", pages.length, 100),
    await totalsOf(db),
  ];
}

/**
 * Reads as a person does: the first pages of a flow, of waiting executions, of single contacts, and the steps behind
 * them.
 */
async function readPages(client: Client, { flowId, contactIds }: { flowId: string; contactIds: string[] }): Promise<number[]> {
  const milliseconds: number[] = [];
  const read = async (path: string) => {
    const begun = performance.now();
    const { status, body, text } = await client.get(path);
    milliseconds.push(performance.now() - begun);
    // A page without any match so far must say where to go on.
    if (status !== 200 || (body.items.length === 0 && body.nextCursor === null))
      throw new Error(`${path} showed nothing: ${status} ${text.slice(0, 300)}`);
    return body as { items: { id: string }[]; nextCursor: string | null };
  };
  for (const filter of [`flowId=${flowId}`, "status=running"]) {
    let page = await read(`/api/executions?${filter}&limit=50`);
    for (let count = 1; count < 20; count += 1) page = await read(`/api/executions?${filter}&limit=50&cursor=${page.nextCursor}`);
  }
  for (const contactId of contactIds) {
    const { items } = await read(`/api/executions?contactId=${contactId}`);
    await read(`/api/executions/${items[0]?.id}/steps`);
    await read("/api/sends?limit=50");
  }
  return milliseconds;
}

async function post(client: Client, body: unknown): Promise<{ id: string }> {
  const { status, body: answer, text } = await client.post("/api/sends", body);
  if (status !== 202) throw new Error(`The send was not accepted: ${status} ${text}`);
  return answer.send;
}

const findSend = async (client: Client, id: string) =>
  (await client.get(`/api/sends/${id}`)).body as { enrolled: number; completed: number };

async function countAsleep({ db }: Stage): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from wake_ups`.execute(db);
  return rows[0]?.count ?? 0;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await holds()); waited += 50) {
    if (waited > 300_000) throw new Error("It did not come to its end within 300 s.");
    await sleep(50);
  }
}
