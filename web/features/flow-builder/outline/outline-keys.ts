import type { KeyboardEvent } from "react";
import type { BuilderActions } from "../actions.ts";
import type { DraftStore } from "../draft/draft-store.ts";
import { keyIn, type RowKey, rowKeys } from "../keys/builder-keys.ts";
import { placesAfter, placesBefore } from "../operations/places.ts";
import { branchOf } from "../operations/reach.ts";
import type { OutlineRow } from "./outline-rows.ts";

interface KeyContext {
  store: DraftStore;
  rows: readonly OutlineRow[];
  current: string | null;
  disabled: boolean;
  actions: BuilderActions;
  /** Whether somebody works on the canvas, where branches stand beside each other. The focus is in the outline all the same. */
  isOnCanvas: boolean;
}
interface Pressed extends KeyContext {
  row: OutlineRow;
  /** The steps that a key is about: those that are marked, or else the one of the row. */
  chosen: readonly string[];
}
/** What a key does there; undefined where it does nothing, so that the browser may. */
type Does = (on: Pressed) => (() => void) | undefined;

/** What a key does on the row that has the focus; undefined where it does nothing. */
export function keyAction(event: KeyboardEvent, context: KeyContext): (() => void) | undefined {
  const name = keyIn(rowKeys, event);
  const row = context.rows.find(({ key }) => key === context.current);
  if (name === undefined || !row || (context.disabled && name in changes)) return undefined;
  const { marked } = context.store.getState();
  const chosen = marked.length > 0 ? marked : row.kind === "step" ? [row.node.id] : [];
  return { ...moves, ...changes }[name]({ ...context, row, chosen });
}

const goTo =
  (target: (at: number, last: number) => number, doesSelect = false): Does =>
  ({ row, rows, store }) => {
    const at = rows.indexOf(row);
    const next = rows[Math.max(0, Math.min(rows.length - 1, target(at, rows.length - 1)))];
    if (!next) return undefined;
    return () => {
      const { marked, mark, reveal } = store.getState();
      if (doesSelect) mark(grown(marked, row, next));
      reveal(next.key);
    };
  };

/** Shift with an arrow selects the step that it leaves and the one that it comes to; on the way back it lets them go. */
function grown(marked: readonly string[], from: OutlineRow, to: OutlineRow): string[] {
  const [leaves, enters] = [from, to].map(selectable);
  const isBack = enters !== undefined && marked.includes(enters);
  const kept = marked.filter((id) => !(isBack && id === leaves));
  return [...new Set([...kept, ...(isBack ? [] : [leaves]), enters].filter((id) => id !== undefined))];
}

/** The row to which a row belongs. */
const rowAround = (row: OutlineRow, rows: readonly OutlineRow[]): OutlineRow | undefined =>
  rows.slice(0, rows.indexOf(row)).findLast(({ level }) => level < row.level);

type Head = Extract<OutlineRow, { kind: "exit" }>;

/** The head of the branch in which a row stands; of the row of a head, that of the branch around it. */
function branchAround(row: OutlineRow, rows: readonly OutlineRow[]): Head | undefined {
  for (let at = rowAround(row, rows); at; at = rowAround(at, rows)) if (at.kind === "exit") return at;
  return undefined;
}

/** To the nearest branch at the left or at the right: one beside the branch in which the row stands, or else one further out. */
const toBranch = ({ row, rows, store }: Pressed, by: -1 | 1): (() => void) | undefined => {
  const first = row.kind === "exit" ? row : branchAround(row, rows);
  for (let head = first; head; head = branchAround(head, rows)) {
    const { source } = head.place;
    const heads = rows.filter((one) => one.kind === "exit" && one.place.source === source);
    const beside = heads[heads.indexOf(head) + by];
    if (!beside) continue;
    const below = rows[rows.indexOf(beside) + 1];
    const inside = row.kind !== "exit" && below?.kind === "step" && below.level > beside.level ? below : beside;
    return () => store.getState().reveal(inside.key);
  }
  return undefined;
};

const selectable = (row: OutlineRow): string | undefined => (row.kind === "step" && row.node.type !== "start" ? row.node.id : undefined);

