import { current, isDraft } from "immer";
import type { FlowPart } from "#contract/flow-part.ts";
import { connect } from "./change-graph.ts";
import { edgeAt, type Graph, type Place } from "./exits.ts";
import { isOnePiece, partOf } from "./part.ts";
import { pastePart, putPart } from "./paste.ts";
import { placesAfter } from "./places.ts";
import { reachableFrom } from "./reach.ts";
import { removeSteps, waysOut } from "./remove.ts";

/**
 * Moves steps to other places. Where they were, those who come go on by the first way. A way that led elsewhere than the
 * first one still leads there, unless that would be a ring.
 */
export function moveSteps(graph: Graph, ids: readonly string[], places: readonly Place[]): void {
  const now = settled(graph);
  const part = partOf(now, ids);
  if (!part || !mayMoveTo(now, part, places)) return;
  const [first, ...others] = waysOut(now, ids);
  removeSteps(graph, ids);
  putPart(graph, structuredClone(part), places);
  for (const { source, exit, target } of others) {
    if (target !== first?.target && !reachableFrom(graph, [target]).has(source)) connect(graph, { source, exit }, target);
  }
}

/** Whether a part may be moved there: not to where it is, not behind itself, and not where it would cut off what follows. */
export function mayMoveTo(graph: Graph, part: FlowPart, places: readonly Place[]): boolean {
  const inside = new Set(part.nodes.map(({ id }) => id));
  const after = places[0] && edgeAt(graph, places[0])?.target;
  if (!isOnePiece(part) || places.length === 0 || places.some(({ source }) => inside.has(source))) return false;
  if (after !== undefined && after === part.entry) return false;
  return part.loose.length > 0 || after === undefined || inside.has(after);
}

/** Puts copies of steps behind them, by which they lead on. Answers their ids. */
export function duplicateSteps(graph: Graph, ids: readonly string[]): string[] {
  const now = settled(graph);
  const part = partOf(now, ids);
  if (!part) return [];
  const nodes = part.nodes.map((node) => (node.data.label ? { ...node, data: { ...node.data, label: `${node.data.label} copy` } } : node));
  const first = part.loose.slice(0, 1);
  return pastePart(graph, { ...part, nodes }, placesAfter(now, ids) ?? first).ids;
}

/** The graph as it is now. What a recipe is given cannot be cloned. */
const settled = (graph: Graph): Graph => (isDraft(graph) ? current(graph) : graph);
