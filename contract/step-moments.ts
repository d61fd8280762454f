import { z } from "zod";
import { FlowNode } from "./flows.ts";
import { PreviewedContact } from "./message-previews.ts";
import { Timestamp, Uuid } from "./pagination.ts";

/** A step that waits by the clock, as it is being written, and whose clocks are asked. */
export const StepMomentsQuestion = z.strictObject({ flowId: Uuid, node: FlowNode, contactId: PreviewedContact.default("newest") });
export type StepMomentsQuestion = z.infer<typeof StepMomentsQuestion>;

export const StepMoment = z.object({
  /** When a contact comes to the step: now, and then when those before it went on. */
  comes: Timestamp,
  /** When it goes on. */
  goesOn: Timestamp,
  /** The exit by which it goes on. */
  exit: z.string(),
  /** Until when it would have been let through; null where that never ends, or the step has no such end. */
  closes: Timestamp.nullable(),
  /** What clocks in the zone are ahead of UTC at `goesOn`, in minutes. */
  offsetMinutes: z.number().int(),
  /** Why it cannot wait as the step says. */
  problem: z.string().nullable(),
});
export type StepMoment = z.infer<typeof StepMoment>;

export const StepMoments = z.object({
  contactId: Uuid.nullable(),
  contactName: z.string().nullable(),
  newer: Uuid.nullable(),
  older: Uuid.nullable(),
  /** The zone in which hours and days are counted, and whose it is. A contact without a known zone lives by the workspace's. */
  zone: z.string(),
  zoneOf: z.enum(["contact", "workspace"]),
  /** What clocks in the zone are ahead of UTC now, in minutes. */
  offsetMinutes: z.number().int(),
  moments: z.array(StepMoment).max(3),
});
export type StepMoments = z.infer<typeof StepMoments>;
