import { queue, schemaTask } from "@trigger.dev/sdk";
import { bulkQueue, HandOver, singleQueue, workflowTask } from "#engine/drivers/trigger/payload.ts";

/**
 * Defines the task and its queues. The limits are per concurrency key, which is the workspace. They use the deprecated
 * form of the option on purpose, because servers before 4.8 silently ignore the new one. The number of turns that a
 * workspace may really have is its own limit of lanes, up to 64.
 */
export function defineWorkflow<T>(
  advance: (handOver: HandOver, run: { runId: string; attempt: number }) => Promise<T>,
  limits = { single: 25, bulk: 64 },
) {
  const single = queue({ name: singleQueue, concurrencyLimit: limits.single });
  const bulk = queue({ name: bulkQueue, concurrencyLimit: limits.bulk });
  const triggerWorkflow = schemaTask({
    id: workflowTask,
    schema: HandOver,
    queue: single,
    maxDuration: 300,
    // These retries are for runs that cannot even begin. Work that fails in a run is tried again from its rows.
    retry: { maxAttempts: 3, factor: 2, minTimeoutInMs: 1_000, maxTimeoutInMs: 10_000, randomize: true },
    run: (handOver, { ctx }) => advance(handOver, { runId: ctx.run.id, attempt: ctx.attempt.number }),
  });
  return { single, bulk, triggerWorkflow };
}
