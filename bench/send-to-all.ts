import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import pino from "pino";
import { captureProvider } from "#channels/capture/send.ts";
import { createGraphileDriver } from "#engine/drivers/graphile.ts";
import { createEngine } from "#engine/engine.ts";
import type { WorkSizes } from "#engine/jobs/work-sizes.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import type { BenchDatabase } from "./cluster.ts";
import { type CpuUse, markCpu } from "./process-costs.ts";

export interface SendTimes {
  /** createSend called → answered, milliseconds. */
  answeredMs: number;
  /** createSend called → the last contact enrolled. */
  enrolledMs: number;
  /** createSend called → the last execution ended. */
  completedMs: number;
  /** The processor time that Postgres and this process used for it. */
  cpu: CpuUse;
}

const providers = { sms: captureProvider("sms"), email: captureProvider("email") };

/** The product's own way: one createSend by filter, graphile-worker, capture channels, every gate on. */
export async function sendToAll(
  { db, url }: BenchDatabase,
  target: { workspaceId: string; flowId: string; expected: number; workSizes?: Partial<WorkSizes> },
): Promise<SendTimes> {
  const log = pino({ level: "error" });
  const driver = createGraphileDriver({ connectionString: url, log });
  const { workSizes } = target;
  const engine = createEngine({ db, nodes: nodeRegistry, providerFor: async (_, channel) => providers[channel], driver, log, workSizes });
  await engine.start();
  try {
    const readCpu = await markCpu(db);
    const begun = performance.now();
    const { sendId } = await engine.createSend({
      workspaceId: target.workspaceId,
      flowId: target.flowId,
      source: "api",
      isTest: false,
      selection: { type: "filter", filter: { tests: [] }, excluded: [] },
      launchedBy: null,
      launchedByName: "bench",
    });
    const answeredMs = performance.now() - begun;
    let enrolledMs: number | undefined;
    for (;;) {
      const { rows } = await sql<{ state: string; completed: number; in: boolean }>`
        select state, completed, enrolled_at is not null as in from flow_sends where id = ${sendId}::uuid`.execute(db);
      if (rows[0]?.in) enrolledMs ??= performance.now() - begun;
      if (rows[0]?.state === "done") {
        const completedMs = performance.now() - begun;
        if (rows[0].completed !== target.expected) throw new Error(`${rows[0].completed} of ${target.expected} executions completed`);
        return { answeredMs, enrolledMs: enrolledMs ?? completedMs, completedMs, cpu: readCpu() };
      }
      await sleep(20);
    }
  } finally {
    await engine.stop();
  }
}
