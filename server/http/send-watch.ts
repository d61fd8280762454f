import type { Logger } from "pino";
import { isSendOver, type Send } from "#contract/sends.ts";
import type { Db } from "#db/client.ts";
import { findSend } from "#db/queries/sends.ts";

export interface SendWatch {
  /**
   * Calls `onChange` for every change until the send is over or `stop` is called. The caller has checked that the
   * person may see this send.
   */
  watch(send: Send, place: { workspaceId: string }, onChange: (send: Send) => void): { stop(): void };
}

export interface SendWatchOptions {
  db: Db;
  log: Logger;
  /**
   * Milliseconds between two reads: `lively` while the send changes, `resting` while it does not (its contacts may wait
   * for days).
   */
  lively?: number;
  resting?: number;
  /** Calls `read` once after so many milliseconds. */
  later?: (read: () => Promise<void>, milliseconds: number) => void;
}

/** A send in one of these states does not change any more. */
export const isOver = (send: Send): boolean => isSendOver(send.state) && send.active === 0;

const byTimer = (read: () => Promise<void>, milliseconds: number): void => void setTimeout(read, milliseconds).unref();

/** After so many reads without a change a send counts as resting. */
const patience = 20;

/**
 * One timer reads the row of a send, however many people watch it. It reads nothing else, because the worker may be in
 * this process or on another machine. The first watcher starts the timer and the last one ends it.
 */
export function createSendWatch({ db, log, lively = 500, resting = 2000, later = byTimer }: SendWatchOptions): SendWatch {
  const readers = new Map<string, Set<(send: Send) => void>>();

  return {
    watch(send, { workspaceId }, onChange) {
      const watchers = readers.get(send.id) ?? startReader(send, workspaceId);
      watchers.add(onChange);
      return { stop: () => void watchers.delete(onChange) };
    },
  };

  function startReader(first: Send, workspaceId: string): Set<(send: Send) => void> {
    const watchers = new Set<(send: Send) => void>();
    readers.set(first.id, watchers);
    let last = JSON.stringify(first);
    let unchanged = 0;

    const look = async (): Promise<void> => {
      if (watchers.size === 0) return void readers.delete(first.id);
      const send = await findSend(db, { workspaceId, id: first.id }).catch((error: unknown) => {
        // The next read may work. Until then the watchers see no progress, but no error either.
        log.warn({ err: error, sendId: first.id }, "the progress of a send could not be read");
        return undefined;
      });
      const now = JSON.stringify(send ?? first);
      unchanged = now === last ? unchanged + 1 : 0;
      if (send && now !== last) {
        last = now;
        for (const tell of watchers) tell(send);
      }
      if (send && isOver(send)) return void readers.delete(first.id);
      schedule();
    };
    const schedule = () => later(look, unchanged < patience ? lively : resting);
    schedule();
    return watchers;
  }
}
