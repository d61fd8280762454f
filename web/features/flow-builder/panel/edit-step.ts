import type { FlowNode } from "#contract/flows.ts";
import type { DraftStore } from "../draft/draft-store.ts";

/** Changes one step of a draft. Changes with the same key that follow each other are taken back together, as what is typed. */
export function editStep(store: DraftStore, nodeId: string, label: string, recipe: (found: FlowNode) => void, key: string): boolean {
  return store.getState().edit(
    label,
    (draft) => {
      const found = draft.nodes.find(({ id }) => id === nodeId);
      if (found) recipe(found);
    },
    `${nodeId} ${key}`,
  );
}
