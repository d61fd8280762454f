import { resourceCatalog } from "@trigger.dev/core/v3";
import { runInMockTaskContext } from "@trigger.dev/core/v3/test";
import { StandardResourceCatalog } from "@trigger.dev/core/v3/workers";
import { workflowTask } from "#engine/drivers/trigger/payload.ts";
import type { Execute } from "./trigger-fixture-runs.ts";

// This is the only file that knows the SDK's insides. Its mock context is public but not promised, so the version is
// pinned.

/**
 * Loads the task's own file as a Trigger.dev worker does, and returns a function that executes a run of it: parse, then
 * run.
 */
export async function loadWorkflowTask(): Promise<Execute> {
  resourceCatalog.setGlobalResourceCatalog(new StandardResourceCatalog());
  // Without the context of a file a task is not registered, and there is no error.
  resourceCatalog.setCurrentFileContext("server/trigger/trigger-workflow.ts", "trigger-workflow");
  await import("#server/trigger/trigger-workflow.ts");
  resourceCatalog.clearCurrentFileContext();
  const task = resourceCatalog.getTask(workflowTask);
  if (!task) throw new Error("The task registered nothing.");
  const { run, parsePayload } = task.fns;
  // There is one context per process, so runs are executed one after the other.
  let last: Promise<unknown> = Promise.resolve();
  return (payload, { runId, attempt, signal }) => {
    const mine = last.then(() =>
      runInMockTaskContext(async ({ ctx }) => run(parsePayload ? await parsePayload(payload) : payload, { ctx, signal }), {
        ctx: { run: { id: runId }, attempt: { number: attempt } },
      }),
    );
    last = mine.catch(() => {});
    return mine;
  };
}

/** The queues that the task's file declares, by name, with their limits. */
export const declaredQueues = () => resourceCatalog.listQueueManifests();
export const declaredTask = () => resourceCatalog.getTaskManifest(workflowTask);
