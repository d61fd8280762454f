import { defineWorkflow } from "#server/trigger/define-workflow.ts";

/** The same task and queues on a live server, whose runs are done by the test that waits for them. */
export const { single, bulk, triggerWorkflow } = defineWorkflow(async (handOver, run) => {
  const answer = await fetch(process.env.SLUICE_TEST_PERFORMER ?? "", { method: "POST", body: JSON.stringify({ handOver, run }) });
  if (!answer.ok) throw new Error(await answer.text());
});
