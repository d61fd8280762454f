import { z } from "zod";

/** The only task that Trigger.dev runs. Its name comes from the founding document. */
export const workflowTask = "trigger-workflow";
/** Work that a person waits for has a queue of its own, so that it does not wait behind work that takes minutes. */
export const singleQueue = "sluice-single";
export const bulkQueue = "sluice-bulk";
/** Package, command line and server must have the same version. A test compares this with package.json. */
export const sdkVersion = "4.8.3";

/** The payload of a run says only which row to read. The job itself, with the ids of people and flows, never leaves the database. */
export const HandOver = z.object({
  version: z.literal(1),
  id: z.uuid(),
  generation: z.number().int().nonnegative(),
});
export type HandOver = z.infer<typeof HandOver>;
