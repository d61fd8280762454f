/** What both threads read: how often the event loop of the worker turned, and the execution that it works on. */
export interface WatchdogData {
  shared: SharedArrayBuffer;
  databaseUrl: string;
  /** Milliseconds without a turn after which the process is stopped. */
  limitMs: number;
}

/** Places in the shared memory, counted in whole numbers of four bytes; the id follows as text. */
export const place = { beat: 0, length: 1, id: 2 } as const;
export const idBytes = 36;
export const watchdogBytes = place.id * 4 + idBytes;
