import type { FlowDraftPatch } from "#contract/flow-drafts.ts";
import { type DraftContent, isSame } from "./content.ts";

/** What makes the content `from` the content `to`, as the API takes it; undefined where they are the same. */
export function deltaOf(from: DraftContent, to: DraftContent): Omit<FlowDraftPatch, "baseRevision"> | undefined {
  const nodes = listDelta(from.nodes, to.nodes);
  const edges = listDelta(from.edges, to.edges);
  const isNamed = from.name === to.name;
  const isSet = isSame(from.settings, to.settings);
  if (isNamed && isSet && isNothing(nodes) && isNothing(edges)) return undefined;
  return { ...(!isNamed && { name: to.name }), ...(!isSet && { settings: to.settings }), nodes, edges };
}

interface ListDelta<Item> {
  put: Item[];
  drop: string[];
}

function listDelta<Item extends { id: string }>(from: readonly Item[], to: readonly Item[]): ListDelta<Item> {
  const before = new Map(from.map((item) => [item.id, item]));
  const after = new Map(to.map((item) => [item.id, item]));
  return {
    put: [...after.values()].filter((item) => !isSame(before.get(item.id), item)),
    drop: [...before.keys()].filter((id) => !after.has(id)),
  };
}

const isNothing = ({ put, drop }: ListDelta<unknown>) => put.length === 0 && drop.length === 0;
