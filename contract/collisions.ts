import { z } from "zod";
import { Selection } from "./contacts.ts";
import { Timestamp, Uuid } from "./pagination.ts";

/** So many contacts are looked at, and so many days from today on. Of all of them together so many executions are followed. */
export const collisionLimits = { contacts: 1_000, days: 7, executions: 5_000 } as const;

export const CollisionQuestion = z.strictObject({ selection: Selection });

/**
 * The messages that chosen contacts get within the next days whatever is sent to them now: from executions that are under way and from
 * sends that are scheduled, if nothing changes. Tests and sends that are paused are left out.
 */
export const Collisions = z.object({
  at: Timestamp,
  /** How many contacts were looked at, and how many of them get at least one message. */
  contacts: z.number().int(),
  planned: z.number().int(),
  /** Today and the days behind, on the workspace's clock: "2026-12-01". */
  days: z.array(
    z.object({
      date: z.string(),
      messages: z.number().int(),
      contacts: z.number().int(),
      flows: z.array(z.object({ flowId: Uuid, flowName: z.string(), messages: z.number().int() })),
    }),
  ),
  /** The limits of marketing messages to one contact that are in force; null sets none. */
  cap: z.object({ perDay: z.number().int().nullable(), perWeek: z.number().int().nullable() }),
  /**
   * Each contact that gets a message, or that has or will have had as many marketing messages as it may (`isFull`): one more of this send
   * may not leave then.
   */
  who: z.array(
    z.object({
      contactId: Uuid,
      name: z.string().nullable(),
      messages: z.number().int(),
      isFull: z.boolean(),
      lastAt: Timestamp.nullable(),
    }),
  ),
  /** When the last of the messages leaves; null where there is none. */
  lastAt: Timestamp.nullable(),
  /** How many executions were not followed to the last day, because that took too long or there are too many. The figures are too low then. */
  unfollowed: z.number().int(),
});
export type Collisions = z.infer<typeof Collisions>;
