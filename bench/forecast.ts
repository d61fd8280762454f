import { sql } from "kysely";
import { databaseClock } from "#engine/base/clock.ts";
import { forecast } from "#engine/forecast/forecast.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import { startBenchDatabase } from "./cluster.ts";
import { addFlow } from "./flow.ts";
import type { BenchOptions, Outcome } from "./outcome.ts";
import { atLeast, below, exactly } from "./outcome.ts";
import { addWorkspace } from "./seed-crowds.ts";
import { seedPeople } from "./seed-people.ts";
import { round } from "./statistics.ts";

/**
 * The forecast of a flow of five nodes, two of which send, for every contact of a workspace: how many a second, by the clock and by the
 * processor time of this process, how much memory it takes, and how long one contact takes.
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
    const look = (selection: Parameters<typeof forecast>[1]["selection"]) =>
      forecast(context, { workspaceId, flowId, selection, refusedChannels: {}, most: contacts });
    const { rows } = await sql<{ id: string }>`select id from contacts where workspace_id = ${workspaceId} limit 20`.execute(bench.db);

    await look(everybody);
    const memoryBefore = process.memoryUsage().rss;
    const cpuBefore = process.cpuUsage();
    const begun = performance.now();
    const found = await look(everybody);
    const seconds = (performance.now() - begun) / 1000;
    const { user, system } = process.cpuUsage(cpuBefore);
    const cpuSeconds = (user + system) / 1_000_000;
    const grownMb = (process.memoryUsage().rss - memoryBefore) / 1_000_000;

    const single: number[] = [];
    for (const { id } of rows) {
      const at = performance.now();
      await look({ type: "ids", ids: [id] });
      single.push(performance.now() - at);
    }
    const slowest = Math.max(...single);
    return {
      figures: {
        contacts,
        seconds: round(seconds),
        cpuSeconds: round(cpuSeconds),
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
        "Five nodes: start, SMS, condition, e-mail, end. The second of two runs is measured. The processor time is that of the process that forecasts; Postgres works beside it.",
      ],
    };
  } finally {
    await bench.stop();
  }
}
