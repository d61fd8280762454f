import type { DraftState } from "../draft/draft-store.ts";

/** The steps that a key or a menu is about: those that are marked, or else the one that has the focus. */
export function chosenSteps({ marked, active, content }: Pick<DraftState, "marked" | "active" | "content">): readonly string[] {
  if (marked.length > 0) return marked;
  return content.nodes.some(({ id }) => id === active) && active !== null ? [active] : [];
}