const moves = {
  previous: goTo((at) => at - 1),
  next: goTo((at) => at + 1),
  first: goTo(() => 0),
  last: goTo((_, last) => last),
  selectUp: goTo((at) => at - 1, true),
  selectDown: goTo((at) => at + 1, true),
  fold: (on) => {
    const { row, rows, store, actions } = on;
    if (on.isOnCanvas) return toBranch(on, -1);
    if (row.kind === "exit" && row.hidden.length === 0 && row.steps > 0) return () => actions.fold(row.place);
    const above = rowAround(row, rows);
    return above && (() => store.getState().reveal(above.key));
  },
  unfold: (on) => {
    const { row, rows, store, actions } = on;
    if (on.isOnCanvas) return toBranch(on, 1);
    if (row.kind === "exit" && row.hidden.length > 0) return () => actions.unfold(row.place);
    const below = rows[rows.indexOf(row) + 1];
    return below && below.level > row.level ? () => store.getState().reveal(below.key) : undefined;
  },
  turnFold: ({ row, rows, actions }) => {
    if (row.kind === "step" && row.ways > 1) return () => actions.foldStep(row.node.id);
    const head = row.kind === "exit" ? row : branchAround(row, rows);
    if (!head || (head.hidden.length === 0 && head.steps === 0)) return undefined;
    return () => (head.hidden.length > 0 ? actions.unfold : actions.fold)(head.place);
  },
  open: ({ row, actions, disabled }) => {
    if (row.kind === "step") return () => actions.open(row.node.id);
    return row.kind === "ends" && !disabled ? () => actions.add([row.place]) : undefined;
  },
  back: ({ store, actions }) => {
    const { marked, selected, mark } = store.getState();
    if (marked.length > 0) return () => mark([]);
    return selected === null ? undefined : () => actions.close();
  },
  select: ({ row, store }) => {
    const id = selectable(row);
    const { marked, mark } = store.getState();
    return id === undefined ? undefined : () => mark(marked.includes(id) ? marked.filter((one) => one !== id) : [...marked, id]);
  },
  selectAll: ({ row, rows, store }) => {
    const { marked, mark, content } = store.getState();
    const all = rows.flatMap((one) => selectable(one) ?? []);
    const id = selectable(row);
    const branch = id === undefined ? all : branchOf(content, id);
    return () => mark(branch.every((one) => marked.includes(one)) ? all : branch);
  },
} satisfies Partial<Record<RowKey, Does>>;

const onChosen =
  (act: (on: Pressed) => void): Does =>
  (on) =>
    on.chosen.length > 0 ? () => act(on) : undefined;

const changes: Record<Exclude<RowKey, keyof typeof moves>, Does> = {
  add: ({ row, store, actions }) => {
    if (row.kind === "loose") return undefined;
    const places = row.kind === "step" ? placesAfter(store.getState().content, [row.node.id]) : [row.place];
    return () => actions.add(places);
  },
  addBefore: ({ row, store, actions }) => {
    const before = row.kind === "step" ? placesBefore(store.getState().content, row.node.id) : null;
    return before ? () => actions.add(before) : undefined;
  },
  continueAt: ({ row, actions }) => (row.kind === "step" || row.kind === "loose" ? undefined : () => actions.continueAt(row.place)),
  move: onChosen(({ actions, chosen }) => actions.move(chosen)),
  moveWhole: onChosen(({ actions, chosen }) => actions.move(chosen, true)),
  replace: ({ row, actions }) => {
    const id = selectable(row);
    return id === undefined ? undefined : () => actions.replace(id);
  },
  lineNote: ({ row, actions }) => {
    if (row.kind === "step") return () => actions.annotate(row.node.id);
    return row.kind === "exit" || row.kind === "goes_on" ? () => actions.annotate(row.place) : undefined;
  },
  switchOff: onChosen(({ actions, chosen }) => actions.switchOff(chosen)),
  duplicate: onChosen(({ actions, chosen }) => actions.duplicate(chosen)),
  remove: onChosen(({ actions, chosen }) => actions.remove(chosen)),
};
