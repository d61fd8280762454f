import { defineWorkflow } from "#server/trigger/define-workflow.ts";

/**
 * The same task and queues on a live server. The test that waits for the runs executes them. The queue for many takes one
 * at a time, because the environment's limit of some hundred would let everything begin at once.
 */
export const { single, bulk, triggerWorkflow } = defineWorkflow(
  async (handOver, run) => {
    const answer = await fetch(process.env.SLUICE_TEST_PERFORMER ?? "", { method: "POST", body: JSON.stringify({ handOver, run }) });
    if (!answer.ok) throw new Error(await answer.text());
  },
  { single: 25, bulk: 1 },
);
