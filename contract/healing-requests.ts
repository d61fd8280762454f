import { z } from "zod";

export const HealSend = z.strictObject({
  /** How many contacts the caller was told. Where more can be reached by now the answer is `total_changed`, and nothing is sent. */
  seen: z.number().int().min(1).max(100_000_000).optional(),
});
