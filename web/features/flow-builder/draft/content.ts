import type { FlowDraft } from "#contract/flow-drafts.ts";

/** What an editor changes of a flow. It is never changed in place, so a part that is the same object has not changed. */
export type DraftContent = Pick<FlowDraft, "name" | "nodes" | "edges" | "settings">;

export const contentOf = ({ name, nodes, edges, settings }: DraftContent): DraftContent => ({ name, nodes, edges, settings });

/** Whether two parts of a content are the same, whatever the order of their keys. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [given(a), given(b)];
  return (
    left.length === right.length &&
    left.every(([key, value]) => Object.hasOwn(b, key) && isSame(value, (b as Record<string, unknown>)[key]))
  );
}

/** A key whose value is undefined is not sent, and counts as absent. */
const given = (value: object) => Object.entries(value).filter(([, inner]) => inner !== undefined);

/** Where two contents differ: the first step that was added or changed, or else one that leads elsewhere now. */
export function changedStep(before: DraftContent, after: DraftContent): string | undefined {
  const nodes = new Set(before.nodes);
  const changed = after.nodes.find((node) => !nodes.has(node))?.id;
  if (changed !== undefined) return changed;
  const edges = new Set(before.edges);
  return (
    after.edges.find((edge) => !edges.has(edge))?.source ??
    before.edges.find(({ id }) => !after.edges.some((edge) => edge.id === id))?.source
  );
}
