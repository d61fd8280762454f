import { defineWorkflow } from "./define-workflow.ts";
import { advanceHandOver } from "./run-worker.ts";

/** One run of the task: it reads from the database what is to be done, advances once, and ends. It never waits. */
export const { single, bulk, triggerWorkflow } = defineWorkflow(advanceHandOver);
