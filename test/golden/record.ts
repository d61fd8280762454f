import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import type { FlowGraph } from "#contract/flows.ts";
import { type BreakPoint, onBreakPoint, SimulatedCrash } from "#engine/base/break-point.ts";
import type { CreateSendInput } from "#engine/engine.ts";
import { startOwnDatabase } from "../chaos/own-database.ts";
import { sendTo, startTestEngine, type TestEngine } from "../engine.ts";
import { buildContact, buildFlow, buildWorkspace } from "../factories.ts";
import { chain, email, graph, node, sms, wait } from "../graphs.ts";
import { goldenTables, insertableColumns } from "./tables.ts";

// npm run golden -- <name> brings executions into every state in which one version may leave them to the next, and
// writes the rows to test/golden/<name>.json. Run it before a release. A record is never changed afterwards.
const name = process.argv[2];
if (!name || !/^[\w.-]+$/.test(name)) throw new Error("Say a name for the record, such as the version or the day.");

const people = 2;
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const hourIn = (hours: number) => `${inHours(hours).slice(11, 13)}:00`;
const plain = chain(node("start"), sms("one"), email("Two"), node("end"));
const around = (...middle: Parameters<typeof chain>) => chain(node("start"), sms("one"), ...middle, email("Two"), node("end"));

interface State {
  graph: FlowGraph;
  more?: Partial<CreateSendInput>;
  /** Runs before the send. */
  arrange?(sluice: TestEngine, workspaceId: string): Promise<unknown>;
  /** The point at which the process ends. */
  crashAt?: BreakPoint;
  /** No work is done on it. */
  untouched?: boolean;
  afterwards?(sluice: TestEngine, of: { workspaceId: string; sendId: string }): Promise<unknown>;
}

const busy = { outcome: "rejected", reason: "provider_unavailable", message: "Busy", retryable: true } as const;
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const states: Record<string, State> = {
  "not enrolled": { graph: plain, more: { selection: { type: "filter", filter: { tests: [] }, excluded: [] } }, untouched: true },
  "not begun": { graph: plain, untouched: true },
  "may be undone": { graph: plain, more: { undoSeconds: 60 } },
  "starts later": { graph: plain, more: { start: { at: inHours(5).slice(0, 16), zone: "workspace" } } },
  "starts later by the contact's clock": { graph: plain, more: { start: { at: inHours(6).slice(0, 16), zone: "contact" } } },
  drips: { graph: plain, more: { drip: { count: 1, everySeconds: 600, days: everyDay } } },
  "in a delay": { graph: around(wait(7_200)) },
  "in a delay of business days": { graph: around(node("delay", { mode: "duration", amount: 1, unit: "business_days" })) },
  "until an hour": { graph: around(node("delay", { mode: "until_time", time: hourIn(3) })) },
  "until a date": { graph: around(node("delay", { mode: "until_date", field: "metadata.due", past: "go_on" })) },
  "before a window": { graph: around(node("time_window", { days: everyDay, from: hourIn(3), to: hourIn(5) })) },
  "in a delay before a condition": {
    graph: graph(
      [
        node("start"),
        wait(3_600),
        node("condition", { branches: [{ id: "yes", tests: [{ field: "firstname", operator: "is", value: "Ada" }] }] }),
        sms("one"),
        email("Two"),
        node("end"),
      ],
      ...["start > delay", "delay > condition", "condition:yes > sms", "condition:otherwise > sms", "sms > email", "email > end"],
    ),
  },
  "waiting for a busy provider": { graph: plain, arrange: async ({ providers }) => providers.email.answer(busy) },
  "waiting for its turn under a limit": {
    graph: plain,
    arrange: (_, workspaceId) =>
      sql`insert into private.channel_gates (workspace_id, channel, per_minute) values (${workspaceId}, 'sms', 1)`.execute(db),
  },
  "paused asleep": { graph: around(wait(3_600)), afterwards: ({ engine }, of) => engine.pauseSend({ ...of, actor }) },
  "paused before it began": { graph: plain, untouched: true, afterwards: ({ engine }, of) => engine.pauseSend({ ...of, actor }) },
  "taken by a worker that died": { graph: plain, crashAt: "portion-taken" },
  "handed to a provider by a worker that died": { graph: plain, crashAt: "messages-claimed" },
  "answered by a provider, and the worker died": { graph: plain, crashAt: "before-save" },
};
const actor = { id: null, name: "Ada" };

const { db, stop } = await startOwnDatabase();
try {
  for (const [state, { graph: flow, more, arrange, crashAt, untouched, afterwards }] of Object.entries(states)) {
    const workspaceId = await buildWorkspace(db);
    await sql`update workspaces set name = ${state} where id = ${workspaceId}`.execute(db);
    const ids: string[] = [];
    for (let i = 0; i < people; i += 1) {
      ids.push(await buildContact(db, workspaceId, { time_zone: i === 0 ? "Europe/Berlin" : null, metadata: { due: inHours(4) } }));
    }
    const flowId = await buildFlow(db, workspaceId, flow, state);
    // The engine is a new one each time, so that the one before has no part in what follows.
    const sluice = await startTestEngine(db);
    await arrange?.(sluice, workspaceId);
    const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, ids, more));
    onBreakPoint((point) => {
      if (point === crashAt) throw new SimulatedCrash(point);
    });
    if (!untouched) await sluice.run().catch((error) => (error instanceof SimulatedCrash ? 0 : Promise.reject(error)));
    onBreakPoint(undefined);
    await afterwards?.(sluice, { workspaceId, sendId });
    // The jobs of this driver are left out: the next version must find its work by itself.
    await sql`delete from private.inline_jobs`.execute(db);
  }
  const rows: Record<string, unknown[]> = {};
  for (const table of goldenTables) {
    const columns = await insertableColumns(db, table);
    const { rows: found } = await sql<{ row: Record<string, unknown> }>`select to_jsonb(t) as row from ${sql.table(table)} t`.execute(db);
    rows[table] = found.map(({ row }) =>
      Object.fromEntries(columns.filter((column) => row[column] !== null).map((column) => [column, row[column]])),
    );
  }
  const { rows: now } = await sql<{ now: string }>`select clock_timestamp()::text as now`.execute(db);
  const file = join(import.meta.dirname, `${name}.json`);
  writeFileSync(file, `${JSON.stringify({ recordedAt: now[0]?.now, rows }, null, 1)}\n`, { flag: "wx" });
  console.log(`${Object.keys(states).length} states, ${rows.flow_executions?.length} executions: ${file}`);
} finally {
  await stop();
}
