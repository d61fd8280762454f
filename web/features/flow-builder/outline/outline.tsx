import { Box } from "@chakra-ui/react";
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import type { FlowProblem } from "#contract/flows.ts";
import type { BuilderActions } from "../actions.ts";
import type { DraftStore } from "../draft/draft-store.ts";
import { useDraft } from "../use-draft.ts";
import { keyAction } from "./outline-keys.ts";
import { Row } from "./outline-row.tsx";
import type { OutlineRow } from "./outline-rows.ts";
import { nameIn } from "./step-name.ts";

interface OutlineProps {
  store: DraftStore;
  rows: readonly OutlineRow[];
  problems: readonly FlowProblem[];
  disabled: boolean;
  actions: BuilderActions;
  /** Whether somebody works on the canvas now, asked when a key is pressed. */
  isOnCanvas: () => boolean;
}

const none: readonly FlowProblem[] = [];

/**
 * The steps of a flow as a tree, in the order in which a contact passes them. One row can be reached with Tab; the arrows
 * lead to the others, Enter opens a step, A adds one behind it, Delete takes it away.
 */
export function Outline({ store, rows, problems, disabled, actions, isOnCanvas }: OutlineProps) {
  const tree = useRef<HTMLDivElement>(null);
  const nodes = useDraft(store, ({ content }) => content.nodes);
  const selected = useDraft(store, (state) => state.selected);
  const active = useDraft(store, (state) => state.active);
  const marked = useDraft(store, (state) => state.marked);
  const revealed = useDraft(store, (state) => state.revealed);
  const current = rows.some(({ key }) => key === active) ? active : (rows[0]?.key ?? null);
  const problemsOf = useMemo(() => Map.groupBy(problems, ({ nodeId }) => nodeId), [problems]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that something is revealed, not each time that rows change
  useEffect(() => {
    if (revealed === 0 || current === null) return;
    const row = tree.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(current)}"]`);
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }, [revealed]);

  useKeptPlace(store, rows);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target as HTMLElement).matches("[role=treeitem]") || event.altKey) return;
    const run = keyAction(event, { store, rows, current, disabled, actions, isOnCanvas: isOnCanvas() });
    if (!run) return;
    event.preventDefault();
    run();
  };
  // Rows keep the first function that they are given, so it reads the present state.
  const now = useRef({ rows, current });
  now.current = { rows, current };
  const onClick = useCallback(
    (event: MouseEvent, row: OutlineRow) => {
      const { mark, reveal, marked, selected } = store.getState();
      if (row.kind !== "step") return;
      if (event.shiftKey) mark(stepsBetween(now.current.rows, now.current.current, row.key));
      else if (event.ctrlKey || event.metaKey) {
        const open = selected === null || selected === row.node.id ? [] : [selected];
        mark(toggled(marked.length > 0 ? marked : open, row.node.id));
        reveal(row.key);
      } else {
        mark([]);
        actions.open(row.node.id, "quietly");
        reveal(row.key);
      }
    },
    [store, actions],
  );
  // Otherwise the focus would move before the click, and a range would have no beginning.
  const onMouseDown = (event: MouseEvent) => (event.shiftKey || event.ctrlKey || event.metaKey) && event.preventDefault();
  return (
    <Box ref={tree} role="tree" aria-label="Steps of the flow" aria-multiselectable onKeyDown={onKeyDown} onMouseDown={onMouseDown} py="2">
      {rows.map((row) => (
        <Row
          key={row.key}
          row={row}
          goesOnAt={row.kind === "goes_on" ? nameIn({ nodes }, row.target) : undefined}
          problems={problemsIn(row, problemsOf)}
          isActive={row.key === current}
          isSelected={row.kind === "step" && row.node.id === selected}
          isMarked={row.kind === "step" && marked.includes(row.node.id)}
          disabled={disabled}
          store={store}
          actions={actions}
          onClick={onClick}
        />
      ))}
    </Box>
  );
}

/** Where the row that has the focus is taken away, the nearest one above has it: else a keyboard would begin anew at the top. */
function useKeptPlace(store: DraftStore, rows: readonly OutlineRow[]): void {
  const before = useRef(rows);
  useLayoutEffect(() => {
    const { active, focus, reveal } = store.getState();
    const was = before.current.findIndex(({ key }) => key === active);
    const above = before.current.slice(0, Math.max(0, was)).toReversed();
    before.current = rows;
    if (was === -1 || rows.some(({ key }) => key === active)) return;
    const next = above.find(({ key }) => rows.some((row) => row.key === key)) ?? rows[0];
    if (next) (document.activeElement === document.body ? reveal : focus)(next.key);
  }, [store, rows]);
}

/** Those of a step, or of the steps that a folded branch hides. */
function problemsIn(row: OutlineRow, problemsOf: ReadonlyMap<string | undefined, readonly FlowProblem[]>): readonly FlowProblem[] {
  if (row.kind === "step") return problemsOf.get(row.node.id) ?? none;
  return row.kind === "exit" && row.hidden.length > 0 ? row.hidden.flatMap((id) => problemsOf.get(id) ?? none) : none;
}

const toggled = (ids: readonly string[], id: string): string[] => (ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]);

/** The steps of the rows between two, both included. */
function stepsBetween(rows: readonly OutlineRow[], from: string | null, to: string | null): string[] {
  const [first, last] = [from, to].map((key) => rows.findIndex((row) => row.key === key)).toSorted((a, b) => a - b) as [number, number];
  return rows.slice(Math.max(0, first), last + 1).flatMap((row) => (row.kind === "step" && row.node.type !== "start" ? [row.node.id] : []));
}
