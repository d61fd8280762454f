import { freeze } from "immer";
import { createStore } from "zustand/vanilla";
import type { FlowDraft } from "#contract/flow-drafts.ts";
import { type FlowProblem, flowLimits } from "#contract/flows.ts";
import { unfoldedFor } from "../fold/folded-steps.ts";
import { changedStep, contentOf, type DraftContent } from "./content.ts";
import { change, type History, type Moved, noHistory, redo, undo } from "./history.ts";
import type { Overlap } from "./merge-drafts.ts";

/**
 * - `saved`: the server has what is on screen.
 * - `waiting`: something was changed and is about to be sent.
 * - `saving`: a save is on its way.
 * - `choosing`: the server has all but what two editors changed differently, which rests until one has chosen.
 * - `failed`: it was refused or there was no answer; it is tried again.
 */
export type Saving = { state: "saved" | "waiting" | "saving" | "choosing" } | { state: "failed"; reason: string; final: boolean };

export interface DraftState {
  readonly flowId: string;
  content: DraftContent;
  /** What the server has, by the last answer. */
  saved: DraftContent;
  revision: string;
  isDraft: boolean;
  live: string;
  liveChanged: boolean;
  /** What the server found, for what it has. */
  problems: readonly FlowProblem[];
  history: History;
  /** The step whose settings are open. */
  selected: string | null;
  /** The step whose settings take the focus; a new object each time, null where they were opened without that. */
  entering: { nodeId: string } | null;
  /** The row of the outline that has the focus, or would have it. */
  active: string | null;
  /** Each time that this grows, the active row takes the focus and is brought into sight. */
  revealed: number;
  /** Several steps that are selected, to be moved or copied together. */
  marked: readonly string[];
  /** The branches that are folded, by the rows of their exits. What is shown, selected or focused is never hidden. */
  folded: readonly string[];
  /** Why the last edit was not made; a new object each time. */
  refusal: { message: string } | null;
  saving: Saving;
  /** What somebody else changed differently at the same time, until it was chosen which to keep. */
  overlaps: readonly Overlap[];
  /** What somebody else saved that was merged into what is on screen; a new object each time. */
  merged: { by: string | null; steps: readonly string[] } | null;
}

export interface DraftActions {
  /**
   * The only way to change the content. Nothing happens where the recipe changes nothing, and where the flow would become
   * larger than a flow may be. Answers whether something was changed.
   */
  edit(label: string, recipe: (draft: DraftContent) => void, mergeKey?: string): boolean;
  undo(): Moved | undefined;
  redo(): Moved | undefined;
  /** Opens the settings of a step, or closes them. They take the focus, unless `quietly` is said. */
  select(nodeId: string | null, how?: "quietly"): void;
  mark(nodeIds: readonly string[]): void;
  focus(row: string): void;
  /** Brings a row of the outline into sight and focuses it. */
  reveal(row: string): void;
  /** Folds a branch, or unfolds it. */
  fold(row: string): void;
  unfold(row: string): void;
  /** Takes what the server says over, with the content that is to be on screen. */
  accept(change: Partial<DraftState>): void;
}

export type DraftStore = ReturnType<typeof createDraftStore>;

interface Folds {
  read(): readonly string[];
  keep(folded: readonly string[]): void;
}
const keptNowhere: Folds = { read: () => [], keep: () => undefined };

export function createDraftStore(draft: FlowDraft, now: () => number = Date.now, folds: Folds = keptNowhere) {
  const content = freeze(contentOf(draft), true);
  return createStore<DraftState & DraftActions>()((set, get) => {
    const go = (move: typeof undo): Moved | undefined => {
      const { content: before, history } = get();
      const next = move(before, history);
      if (next) {
        put(next);
        const changed = changedStep(before, next.content);
        if (changed !== undefined) get().reveal(changed);
      }
      return next;
    };
    const putFolds = (folded: readonly string[]): readonly string[] => {
      if (folded !== get().folded) folds.keep(folded);
      return folded;
    };
    const openFor = (row: string | null): Pick<DraftState, "folded"> => {
      const { content, folded } = get();
      return { folded: row === null ? folded : putFolds(unfoldedFor(content, folded, row)) };
    };
    /** A step that is gone is not selected. */
    const put = (next: { content: DraftContent; history: History }) => {
      const { selected, marked } = get();
      const ids = new Set(next.content.nodes.map(({ id }) => id));
      set({
        content: next.content,
        history: next.history,
        selected: selected !== null && ids.has(selected) ? selected : null,
        marked: marked.every((id) => ids.has(id)) ? marked : marked.filter((id) => ids.has(id)),
      });
    };
    return {
      flowId: draft.flowId,
      content,
      saved: content,
      revision: draft.revision,
      isDraft: draft.isDraft,
      live: draft.live,
      liveChanged: draft.liveChanged,
      problems: draft.problems,
      history: noHistory,
      selected: null,
      entering: null,
      active: null,
      revealed: 0,
      marked: [],
      folded: folds.read(),
      refusal: null,
      saving: { state: "saved" },
      overlaps: [],
      merged: null,
      edit: (label, recipe, mergeKey) => {
        const { content: before, history } = get();
        const next = change(before, history, { label, recipe, mergeKey, at: now() });
        const message = next && tooLarge(before, next.content);
        if (message !== undefined) set({ refusal: { message } });
        else if (next) put(next);
        return next !== undefined && message === undefined;
      },
      undo: () => go(undo),
      redo: () => go(redo),
      select: (selected, how) =>
        set({
          selected,
          entering: selected === null || how === "quietly" ? null : { nodeId: selected },
          ...(selected !== null && { active: selected }),
          ...openFor(selected),
        }),
      mark: (marked) => set({ marked }),
      focus: (active) => set({ active, ...openFor(active) }),
      reveal: (active) => set(({ revealed }) => ({ active, revealed: revealed + 1, ...openFor(active) })),
      fold: (row) => set(({ folded }) => ({ folded: putFolds([...folded.filter((one) => one !== row), row]), active: row })),
      unfold: (row) => set(({ folded }) => ({ folded: putFolds(folded.filter((one) => one !== row)), active: row })),
      accept: (more) => set(more),
    };
  });
}

/** Why a flow may not grow so far. One that is too large already may still be changed. */
function tooLarge(before: DraftContent, after: DraftContent): string | undefined {
  const grew = (list: "nodes" | "edges") => after[list].length > flowLimits[list] && after[list].length > before[list].length;
  if (grew("nodes")) return `A flow has at most ${flowLimits.nodes} steps. With this it would have ${after.nodes.length}.`;
  if (grew("edges")) return `A flow has at most ${flowLimits.edges} connections. With this it would have ${after.edges.length}.`;
  return undefined;
}
