import { freeze, produce } from "immer";
import type { DraftContent } from "./content.ts";
import { mergeDrafts, type Overlap } from "./merge-drafts.ts";

/** One thing that somebody did, with what belongs to it: deleting a step and joining the ends is one edit. */
export interface Edit {
  label: string;
  /** Both share all that the edit did not touch. */
  before: DraftContent;
  after: DraftContent;
  /** Edits of one key that follow each other soon are one: a sentence that is typed. */
  mergeKey: string | undefined;
  at: number;
}

export interface History {
  past: readonly Edit[];
  future: readonly Edit[];
}

export const mostEdits = 200;
/** A pause in typing that is longer ends the edit, milliseconds. */
const mergeWithinMs = 1_000;

export const noHistory: History = { past: [], future: [] };

/** Changes a content by a recipe that may write into what it is given. Undefined where nothing was changed. */
export function change(
  content: DraftContent,
  history: History,
  { label, recipe, mergeKey, at }: { label: string; recipe: (draft: DraftContent) => void; mergeKey?: string | undefined; at: number },
): { content: DraftContent; history: History } | undefined {
  // What is frozen cannot change, so what was reckoned of it is kept (operations/exits.ts).
  const next = produce(freeze(content, true), (draft: DraftContent) => void recipe(draft));
  if (next === content) return undefined;
  const last = history.past.at(-1);
  const isSameEdit = last !== undefined && mergeKey !== undefined && last.mergeKey === mergeKey && at - last.at <= mergeWithinMs;
  const edit: Edit = isSameEdit ? { ...last, after: next, at } : { label, before: content, after: next, mergeKey, at };
  const past = [...(isSameEdit ? history.past.slice(0, -1) : history.past), edit].slice(-mostEdits);
  return { content: next, history: { past, future: [] } };
}

/** What an undo or redo makes. `kept` is what somebody else has changed since, which stays as it is. */
export interface Moved {
  content: DraftContent;
  history: History;
  edit: Edit;
  kept: readonly Overlap[];
}

export function undo(content: DraftContent, { past, future }: History): Moved | undefined {
  const edit = past.at(-1);
  if (!edit) return undefined;
  return { ...go(content, edit.after, edit.before), history: { past: past.slice(0, -1), future: [...future, edit] }, edit };
}

export function redo(content: DraftContent, { past, future }: History): Moved | undefined {
  const edit = future.at(-1);
  if (!edit) return undefined;
  // What is typed after a redo is an edit of its own.
  return { ...go(content, edit.before, edit.after), history: { past: [...past, { ...edit, at: 0 }], future: future.slice(0, -1) }, edit };
}

/** Others may have changed the content since the edit: what they did stays. */
function go(content: DraftContent, from: DraftContent, to: DraftContent): { content: DraftContent; kept: readonly Overlap[] } {
  if (content === from) return { content: to, kept: [] };
  const { merged, overlaps } = mergeDrafts(from, content, to);
  return { content: merged, kept: overlaps };
}
