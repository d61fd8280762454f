import { queue, schemaTask } from "@trigger.dev/sdk";
import { bulkQueue, HandOver, singleQueue, workflowTask } from "#engine/drivers/trigger-payload.ts";
import { advanceHandOver } from "./run-worker.ts";

// Limits per concurrency key, which is the workspace. The deprecated form of the option, on purpose: servers before 4.8
// silently ignore the new one. How many turns a workspace may really have is its own limit of lanes, up to 64.
export const single = queue({ name: singleQueue, concurrencyLimit: 25 });
export const bulk = queue({ name: bulkQueue, concurrencyLimit: 64 });

/** One hand-over: reads from the database what is to be done, advances once, and ends. Nothing ever waits in here. */
export const triggerWorkflow = schemaTask({
  id: workflowTask,
  schema: HandOver,
  queue: single,
  maxDuration: 300,
  // Of what cannot even begin; what fails in the work itself is tried again by its rows.
  retry: { maxAttempts: 3, factor: 2, minTimeoutInMs: 1_000, maxTimeoutInMs: 10_000, randomize: true },
  run: (handOver, { ctx }) => advanceHandOver(handOver, { runId: ctx.run.id, attempt: ctx.attempt.number }),
});
