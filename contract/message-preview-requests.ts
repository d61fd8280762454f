import { z } from "zod";
import { Selection } from "./contacts.ts";
import { launchShape } from "./launch-values.ts";

// Apart from the answers, because the first pages of the browser read those and would load what a flow may ask for with them.

/** Which message of a flow is read before it is sent: the step, and whose first contact it is filled in for. */
export const MessagePreviewQuestion = z.strictObject({
  nodeId: z.string().min(1).max(200),
  selection: Selection,
  /** What is given for what the flow asks for, as for a send. What cannot be taken yet is left out. */
  values: launchShape.values,
  contactValues: launchShape.contactValues,
});
export type MessagePreviewQuestion = z.infer<typeof MessagePreviewQuestion>;
