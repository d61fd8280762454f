import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { databaseClock } from "#engine/base/clock.ts";
import { forecast } from "#engine/forecast/forecast.ts";
import type { ForecastContext, ForecastInput, WalkedAudience } from "#engine/forecast/stage.ts";
import { walkAudience } from "#engine/forecast/walk-audience.ts";
import { ContactKeeper } from "#engine/kept-forecast/keep-contacts.ts";
import { insertForecast, savePage } from "#engine/kept-forecast/kept-forecast-rows.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import { startBenchDatabase } from "./cluster.ts";
import { addFlow } from "./flow.ts";
import type { BenchOptions, Outcome } from "./outcome.ts";
import { atLeast, below, exactly } from "./outcome.ts";
import { findPostmaster, postgresSeconds } from "./process-costs.ts";
import { addWorkspace } from "./seed-crowds.ts";
import { seedPeople } from "./seed-people.ts";
import { round } from "./statistics.ts";

/**
 * The forecast of a flow of five nodes, two of which send, for every contact of a workspace: how many a second, by the clock and by the
 * processor time of this process and of Postgres, how much memory it takes, how long one contact takes, and how long it takes with
 * everything kept that is told of each contact.
 */
export async function measureForecast({ quick }: BenchOptions): Promise<Outcome> {
  const contacts = quick ? 3_000 : 100_000;
  const bench = await startBenchDatabase();
  try {
    const workspaceId = await addWorkspace(bench.db, "Forecast");
    await seedPeople(bench.db, workspaceId, contacts);
    await sql`vacuum analyze contacts`.execute(bench.db);
    const flowId = await addFlow(bench.db, workspaceId);
    const context = { db: bench.db, clock: databaseClock, nodes: nodeRegistry };
    const everybody = { type: "filter" as const, filter: { tests: [] }, excluded: [] };
    const asked = { workspaceId, flowId, selection: everybody, providers: {}, most: contacts };
    const look = (selection: ForecastInput["selection"]) => forecast(context, { ...asked, selection });
    const { rows } = await sql<{ id: string }>`select id from contacts where workspace_id = ${workspaceId} limit 20`.execute(bench.db);

    await look(everybody);
    const postmaster = await findPostmaster(bench.db);
    const postgresBefore = postgresSeconds(postmaster);
    const memoryBefore = process.memoryUsage().rss;
    const cpuBefore = process.cpuUsage();
    const begun = performance.now();
    const found = await look(everybody);
    const seconds = (performance.now() - begun) / 1000;
    const { user, system } = process.cpuUsage(cpuBefore);
    const cpuSeconds = (user + system) / 1_000_000;
    const postgresAfter = postgresSeconds(postmaster);
    const grownMb = (process.memoryUsage().rss - memoryBefore) / 1_000_000;

    const single: number[] = [];
    for (const { id } of rows) {
      const at = performance.now();
      await look({ type: "ids", ids: [id] });
      single.push(performance.now() - at);
    }
    const slowest = Math.max(...single);
    const keptSeconds = await keepAll(context, asked);
    return {
      figures: {
        contacts,
        seconds: round(seconds),
        cpuSeconds: round(cpuSeconds),
        postgresCpuSeconds: postgresBefore === null || postgresAfter === null ? null : round(postgresAfter - postgresBefore),
        keptSeconds: round(keptSeconds),
        perSecond: round(contacts / seconds),
        grownMb: round(grownMb),
        slowestSingleMs: round(slowest),
      },
      goals: [
        atLeast("contacts forecast a second and core of the process", contacts / cpuSeconds, quick ? 1 : 20_000, "contacts"),
        below(`the forecast of ${contacts.toLocaleString("en")} contacts`, seconds, 5, "s"),
        below("the slowest of 20 forecasts of one contact", slowest, 100, "ms"),
        exactly("contacts looked at", found.total, contacts),
      ],
      notes: [
        "Five nodes: start, SMS, condition, e-mail, end. The second of two runs is measured. The processor time is that of the process that forecasts; Postgres works beside it. `keptSeconds` is a third run that writes a row for each contact.",
      ],
    };
  } finally {
    await bench.stop();
  }
}

/** A forecast whose contacts are kept, as a worker makes it. Returns the seconds that it takes. */
async function keepAll(context: ForecastContext, input: ForecastInput): Promise<number> {
  const { workspaceId, flowId, most } = input;
  const walk = { id: randomUUID(), walk: randomUUID() };
  const row = { id: walk.id, workspaceId, flowId, question: {}, questionHash: "", total: most, askedBy: "bench" };
  await context.db.transaction().execute((tx) => insertForecast(tx, row, walk.walk, context.clock));
  const save = (audience: WalkedAudience, isLast: boolean) => savePage(context.db, walk, keeper.take(audience), isLast, context.clock);
  const keeper: ContactKeeper = new ContactKeeper(async (audience) => void (await save(audience, false)));
  const begun = performance.now();
  await save(await walkAudience(context, input, keeper), true);
  return (performance.now() - begun) / 1000;
}
