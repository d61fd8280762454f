import { keep, recall } from "#ui/browser-memory.ts";

/** The branches that this person has folded in a flow, kept in this browser. */
export const keptFolds = (flowId: string) => {
  const key = `builder-folds ${flowId}`;
  return {
    read: (): string[] => {
      try {
        const kept: unknown = JSON.parse(recall(key) ?? "[]");
        return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
      } catch {
        return [];
      }
    },
    keep: (folded: readonly string[]): void => keep(key, folded.length === 0 ? null : JSON.stringify(folded)),
  };
};
