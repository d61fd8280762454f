import { z } from "zod";
import { Timestamp } from "./pagination.ts";

/** What concerns everybody who works on this instance. */
export const Instance = z.object({
  /** Not null: this is a restored copy of data that was elsewhere, and it sends nothing until an owner says so. */
  sendingHeldSince: Timestamp.nullable(),
});
export type Instance = z.infer<typeof Instance>;
