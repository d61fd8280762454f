import type { KeyboardEvent } from "react";
import type { BuilderActions } from "../actions.ts";
import type { DraftStore } from "../draft/draft-store.ts";
import { placesAfter, placesBefore } from "../operations/places.ts";
import { branchOf } from "../operations/reach.ts";
import type { OutlineRow } from "./outline-rows.ts";

interface KeyContext {
  store: DraftStore;
  rows: readonly OutlineRow[];
  current: string | null;
  disabled: boolean;
  actions: BuilderActions;
}

/** What a key does on the row that has the focus; undefined where it does nothing, so that the browser may. */
export function keyAction(event: KeyboardEvent, context: KeyContext): (() => void) | undefined {
  const { rows, current } = context;
  const row = rows.find(({ key }) => key === current);
  if (!row) return undefined;
  return moves(event, row, context) ?? selects(event, row, context) ?? (context.disabled ? undefined : changes(event, row, context));
}

function moves(event: KeyboardEvent, row: OutlineRow, { store, rows }: KeyContext): (() => void) | undefined {
  const index = rows.indexOf(row);
  const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (to === undefined || event.ctrlKey || event.metaKey) return undefined;
  const next = rows[Math.max(0, Math.min(rows.length - 1, to))];
  if (!next) return undefined;
  return () => {
    const { marked, mark, reveal } = store.getState();
    if (event.shiftKey) mark(grown(marked, row, next));
    reveal(next.key);
  };
}

/** Shift with an arrow selects the step that it leaves and the one that it comes to; on the way back it lets them go. */
function grown(marked: readonly string[], from: OutlineRow, to: OutlineRow): string[] {
  const [leaves, enters] = [from, to].map((row) => (row.kind === "step" && row.node.type !== "start" ? row.node.id : undefined));
  const isBack = enters !== undefined && marked.includes(enters);
  const kept = marked.filter((id) => !(isBack && id === leaves));
  return [...new Set([...kept, ...(isBack ? [] : [leaves]), enters].filter((id) => id !== undefined))];
}

function selects(event: KeyboardEvent, row: OutlineRow, { store, rows, actions }: KeyContext): (() => void) | undefined {
  const { marked, mark, content, selected } = store.getState();
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") {
    const all = rows.flatMap((one) => (one.kind === "step" && one.node.type !== "start" ? [one.node.id] : []));
    const branch = row.kind === "step" && row.node.type !== "start" ? branchOf(content, row.node.id) : all;
    return () => mark(branch.every((id) => marked.includes(id)) ? all : branch);
  }
  if (event.ctrlKey || event.metaKey) return undefined;
  if (event.key === "Escape" && marked.length > 0) return () => mark([]);
  if (event.key === "Escape" && selected !== null) return () => actions.close();
  if (row.kind !== "step") return undefined;
  if (event.key === "Enter") return () => actions.open(row.node.id);
  if (event.key !== " " || row.node.type === "start") return undefined;
  const { id } = row.node;
  return () => mark(marked.includes(id) ? marked.filter((one) => one !== id) : [...marked, id]);
}

function changes(event: KeyboardEvent, row: OutlineRow, { store, actions }: KeyContext): (() => void) | undefined {
  const { marked, content } = store.getState();
  const key = event.key.toLowerCase();
  const chosen = marked.length > 0 ? marked : row.kind === "step" ? [row.node.id] : [];
  if (event.ctrlKey || event.metaKey) return key === "d" && chosen.length > 0 ? () => actions.duplicate(chosen) : undefined;
  if (key === "delete" || key === "backspace") return chosen.length > 0 ? () => actions.remove(chosen) : undefined;
  if (key === "x") return chosen.length > 0 ? () => actions.switchOff(chosen) : undefined;
  if (key === "m") return chosen.length > 0 ? () => actions.move(chosen, event.shiftKey) : undefined;
  if (row.kind === "loose") return undefined;
  if (key === "a" || key === "/") {
    if (row.kind !== "step") return event.shiftKey ? undefined : () => actions.add([row.place]);
    if (!event.shiftKey) return () => actions.add(placesAfter(content, [row.node.id]));
    const before = placesBefore(content, row.node.id);
    return before ? () => actions.add(before) : undefined;
  }
  if (row.kind === "step") return undefined;
  if (key === "c") return () => actions.continueAt(row.place);
  return key === "enter" && row.kind === "ends" ? () => actions.add([row.place]) : undefined;
}
