import { record } from "../node-panel.tsx";

export const mostBranches = 20;

/** The branch that is added: it asks nothing yet. */
export const newBranch = (branches: readonly unknown[]): Record<string, unknown> => ({
  id: freeId(branches),
  label: "",
  match: "all",
  tests: [{ field: "", operator: "is", value: "" }],
});

/** The list with a copy of one branch after it. The copy is an exit of its own. */
export function withCopy(branches: readonly unknown[], index: number): unknown[] {
  const branch = record(branches[index]);
  const label = `${String(branch.label || branch.id)} copy`.slice(0, 200);
  return branches.toSpliced(index + 1, 0, { ...structuredClone(branch), id: freeId(branches), label });
}

/** The list with one branch at another place, where there is one. */
export function withMoved(branches: readonly unknown[], from: number, to: number): unknown[] {
  if (to < 0 || to >= branches.length || from === to) return [...branches];
  const rest = branches.toSpliced(from, 1);
  return rest.toSpliced(to, 0, branches[from]);
}

/** An id is the name of an exit for ever, so none is used that a step after the condition may still be tied to. */
function freeId(branches: readonly unknown[]): string {
  const taken = new Set(branches.map((branch) => record(branch).id));
  for (;;) {
    const id = `b_${Math.random().toString(36).slice(2, 8)}`;
    if (!taken.has(id)) return id;
  }
}
