import { z } from "zod";

/** A type of step, with the JSON Schema of its settings (`data.config` of a node). */
export const NodeTypeDescription = z.object({
  type: z.string(),
  label: z.string(),
  description: z.string(),
  category: z.string(),
  config: z.record(z.string(), z.unknown()),
});
export type NodeTypeDescription = z.infer<typeof NodeTypeDescription>;
