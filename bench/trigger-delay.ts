import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Selection } from "#contract/contacts.ts";
import type { BenchDatabase } from "./cluster.ts";
import { clearSends, fillWorkspace } from "./fill.ts";
import { addFlow, delayGraph, smsGraph } from "./flow.ts";
import { below, type Goal } from "./outcome.ts";
import { round } from "./statistics.ts";
import { limits, startBoth } from "./trigger-product.ts";

/**
 * A large send whose flow has one delay, and sends to one contact beside it: before the first wake-ups, while most of them
 * are due, and among the last.
 */
export async function measureDelayed(bench: BenchDatabase, contacts: number): Promise<{ figures: object; goals: Goal[] }> {
  const { db } = bench;
  const workspaceId = await fillWorkspace(db, contacts);
  const [delayed, alone] = [await addFlow(db, workspaceId, delayGraph), await addFlow(db, workspaceId, smsGraph)];
  const product = await startBoth(bench, limits.batchItems);
  const send = (flowId: string, selection: Selection) =>
    product.engine.createSend({ workspaceId, flowId, source: "api", isTest: false, launchedBy: null, launchedByName: "bench", selection });
  const count = async (what: ReturnType<typeof sql>) =>
    (await sql<{ many: number }>`select count(*)::int as many from ${what}`.execute(db)).rows[0]?.many ?? 0;
  const reached = async (is: () => Promise<boolean>) => {
    while (!(await is())) await sleep(20);
  };
  try {
    const begun = performance.now();
    const { sendId } = await send(delayed, { type: "filter", filter: { tests: [] }, excluded: [] });
    const ids = (await db.selectFrom("contacts").select("id").where("workspace_id", "=", workspaceId).limit(3).execute()).map(
      ({ id }) => id,
    );
    const done = () => count(sql`flow_executions where send_id = ${sendId}::uuid and status = 'completed'`);
    const besideMs: number[] = [];
    const beside = async () => {
      const from = performance.now();
      const one = await send(alone, { type: "ids", ids: ids.splice(0, 1) });
      await reached(async () => (await count(sql`messages where flow_execution_id = ${one.executionId}::uuid and status <> 'queued'`)) > 0);
      besideMs.push(round(performance.now() - from));
    };
    await reached(async () => (await count(sql`wake_ups where due_at <= now() + interval '10 minutes' limit 100`)) >= 100);
    await beside();
    await reached(async () => (await done()) > 0);
    await beside();
    await reached(async () => (await done()) > contacts * 0.9);
    await beside();
    await reached(async () => (await done()) === contacts);
    const { counts, runs } = product.fixture;
    const figures = {
      executions: contacts,
      completedMs: round(performance.now() - begun),
      runs: runs.all.size,
      singles: [...runs.all.values()].filter(({ options }) => options.queue?.name === "sluice-single").length,
      requests: counts.requests,
      besideMs,
    };
    console.log(
      `${contacts} executions with a delay: ${figures.runs} runs, ${figures.requests} requests, beside it ${besideMs.join(", ")} ms`,
    );
    const what = `${contacts.toLocaleString("en-US")} executions with one delay`;
    return {
      figures,
      goals: [
        below(`runs for ${what}`, figures.runs, 60, "runs"),
        below(`a send to one beside ${what}`, Math.max(...besideMs), 2_000, "ms"),
      ],
    };
  } finally {
    await product.stop();
    await clearSends(db);
    await db.deleteFrom("workspaces").execute();
  }
}
