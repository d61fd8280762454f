import { type DraftContent, isSame } from "./content.ts";
import type { Overlap } from "./merge-drafts.ts";

type Place = Pick<Overlap, "kind" | "id">;

/** What a content has where two editors overlap; undefined where it has nothing. */
export function valueAt(content: DraftContent, { kind, id }: Place): unknown {
  if (kind === "name") return content.name;
  if (kind === "setting") return content.settings[id];
  return (kind === "node" ? content.nodes : content.edges).find((item) => item.id === id);
}

/**
 * A content as it may be sent: what waits for a choice between two editors is as the server has it, so that neither side is
 * written over before somebody has chosen.
 */
export function withoutResting(content: DraftContent, saved: DraftContent, overlaps: readonly Place[]): DraftContent {
  if (overlaps.length === 0) return content;
  const ids = (kind: Overlap["kind"]) => new Set(overlaps.flatMap((one) => (one.kind === kind ? [one.id] : [])));
  const settings = ids("setting");
  const keep = <Value>(record: Record<string, Value>, here: boolean) =>
    Object.entries(record).filter(([key]) => settings.has(key) === here);
  const nodes = asSaved(content.nodes, saved.nodes, ids("node"));
  const there = new Set(nodes.map(({ id }) => id));
  // A line to a step that the server does not have yet waits with that step.
  const waiting = new Set([...ids("node")].filter((id) => !there.has(id)));
  return {
    name: ids("name").size > 0 ? saved.name : content.name,
    settings: Object.fromEntries([...keep(content.settings, false), ...keep(saved.settings, true)]),
    nodes,
    edges: asSaved(content.edges, saved.edges, ids("edge")).filter(({ source, target }) => !waiting.has(source) && !waiting.has(target)),
  };
}

/** In the order of the first list; what of the second one rests and is not there comes last. */
function asSaved<Item extends { id: string }>(list: readonly Item[], saved: readonly Item[], resting: ReadonlySet<string>): Item[] {
  if (resting.size === 0) return [...list];
  const before = new Map(saved.map((item) => [item.id, item]));
  const ids = new Set(list.map(({ id }) => id));
  return [
    ...list.flatMap((item) => (resting.has(item.id) ? (before.get(item.id) ?? []) : item)),
    ...saved.filter(({ id }) => resting.has(id) && !ids.has(id)),
  ];
}

/**
 * The overlaps that are still to be chosen, with what the other side has now. Where both have come to be the same nothing is
 * left to choose.
 */
export function stillOpen(overlaps: readonly Overlap[], mine: DraftContent, theirs: DraftContent): Overlap[] {
  return overlaps.flatMap((overlap) => {
    const now = valueAt(theirs, overlap);
    const isSettled = overlap.mine === undefined ? now === undefined : isSame(valueAt(mine, overlap), now);
    return isSettled ? [] : [{ ...overlap, theirs: now }];
  });
}
