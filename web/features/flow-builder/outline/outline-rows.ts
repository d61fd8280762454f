import type { FlowEdge, FlowNode } from "#contract/flows.ts";
import { exitOfEdge, type Graph, jumpsOf, type Place, shownExits } from "../operations/exits.ts";
import { lineNote } from "../operations/line-note.ts";

/**
 * What a row of the outline shows: a step; an exit of a step that branches; where a branch goes on at a step that stands
 * elsewhere; or where a way ends. `from`: how many edges lead there. `ways`: by how many exits it goes on. `hidden`: the steps of a branch
 * that is folded. `lineNote`: what is noted on the
 * line that leaves there; a step has one where it has one way on.
 */
type RowKind =
  | { kind: "step"; node: FlowNode; from: number; ways: number; lineNote: string | undefined }
  | { kind: "exit"; place: Place; label: string; steps: number; hidden: readonly string[]; lineNote: string | undefined }
  | { kind: "goes_on"; place: Place; target: string }
  | { kind: "ends"; place: Place }
  | { kind: "loose" };

/** `level`, `position` and `siblings` count from 1, as aria-level, aria-posinset and aria-setsize do. */
export type OutlineRow = RowKind & { key: string; level: number; position: number; siblings: number };

const none: readonly string[] = [];
const nothing: ReadonlyMap<string, readonly string[]> = new Map();

/** The key of the row of an exit. That of a step is its id. */
export const exitRowKey = ({ source, exit }: Place): string => `exit ${source} ${exit}`;

/**
 * The steps of a graph in the order in which a contact passes them. What several branches of a step lead to stands once,
 * behind them, on the level of that step. Steps that nothing leads to come last. `folded`: by the rows of branches that are
 * folded, the steps that they hide.
 */
export function outlineRows(graph: Graph, folded: ReadonlyMap<string, readonly string[]> = nothing): OutlineRow[] {
  const gone = new Set([...folded.values()].flat());
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const leaving = Map.groupBy(graph.edges, ({ source }) => source);
  const lineAt = ({ source, exit }: Place): FlowEdge | undefined => {
    const node = byId.get(source);
    return node && leaving.get(source)?.find((edge) => exitOfEdge(node, edge) === exit);
  };
  const targetAt = (place: Place): string | undefined => lineAt(place)?.target;
  const noteAt = (place: Place): string | undefined => {
    const line = lineAt(place);
    return line && lineNote(line);
  };
  const from = new Map<string, number>();
  for (const { target } of graph.edges) from.set(target, (from.get(target) ?? 0) + 1);
  const jumped = new Set(graph.nodes.flatMap((node) => Object.values(jumpsOf(node))));
  const placed = new Set<string>();
  const rows: OutlineRow[] = [];
  const add = <Kind extends RowKind>(key: string, level: number, row: Kind) => {
    const whole = { ...row, key, level, position: 1, siblings: 1 };
    rows.push(whole);
    return whole;
  };

  /** Writes the way from a place down to where it ends, or to one of the steps in `until`, which it answers. */
  function walk(place: Place | null, first: string | undefined, level: number, until: ReadonlySet<string>): string | undefined {
    let at = first;
    let before = place;
    for (;;) {
      if (at === undefined || !byId.has(at)) {
        if (before) add(`end ${before.source} ${before.exit}`, level, { kind: "ends", place: before });
        return undefined;
      }
      if (until.has(at) || placed.has(at)) {
        if (before) add(`on ${before.source} ${before.exit}`, level, { kind: "goes_on", place: before, target: at });
        return placed.has(at) ? undefined : at;
      }
      placed.add(at);
      const node = byId.get(at) as FlowNode;
      const exits = shownExits(node, leaving.get(node.id) ?? []);
      const [only] = exits;
      const note = exits.length === 1 && only ? noteAt({ source: node.id, exit: only.handle }) : undefined;
      add(node.id, level, { kind: "step", node, from: from.get(node.id) ?? 0, ways: exits.length, lineNote: note });
      if (exits.length === 0) return undefined;
      if (exits.length === 1 && only) {
        before = { source: node.id, exit: only.handle };
        at = targetAt(before);
        continue;
      }
      const meeting = nextMeeting(
        node,
        exits.map(({ handle }) => handle),
      );
      const stops = meeting === undefined ? until : new Set([...until, meeting]);
      for (const { handle, label } of exits) {
        const exit: Place = { source: node.id, exit: handle };
        const row = add(exitRowKey(exit), level + 1, {
          kind: "exit",
          place: exit,
          label,
          steps: 0,
          hidden: folded.get(exitRowKey(exit)) ?? none,
          lineNote: noteAt(exit),
        });
        row.steps = row.hidden.length;
        if (row.hidden.length > 0) continue;
        const begin = rows.length;
        walk(exit, targetAt(exit), level + 2, stops);
        row.steps = rows.slice(begin).filter(({ kind }) => kind === "step").length;
      }
      if (meeting === undefined || gone.has(meeting) || placed.has(meeting) || until.has(meeting)) return meeting;
      // What all of them come to follows on the level of the step that branched, and has no single place before it.
      before = null;
      at = meeting;
    }
  }

  /** The nearest step that at least two exits of a step come to. */
  function nextMeeting(node: FlowNode, exits: readonly string[]): string | undefined {
    const reached = exits.map((exit) => orderOf(targetAt({ source: node.id, exit }), node.id));
    const counts = new Map<string, { times: number; far: number }>();
    for (const order of reached) {
      for (const [id, far] of order) {
        const { times, far: most } = counts.get(id) ?? { times: 0, far: 0 };
        counts.set(id, { times: times + 1, far: Math.max(most, far) });
      }
    }
    const shared = [...counts].filter(([id, { times }]) => times > 1 && !placed.has(id));
    const most = Math.max(0, ...shared.map(([, { times }]) => times));
    return shared.filter(([, { times }]) => times === most).toSorted(([, a], [, b]) => a.far - b.far)[0]?.[0];
  }

  /** The steps that follow a step, each with how far away it is. */
  function orderOf(first: string | undefined, without: string): Map<string, number> {
    const order = new Map<string, number>();
    let open = first === undefined ? [] : [first];
    for (let far = 0; open.length > 0; far += 1) {
      const next: string[] = [];
      for (const id of open) {
        if (order.has(id) || id === without || !byId.has(id)) continue;
        order.set(id, far);
        for (const { target } of leaving.get(id) ?? []) next.push(target);
      }
      open = next;
    }
    return order;
  }

  const entries = graph.nodes.filter(({ id, type }) => type === "start" || (!from.has(id) && !jumped.has(id)));
  const start = graph.nodes.find(({ type }) => type === "start") ?? entries[0];
  if (start) walk(null, start.id, 1, new Set());
  const loose = [...entries, ...graph.nodes].filter(({ id }) => !placed.has(id) && !gone.has(id));
  if (loose.length > 0) {
    add("loose", 1, { kind: "loose" });
    for (const { id } of loose) if (!placed.has(id)) walk(null, id, 1, new Set());
  }
  numberSiblings(rows);
  return rows;
}

/** Rows of one level that no row of a higher level parts belong together. */
function numberSiblings(rows: readonly OutlineRow[]): void {
  const open: OutlineRow[][] = [];
  const sets: OutlineRow[][] = [];
  for (const row of rows) {
    open.length = Math.min(open.length, row.level);
    const set = open[row.level - 1] ?? [];
    if (set.length === 0) sets.push(set);
    open[row.level - 1] = set;
    row.position = set.push(row);
  }
  for (const set of sets) for (const row of set) row.siblings = set.length;
}
