import { z } from "zod";
import { Timestamp, Uuid } from "./pagination.ts";

/** For how many days a deleted flow can be restored. */
export const flowBinDays = 30;

/** What archiving a flow means now, to decide by. */
export const ArchivePreview = z.object({
  /** Contacts who are in the flow, or who are chosen and have not entered yet. */
  people: z.number().int(),
  /** Flows with steps that start this one. These steps fail once it is archived. */
  startedBy: z.array(z.object({ flowId: Uuid, flowName: z.string(), nodeId: z.string(), step: z.string(), isDraft: z.boolean() })),
});
export type ArchivePreview = z.infer<typeof ArchivePreview>;

export const FlowArchive = z.strictObject({
  /** Whether the contacts who are in the flow finish it, or are ended at once. */
  people: z.enum(["finish", "end"]),
});
export const FlowArchived = z.object({
  success: z.literal(true),
  /** How many contacts were ended. */
  stopped: z.number().int(),
  /** Sends that are still to be ended, where there are many: ask again. */
  sendsLeft: z.number().int(),
});
export type FlowArchived = z.infer<typeof FlowArchived>;

/** A flow in the bin. */
export const BinnedFlow = z.object({
  id: Uuid,
  name: z.string(),
  stepCount: z.number().int(),
  deletedAt: Timestamp,
  /** The person or the API key. Null where it was deleted by SQL. */
  deletedByName: z.string().nullable(),
  /** Until when it can be restored. */
  restorableUntil: Timestamp,
});
export type BinnedFlow = z.infer<typeof BinnedFlow>;
