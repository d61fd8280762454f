import { defineWorkflow } from "./define-workflow.ts";
import { advanceHandOver } from "./run-worker.ts";

/** One hand-over: reads from the database what is to be done, advances once, and ends. Nothing ever waits in here. */
export const { single, bulk, triggerWorkflow } = defineWorkflow(advanceHandOver);
