/** The branches that this person has folded in a flow, kept in this browser. */
export const keptFolds = (flowId: string) => {
  const key = `builder-folds ${flowId}`;
  return {
    read: (): string[] => {
      try {
        const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
        return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
      } catch {
        return [];
      }
    },
    keep: (folded: readonly string[]): void => {
      try {
        if (folded.length === 0) localStorage.removeItem(key);
        else localStorage.setItem(key, JSON.stringify(folded));
      } catch {
        // Without room to keep it, a branch is folded until the page is left.
      }
    },
  };
};
