import type { Execution } from "#contract/executions.ts";
import type { ExecutionPage } from "#web/entities/executions/execution-queries.ts";
import { isActive } from "#web/entities/executions/execution-state.ts";

// A history is read while it grows. Rows on screen keep their place and only their contents change. Rows that arrived
// since are counted, and shown when the person asks for them.

/** The content of rows according to later answers, by id. */
export type Known = ReadonlyMap<string, { askedAt: number; row: Execution }>;

export const learn = (known: Known, answer: ExecutionPage): Known => {
  const next = new Map(known);
  for (const row of answer.items) {
    if ((next.get(row.id)?.askedAt ?? Number.NEGATIVE_INFINITY) <= answer.askedAt) next.set(row.id, { askedAt: answer.askedAt, row });
  }
  return next;
};

/** The rows in the order in which they were loaded, each with its latest content. */
export const liveRows = (pages: readonly ExecutionPage[], known: Known): Execution[] => {
  const rows = new Map<string, Execution>();
  for (const page of pages) {
    for (const row of page.items) {
      const later = known.get(row.id);
      rows.set(row.id, later && later.askedAt >= page.askedAt ? later.row : row);
    }
  }
  return [...rows.values()];
};

type Newest = { items: readonly { id: string }[]; nextCursor: string | null };

/** The number of rows of the newest page that are not on screen, and whether more follow them. */
export const freshRows = (rows: readonly { id: string }[], newest: Newest | undefined): { count: number; isMore: boolean } => {
  const shown = new Set(rows.map((row) => row.id));
  const count = newest?.items.filter((row) => !shown.has(row.id)).length ?? 0;
  return { count, isMore: count > 0 && count === newest?.items.length && newest.nextCursor !== null };
};

/** The most ids that one request may name. */
export const mostIds = 100;

/**
 * Chooses the rows to ask about next. These are rows that may still change and that the newest page does not cover.
 * If there are more than one request may name, each round asks for the next ones.
 */
export const idsToAsk = (rows: readonly Execution[], newest: ExecutionPage | undefined, round: number): string[] => {
  const covered = new Set(newest?.items.map((row) => row.id));
  const open = rows.filter((row) => isActive(row.status) && !covered.has(row.id)).map((row) => row.id);
  if (open.length <= mostIds) return open;
  const start = (round * mostIds) % open.length;
  return [...open.slice(start), ...open.slice(0, start)].slice(0, mostIds);
};
