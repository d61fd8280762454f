import { z } from "zod";

/** The one task that Trigger.dev runs; its name is the founding document's. */
export const workflowTask = "trigger-workflow";
/** What a person waits for has a queue of its own, past whatever runs for minutes. */
export const singleQueue = "sluice-single";
export const bulkQueue = "sluice-bulk";
/** Package, command line and server belong together; a test holds this to package.json. */
export const sdkVersion = "4.8.3";

/** All that Trigger.dev is told: which row to read. What is to be done, and for whom, never leaves the database. */
export const HandOver = z.object({
  version: z.literal(1),
  id: z.uuid(),
  generation: z.number().int().nonnegative(),
});
export type HandOver = z.infer<typeof HandOver>;
