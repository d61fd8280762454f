import { useEffect } from "react";
import { isolated } from "#ui/format.ts";
import type { DraftStore } from "./draft/draft-store.ts";
import { nameIn } from "./outline/step-name.ts";
import { tell } from "./tell.ts";
import { useDraft } from "./use-draft.ts";

/** Says whose changes have come in beside one's own, so that a flow does not change unseen under one's hands. */
export function useMergeWords(store: DraftStore, me: string): void {
  const merged = useDraft(store, (state) => state.merged);
  useEffect(() => {
    if (merged) tell(mergeWords(merged, me, (id) => nameIn(store.getState().content, id)));
  }, [merged, me, store]);
}

export function mergeWords(
  { by, steps }: { by: string | null; steps: readonly string[] },
  me: string,
  nameOf: (id: string) => string,
): string {
  const who = by === me ? "you made in another window" : `of ${by ? isolated(by) : "somebody else"}`;
  const [first = "", second, ...more] = steps.map((id) => `“${nameOf(id)}”`);
  const where = second === undefined ? first : more.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${more.length} more`;
  return `Merged with the changes ${who} to ${where}`;
}
