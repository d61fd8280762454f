import type { FlowDraftPatch } from "#contract/flow-drafts.ts";
import type { StoredContent } from "#db/queries/flow-drafts.ts";

/**
 * Applies a change to a stored content. Nodes and edges that the change does not name stay byte for byte, also those that
 * other tools wrote and nobody here can read.
 */
export function applyDraftPatch(content: StoredContent, { name, settings, nodes, edges }: FlowDraftPatch): StoredContent {
  return {
    name: name ?? content.name,
    settings: settings ?? content.settings,
    nodes: applyToList(content.nodes, nodes),
    edges: applyToList(content.edges, edges),
  };
}

function applyToList(stored: unknown, { put, drop }: { put: readonly { id: string }[]; drop: readonly string[] }): unknown[] {
  const dropped = new Set(drop);
  const given = new Map(put.map((item) => [item.id, item]));
  const kept = (Array.isArray(stored) ? stored : []).flatMap((item: unknown) => {
    const id = idOf(item);
    if (id === undefined) return [item];
    const replacement = given.get(id);
    given.delete(id);
    return replacement !== undefined ? [replacement] : dropped.has(id) ? [] : [item];
  });
  return [...kept, ...given.values()];
}

const idOf = (item: unknown): string | undefined =>
  typeof item === "object" && item !== null && "id" in item && typeof item.id === "string" ? item.id : undefined;
