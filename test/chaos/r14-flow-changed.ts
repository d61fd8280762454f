import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { FlowGraph } from "#contract/flows.ts";
import { buildContacts } from "../factories.ts";
import { chain, email, node, sms, wait } from "../graphs.ts";
import { type Client, createClient } from "../http-client.ts";
import { atLeast, exactly } from "./exactly.ts";
import type { ChaosContext, Finding, Scenario } from "./scenario.ts";
import { onStage, originOf, type Stage } from "./stage.ts";
import { totalsOf } from "./totals-of.ts";

const delaySeconds = 6;

export const r14: Scenario = {
  id: "R14",
  title: "a flow is edited, and removed, while executions sleep in it",
  run: (context) => onStage((stage) => run(context, stage)),
};

/** The same flow in two wordings. The second one has lost a node and got another. */
const before = chain(node("start"), sms("old one", {}, "one"), wait(delaySeconds), sms("old two", {}, "two"), node("end"));
const after = chain(node("start"), sms("new one", {}, "one"), wait(delaySeconds), email("New two", {}, "three"), node("end"));

async function run({ size, say }: ChaosContext, stage: Stage): Promise<Finding[]> {
  const people = size === "full" ? 200 : 60;
  const { db, workspaceId, program } = stage;
  const contacts = await buildContacts(db, workspaceId, people);
  const [web, worker] = await Promise.all([stage.start(["--role=web", "--port=0"]), stage.start(["--role=worker"])]);
  const client = createClient(originOf(web), program);
  const make = async (name: string, graph: FlowGraph) => (await client.post("/api/flows", { name, ...graph })).body.id as string;
  const send = async (flowId: string) => (await client.post("/api/sends", { flowId, selection: { type: "ids", ids: contacts } })).body.send;

  // The flow is edited while all executions wait in its middle, and sent once more.
  const edited = await make("Edited", before);
  const removed = await make("Removed", before);
  const first = await send(edited);
  await untilAsleep(stage, first.id, people);
  const { status: saved } = await client.put(`/api/flows/${edited}`, { name: "Edited", ...after });
  const second = await send(edited);

  // No route removes a flow. A person with access to the database can, and everything of the flow is then removed too.
  const refused = await client.delete(`/api/flows/${removed}`);
  const gone = await send(removed);
  await untilAsleep(stage, gone.id, people);
  const leftBefore = await countMessages(db, gone.id);
  await sql`delete from flows where id = ${removed}::uuid`.execute(db);
  say(`${people} executions in each of three sends; one flow edited, one removed`);

  await untilDone(client, [first.id, second.id]);
  // Every execution of the removed flow would have woken up by now.
  await sleep(delaySeconds * 1_000);
  const bodies = async (sendId: string) => {
    const { rows } = await sql<{ text: string; count: number }>`select coalesce(subject, body) as text, count(*)::int as count
      from messages where send_id = ${sendId}::uuid group by 1 order by 1`.execute(db);
    return rows.map(({ text, count }) => `${count} ${text}`).join(", ");
  };
  const states = await sql<{ state: string; completed: number }>`select state, completed from flow_sends where id in (
    ${first.id}::uuid, ${second.id}::uuid)`.execute(db);
  const orphans = await sql<{ count: number }>`select (select count(*) from wake_ups w where not exists (
    select from flow_executions e where e.id = w.flow_execution_id))::int + (select count(*) from flow_executions where flow_id = ${removed}::uuid)::int
    + (select count(*) from flow_sends where flow_id = ${removed}::uuid)::int as count`.execute(db);
  const is = (what: string, measured: string, goal: string): Finding => ({ what, measured, goal, held: measured === goal });
  return [
    exactly("the edit was saved", saved, 200),
    is("messages of those who had begun before the edit", await bodies(first.id), `${people} old one, ${people} old two`),
    is("messages of those who began after it", await bodies(second.id), `${people} New two, ${people} new one`),
    exactly(
      "executions completed",
      states.rows.reduce((sum, { completed }) => sum + completed, 0),
      2 * people,
    ),
    exactly("DELETE of a flow by the API, which has no such route", refused.status, 405),
    atLeast("messages of the removed flow before its removal", leftBefore, people),
    exactly(
      "its messages, executions, sends and wake-ups afterwards",
      (await countMessages(db, gone.id)) + (orphans.rows[0]?.count ?? 0),
      0,
    ),
    is("what the worker says about it", worker.said().includes('"level":50') ? worker.said() : "nothing", "nothing"),
    exactly("the worker is ready", worker.child.exitCode === null ? 200 : 503, 200),
    await totalsOf(db),
  ];
}

async function untilAsleep({ db }: Stage, sendId: string, people: number): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from flow_executions
      where send_id = ${sendId}::uuid and wake_at is not null`.execute(db);
    if (rows[0]?.count === people) return;
    await sleep(50);
  }
  throw new Error("Not everybody fell asleep within 30 s, or somebody woke before all did.");
}

async function untilDone(client: Client, sendIds: string[]): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 250) {
    const states = await Promise.all(sendIds.map(async (id) => (await client.get(`/api/sends/${id}`)).body.state));
    if (states.every((state) => state === "done")) return;
    await sleep(250);
  }
  throw new Error("The sends were not done within 60 s.");
}

async function countMessages(db: Stage["db"], sendId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from messages where send_id = ${sendId}::uuid`.execute(db);
  return rows[0]?.count ?? 0;
}
