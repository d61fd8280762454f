import { z } from "zod";
import { ContactFilter } from "./contacts.ts";
import { FlowGraph } from "./flows.ts";
import { Timestamp, Uuid } from "./pagination.ts";

/** An approval holds for an audience whose number moves by no more than this. */
export const mostMovedPercent = 5;

/** Which sends of a workspace wait until an admin or owner has approved them. Tests never do, because nothing of them leaves. */
export const ApprovalRules = z.strictObject({
  /** Sends to more contacts than this, whoever makes them; null: their number does not matter. */
  above: z.number().int().min(1).max(10_000_000).nullable().default(null),
  /** Every send of somebody who is no admin, by hand or by an API key. */
  editors: z.boolean().default(false),
  /**
   * With this, all that a person sends within `countedMinutes` counts towards the number, whatever the flow. Without it each flow counts by
   * itself, and a copy of a flow is another one.
   */
  allFlows: z.boolean().default(false),
});
export type ApprovalRules = z.infer<typeof ApprovalRules>;

/** Stored rules. Where they cannot be read, the sends of editors wait until an admin has set them anew: nobody knows what was meant. */
export const readApprovalRules = (stored: unknown): ApprovalRules =>
  ApprovalRules.safeParse(stored).data ?? { above: null, editors: true, allFlows: false };

/** The rules in force. `approvers`: how many people of the workspace are admin or owner. */
export const ApprovalSettings = z.object({ ...ApprovalRules.shape, approvers: z.number().int() });
export type ApprovalSettings = z.infer<typeof ApprovalSettings>;

/** Contacts to whom the same person has sent within so many minutes count towards the number, so that parts are no way around it. */
export const countedMinutes = 60;

/**
 * A send waits for an approval where this holds. The dialog and the server judge by it. `lately`: contacts to whom the same person has
 * sent the flow, or with `allFlows` anything, within `countedMinutes` without an approval.
 */
export const needsApproval = (
  { above, editors }: Pick<ApprovalRules, "above" | "editors">,
  { contacts, lately, isAdmin, isTest }: { contacts: number; lately: number; isAdmin: boolean; isTest: boolean },
): boolean => !isTest && ((above !== null && contacts + lately > above) || (editors && !isAdmin));

/** An audience has moved where it is another one than was looked at. */
export const hasMoved = (before: number, now: number): boolean => Math.abs(now - before) * 100 > before * mostMovedPercent;

export const returnReasons = ["audience_moved", "flow_changed", "limits_changed"] as const;
export type ReturnReason = (typeof returnReasons)[number];

/** Why a send went back to waiting, in words: what changed since it was looked at. */
export function returnWords(because: ReturnReason, { before, now }: { before: number; now: number }): string {
  const say = (count: number) => (count === 1 ? "1 contact" : `${count.toLocaleString("en")} contacts`);
  switch (because) {
    case "audience_moved":
      return `The audience has moved from ${say(before)} to ${say(now)}, more than ${mostMovedPercent} %.`;
    case "flow_changed":
      return "The flow was changed or published since it was looked at.";
    case "limits_changed":
      return "A limit of messages per contact was changed since it was looked at.";
  }
}

/** Why the caller cannot decide: they asked for it, or are no admin. */
export const undecidable = ["own", "role"] as const;

/** An approval that was asked for, with what it is about and what became of it. */
export const SendApproval = z.object({
  sendId: Uuid,
  state: z.enum(["asked", "approved", "refused", "withdrawn"]),
  /** Stands for everything that is approved. An approval names the one that was looked at. */
  hash: z.string(),
  /** How often it was asked: more than once if it went back. */
  round: z.number().int(),
  askedAt: Timestamp,
  askedByName: z.string().nullable(),
  /** How many contacts the selection meant when it was asked, or went back. */
  contacts: z.number().int(),
  /** How many it means now; null when it was decided, or where they could not be counted within five seconds. */
  contactsNow: z.number().int().nullable(),
  returned: z.object({ because: z.enum(returnReasons), at: Timestamp, contactsBefore: z.number().int() }).nullable(),
  decidedAt: Timestamp.nullable(),
  decidedByName: z.string().nullable(),
  comment: z.string().nullable(),
  flow: z.object({
    version: z.number().int(),
    /** The flow was changed or published since it was asked. An approval then goes back with the flow as it is now. */
    hasChanged: z.boolean(),
    /** Nothing is approved while the flow is archived: it can only be refused or withdrawn. */
    isArchived: z.boolean(),
    /** The send brought a graph of its own, and the flow only gave its name. What is approved is that graph and not the flow. */
    isOwn: z.boolean(),
  }),
  /** Whom it is for. A filter means whoever matches when the send begins; `excluded`: how many contacts were taken out of it. */
  audience: z.discriminatedUnion("type", [
    z.object({ type: z.literal("ids") }),
    z.object({ type: z.literal("filter"), filter: ContactFilter, excluded: z.number().int() }),
  ]),
  /** The planned start has passed while it waited: approved now, it begins at once. */
  startPassed: z.boolean(),
  /** The end of `notLaterThan` has passed: it can only be refused or withdrawn. */
  isTooLate: z.boolean(),
  /** Messages of all kinds per contact and day, and marketing messages per contact and day and week; null: no limit of its own. */
  limits: z.object({
    perContactDay: z.number().int(),
    marketingPerDay: z.number().int().nullable(),
    marketingPerWeek: z.number().int().nullable(),
  }),
  /** Null where the caller may decide. */
  mayNot: z.enum(undecidable).nullable(),
});
export type SendApproval = z.infer<typeof SendApproval>;

/** This part of an approval is for those alone who may read the contacts and the flow of the send. */
export const ApprovalContent = z.object({
  /** All contacts with values of their own, in the order of their names. They are at most `mostOwnValues`. */
  ownValues: z.array(
    z.object({
      contactId: Uuid,
      /** Null where the contact is no longer there. */
      name: z.string().nullable(),
      /** `label`: as the flow of the send calls the value. */
      values: z.array(z.object({ name: z.string(), label: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) })),
    }),
  ),
  /** The graph that the send brought; null where it follows a stored flow. */
  graph: FlowGraph.nullable(),
});
export type ApprovalContent = z.infer<typeof ApprovalContent>;

const Comment = z.string().trim().max(1_000);

export const ApproveSend = z.strictObject({
  /** The `hash` of what was looked at. */
  hash: z.string().min(1).max(100),
  comment: Comment.optional(),
  /** Needed where the planned start has passed: it begins at once. */
  startNow: z.boolean().default(false),
});
export const RefuseSend = z.strictObject({
  /** Told to who asked. */
  comment: Comment.min(1, "Say why, so that it can be changed"),
});
