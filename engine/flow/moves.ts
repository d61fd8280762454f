import type { ReadyFlow } from "./flow-graph.ts";

/** What a publication does with whoever stands at a node. A node without a rule: they stay. */
export type MoveRule = { action: "follow" } | { action: "node"; toNodeId: string } | { action: "leave" };

/** What a publication does with the people of one earlier version. */
export interface Move {
  publicationId: string;
  /** The place in the order of publications. */
  seq: number;
  toVersionId: string;
  toFlow: ReadyFlow;
  /** By the node at which they stand; `notBegun` for those who have not begun. */
  rules: ReadonlyMap<string, MoveRule>;
}

/** The moves away from each version, in the order in which they were published. */
export type Moves = ReadonlyMap<string, readonly Move[]>;

/** The first move from this version that an execution has not followed yet. */
export const nextMove = (moves: Moves, versionId: string, seenPublication: number): Move | undefined =>
  moves.get(versionId)?.find(({ seq }) => seq > seenPublication);
