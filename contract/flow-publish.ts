import { z } from "zod";
import { DraftRevision } from "./flow-drafts.ts";
import { FlowChange } from "./flow-versions.ts";
import { FlowProblem, flowLimits } from "./flows.ts";
import { Timestamp } from "./pagination.ts";
import { requiredText } from "./required-text.ts";

/** What becomes of people when a new version is published. */
export const peopleActions = ["stay", "follow", "node", "leave"] as const;

const NodeId = z.string().min(1).max(100);

/**
 * What becomes of those who stand at a step of an earlier version. `nodeId` null: those who are enrolled and have not begun.
 * `stay`: they finish on their version. `follow`: they go on at the same step of the new one. `node`: they go on at another
 * step of the new one. `leave`: they are taken out.
 */
export const PeopleMove = z.discriminatedUnion("action", [
  z.strictObject({ nodeId: NodeId.nullable(), action: z.enum(["stay", "follow", "leave"]) }),
  z.strictObject({ nodeId: NodeId.nullable(), action: z.literal("node"), toNodeId: NodeId }),
]);
export type PeopleMove = z.infer<typeof PeopleMove>;

export const FlowPublish = z.strictObject({
  revision: DraftRevision.optional(),
  note: z.string().trim().max(1000).optional(),
  /** The mark of what is live, where that was changed since the draft began and is to be replaced all the same. */
  replaces: DraftRevision.optional(),
  /**
   * What becomes of the people inside, by the step at which they stand. At a step that is not named they follow if nothing of
   * their way ahead changes, and stay otherwise. People who wait at a step that is removed must be named.
   */
  moves: z
    .array(PeopleMove)
    .max(flowLimits.nodes + 1)
    .refine((moves) => new Set(moves.map(({ nodeId }) => nodeId)).size === moves.length, "Each step may be named once")
    .default([]),
  /** Why it is published although tests of the flow do not pass. Only an admin may do so. */
  acceptFailedTests: requiredText(500).optional(),
});
export type FlowPublish = z.infer<typeof FlowPublish>;

/** How many people a publication concerns. Those in the middle of a step are among the others, and move when it is done. */
export const PeopleCounts = z.object({
  following: z.number().int(),
  staying: z.number().int(),
  leaving: z.number().int(),
  inFlight: z.number().int(),
});
export type PeopleCounts = z.infer<typeof PeopleCounts>;

/** What changes ahead of a step. `nodeId` is the step that changes, or that an exit leads away from. */
export const WayChange = z.object({
  kind: z.enum([
    "content",
    "timing",
    "goal_added",
    "branch",
    "branch_removed",
    "key",
    "replaced",
    "step_added",
    "step_removed",
    "rerouted",
  ]),
  nodeId: z.string(),
});
export type WayChange = z.infer<typeof WayChange>;

/** The people who stand at one step, of all earlier versions in which their way ahead differs from the new one. */
export const PeopleAtStep = z.object({
  /** Null: enrolled and not begun. */
  nodeId: z.string().nullable(),
  /** The name of the step in the version in which they stand. */
  label: z.string().nullable(),
  nodeType: z.string().nullable(),
  count: z.number().int(),
  inFlight: z.number().int(),
  /** Since when the one who rests longest has rested here, and until when the last one will. Null where nobody rests. */
  since: Timestamp.nullable(),
  until: Timestamp.nullable(),
  /** The numbers of their versions. */
  versions: z.array(z.number().int()),
  /** Whether the step is not in the new version, or is of another type there. Somebody must say what becomes of them. */
  isRemoved: z.boolean(),
  affectedBy: z.array(WayChange),
  /** Null: no proposal. */
  proposed: z.enum(["stay", "follow"]).nullable(),
  choices: z.array(z.enum(peopleActions)),
  /** Where the way of a removed step leads now: the step that is proposed to move them to. */
  healedTo: z.string().nullable(),
});
export type PeopleAtStep = z.infer<typeof PeopleAtStep>;

export const PublishPreview = z.object({
  problems: z.array(FlowProblem),
  /** What differs from what is live. */
  changes: z.array(FlowChange),
  people: z.array(PeopleAtStep),
  /** People of earlier versions for whose way ahead nothing changes, and at how many steps they are. They follow. */
  unaffected: z.object({ people: z.number().int(), steps: z.number().int() }),
  /** The number that the version will have. */
  number: z.number().int(),
});
export type PublishPreview = z.infer<typeof PublishPreview>;
