import type { Execution } from "#contract/executions.ts";
import { isActive } from "./execution-state.ts";

/**
 * A history that is read while it grows. Rows on screen keep their place and only change what they say; what arrived
 * since is counted and shown when asked for.
 */
export interface LiveRows {
  rows: Execution[];
  /** How many rows of the newest page are not on screen. */
  fresh: number;
  /** There are more new ones than the newest page holds. */
  freshIsMore: boolean;
}

export interface NewestPage {
  items: Execution[];
  nextCursor: string | null;
}

/** The rows as loaded, each in its latest known state; `updates` are later answers, the last one wins. */
export const liveRows = (loaded: Execution[], newest: NewestPage | undefined, updates: readonly Execution[]): LiveRows => {
  const latest = new Map<string, Execution>();
  for (const row of [...(newest?.items ?? []), ...updates]) {
    const known = latest.get(row.id);
    latest.set(row.id, known ? laterOf(known, row) : row);
  }
  const rows = loaded.map((row) => {
    const update = latest.get(row.id);
    return update ? laterOf(row, update) : row;
  });
  const shown = new Set(loaded.map((row) => row.id));
  const fresh = newest?.items.filter((row) => !shown.has(row.id)).length ?? 0;
  return { rows, fresh, freshIsMore: fresh > 0 && fresh === newest?.items.length && newest.nextCursor !== null };
};

/** Answers may overtake each other; an execution that has ended never runs again, so an ended state is the later one. */
const laterOf = (a: Execution, b: Execution): Execution => (!isActive(a.status) && isActive(b.status) ? a : b);

/** Which rows may still change and are worth asking about, at most as many as one request may name. */
export const unfinishedIds = (rows: readonly Execution[], most = 100): string[] =>
  rows
    .filter((row) => isActive(row.status))
    .slice(0, most)
    .map((row) => row.id);
