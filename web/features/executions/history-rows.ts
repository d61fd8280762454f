import type { Execution } from "#contract/executions.ts";
import { isActive } from "#web/entities/executions/execution-state.ts";

/**
 * A history that is read while it grows. Rows on screen keep their place and only change what they say; what arrived
 * since is counted and shown when asked for.
 */
export interface Answer {
  /** When the request left. Answers overtake each other; the one asked for last knows best. */
  askedAt: number;
  items: Execution[];
  nextCursor: string | null;
}

/** What later answers said about rows, by id. */
export type Known = ReadonlyMap<string, { askedAt: number; row: Execution }>;

export const learn = (known: Known, answer: Answer): Known => {
  const next = new Map(known);
  for (const row of answer.items) {
    if ((next.get(row.id)?.askedAt ?? Number.NEGATIVE_INFINITY) <= answer.askedAt) next.set(row.id, { askedAt: answer.askedAt, row });
  }
  return next;
};

/** The rows as they were loaded, in that order, each saying the latest that is known of it. */
export const liveRows = (pages: readonly Answer[], known: Known): Execution[] => {
  const rows = new Map<string, Execution>();
  for (const page of pages) {
    for (const row of page.items) {
      const later = known.get(row.id);
      rows.set(row.id, later && later.askedAt >= page.askedAt ? later.row : row);
    }
  }
  return [...rows.values()];
};

/** How many rows of the newest page are not on screen, and whether there are still more behind them. */
export const freshRows = (rows: readonly Execution[], newest: Answer | undefined): { count: number; isMore: boolean } => {
  const shown = new Set(rows.map((row) => row.id));
  const count = newest?.items.filter((row) => !shown.has(row.id)).length ?? 0;
  return { count, isMore: count > 0 && count === newest?.items.length && newest.nextCursor !== null };
};

/** As many ids as one request may name. */
export const mostIds = 100;

/**
 * Which rows to ask about next: those that may still change and that the newest page does not cover. When there are
 * more than one request may name, every round asks about the next ones.
 */
export const idsToAsk = (rows: readonly Execution[], newest: Answer | undefined, round: number): string[] => {
  const covered = new Set(newest?.items.map((row) => row.id));
  const open = rows.filter((row) => isActive(row.status) && !covered.has(row.id)).map((row) => row.id);
  if (open.length <= mostIds) return open;
  const start = (round * mostIds) % open.length;
  return [...open.slice(start), ...open.slice(0, start)].slice(0, mostIds);
};
