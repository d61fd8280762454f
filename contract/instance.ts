import { z } from "zod";
import { Timestamp } from "./pagination.ts";

/** The state of the instance that concerns all its workspaces. */
export const Instance = z.object({
  /** Set if this is a restored copy of data that was at another place. It sends nothing until an owner allows it. */
  sendingHeldSince: Timestamp.nullable(),
});
export type Instance = z.infer<typeof Instance>;
