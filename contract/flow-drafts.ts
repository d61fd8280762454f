import { z } from "zod";
import { FlowEdge, FlowName, FlowNode, FlowProblem, flowLimits } from "./flows.ts";
import { Timestamp, Uuid } from "./pagination.ts";

/**
 * Names what somebody has seen of a flow: its draft, or what is live where there is no draft. A save that names another
 * one than the present is refused, so nobody overwrites what they have not seen. Clients only hand it back.
 */
export const DraftRevision = z.string().min(1).max(100);

const Settings = z.record(z.string(), z.unknown());

/** What is edited of a flow. Where nothing waits to be published, it is what is live, and `isDraft` is false. */
export const FlowDraft = z.object({
  flowId: Uuid,
  isDraft: z.boolean(),
  revision: DraftRevision,
  name: z.string(),
  nodes: z.array(FlowNode),
  edges: z.array(FlowEdge),
  settings: Settings,
  problems: z.array(FlowProblem),
  /** What is live now has this mark; publishing may name it to say that it was seen. */
  live: DraftRevision,
  /** Whether what is live was changed, by the API or by another tool, since this draft began. */
  liveChanged: z.boolean(),
  updatedAt: Timestamp.nullable(),
  updatedByName: z.string().nullable(),
});
export type FlowDraft = z.infer<typeof FlowDraft>;

const putOrDrop = <Item extends z.ZodType<{ id: string }>>(item: Item, most: number, longestId: number) =>
  z
    .strictObject({ put: z.array(item).max(most).default([]), drop: z.array(z.string().min(1).max(longestId)).max(most).default([]) })
    .refine(
      ({ put, drop }) => new Set([...put.map(({ id }) => id), ...drop]).size === put.length + drop.length,
      "Each id may be named once",
    )
    .default({ put: [], drop: [] });

/**
 * What changed since `baseRevision`: nodes and edges by their ids. A node of `put` replaces the one of its id or is added;
 * an id of `drop` that is not there is passed over. `settings` replaces them all. What is left out stays.
 */
export const FlowDraftPatch = z.strictObject({
  /** May be left out where the request has it as `If-Match`. */
  baseRevision: DraftRevision.optional(),
  name: FlowName.optional(),
  settings: Settings.optional(),
  nodes: putOrDrop(FlowNode, flowLimits.nodes, 100),
  edges: putOrDrop(FlowEdge, flowLimits.edges, 200),
});
export type FlowDraftPatch = z.infer<typeof FlowDraftPatch>;

/** The answer of a save. It holds no graph, because the editor has a newer one by now. */
export const FlowDraftSaved = FlowDraft.pick({
  isDraft: true,
  revision: true,
  problems: true,
  live: true,
  liveChanged: true,
  updatedAt: true,
});
export type FlowDraftSaved = z.infer<typeof FlowDraftSaved>;

/** A draft that was thrown away. It is kept for 30 days, and the last 20 of a flow. */
export const DiscardedDraft = z.object({
  id: Uuid,
  name: z.string(),
  stepCount: z.number().int(),
  discardedAt: Timestamp,
  discardedByName: z.string().nullable(),
});
export type DiscardedDraft = z.infer<typeof DiscardedDraft>;
export const discardedDrafts = { days: 30, most: 20 } as const;

/** Puts a version or a discarded draft into the draft. What is live stays as it is. */
export const DraftRestore = z.strictObject({
  baseRevision: DraftRevision.optional(),
  from: z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("version"), id: Uuid }),
    z.strictObject({ type: z.literal("discarded"), id: Uuid }),
  ]),
});
export type DraftRestore = z.infer<typeof DraftRestore>;
