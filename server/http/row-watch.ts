import type { Logger } from "pino";
import type { Db } from "#db/client.ts";

export interface RowWatch<T> {
  /**
   * Calls `onChange` for every change until the row is over or `stop` is called. The caller has checked that the
   * person may see this row.
   */
  watch(row: T, place: { workspaceId: string }, onChange: (row: T) => void): { stop(): void };
}

export interface RowWatchOptions {
  db: Db;
  log: Logger;
  /**
   * Milliseconds between two reads: `lively` while the row changes, `resting` while it does not (a send's contacts may
   * wait for days).
   */
  lively?: number;
  resting?: number;
  /** Calls `read` once after so many milliseconds. */
  later?: (read: () => Promise<void>, milliseconds: number) => void;
}

interface Kind<T> {
  /** The name of what is watched, for the log. */
  what: string;
  find(db: Db, place: { workspaceId: string; id: string }): Promise<T | undefined>;
  /** Whether the row does not change any more. */
  isOver(row: T): boolean;
}

const byTimer = (read: () => Promise<void>, milliseconds: number): void => void setTimeout(read, milliseconds).unref();

/** After so many reads without a change a row counts as resting. */
const patience = 20;

/**
 * One timer reads a row, however many people watch it. It reads nothing else, because the worker may be in this process
 * or on another machine. The first watcher starts the timer and the last one ends it.
 */
export function createRowWatch<T extends { id: string }>(
  { what, find, isOver }: Kind<T>,
  { db, log, lively = 500, resting = 2000, later = byTimer }: RowWatchOptions,
): RowWatch<T> {
  const readers = new Map<string, Set<(row: T) => void>>();

  return {
    watch(row, { workspaceId }, onChange) {
      const watchers = readers.get(row.id) ?? startReader(row, workspaceId);
      watchers.add(onChange);
      return { stop: () => void watchers.delete(onChange) };
    },
  };

  function startReader(first: T, workspaceId: string): Set<(row: T) => void> {
    const watchers = new Set<(row: T) => void>();
    readers.set(first.id, watchers);
    let last = JSON.stringify(first);
    let unchanged = 0;

    const look = async (): Promise<void> => {
      if (watchers.size === 0) return void readers.delete(first.id);
      const row = await find(db, { workspaceId, id: first.id }).catch((error: unknown) => {
        // The next read may work. Until then the watchers see no progress, but no error either.
        log.warn({ err: error, id: first.id }, `the progress of a ${what} could not be read`);
        return undefined;
      });
      const now = JSON.stringify(row ?? first);
      unchanged = now === last ? unchanged + 1 : 0;
      if (row && now !== last) {
        last = now;
        for (const tell of watchers) tell(row);
      }
      if (row && isOver(row)) return void readers.delete(first.id);
      schedule();
    };
    const schedule = () => later(look, unchanged < patience ? lively : resting);
    schedule();
    return watchers;
  }
}
