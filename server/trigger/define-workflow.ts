import { queue, schemaTask } from "@trigger.dev/sdk";
import { bulkQueue, HandOver, singleQueue, workflowTask } from "#engine/drivers/trigger/payload.ts";

/**
 * The task and its queues. Limits are per concurrency key, which is the workspace, in the deprecated form of the option on
 * purpose: servers before 4.8 silently ignore the new one. How many turns a workspace may really have is its own limit of
 * lanes, up to 64.
 */
export function defineWorkflow<T>(advance: (handOver: HandOver, run: { runId: string; attempt: number }) => Promise<T>) {
  const single = queue({ name: singleQueue, concurrencyLimit: 25 });
  const bulk = queue({ name: bulkQueue, concurrencyLimit: 64 });
  const triggerWorkflow = schemaTask({
    id: workflowTask,
    schema: HandOver,
    queue: single,
    maxDuration: 300,
    // Of what cannot even begin; what fails in the work itself is tried again by its rows.
    retry: { maxAttempts: 3, factor: 2, minTimeoutInMs: 1_000, maxTimeoutInMs: 10_000, randomize: true },
    run: (handOver, { ctx }) => advance(handOver, { runId: ctx.run.id, attempt: ctx.attempt.number }),
  });
  return { single, bulk, triggerWorkflow };
}
