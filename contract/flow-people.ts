import { z } from "zod";
import { Timestamp, Uuid } from "./pagination.ts";

/** Somebody who has a flow open now. */
export const FlowPerson = z.object({
  userId: Uuid,
  name: z.string(),
  /** In how many tabs, whatever the browser. */
  tabs: z.number().int(),
  since: Timestamp,
});
export type FlowPerson = z.infer<typeof FlowPerson>;

/** Everybody who has the flow open, in the order in which they came. */
export const FlowPeople = z.object({ people: z.array(FlowPerson) });

/** Names a tab, so that one that connects again is not counted twice. A stream carries its workspace in the address. */
export const OpenTab = z.strictObject({ tab: Uuid, workspaceId: z.string().max(100).optional() });

export const FlowFavourite = z.strictObject({ favourite: z.boolean() });
