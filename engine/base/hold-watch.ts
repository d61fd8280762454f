/**
 * Names the execution that this process works on in memory, for a watchdog that looks from another thread: a thread that
 * is held cannot say by what. Without a watchdog nothing is named.
 */
export interface HoldWatch {
  begin(executionId: string): void;
  end(): void;
}

let watch: HoldWatch | undefined;

export function watchHolds(by: HoldWatch | undefined): void {
  watch = by;
}

/** Runs work of one execution that does not wait for anything. */
export function named<T>(executionId: string, work: () => T): T {
  if (!watch) return work();
  watch.begin(executionId);
  try {
    return work();
  } finally {
    watch.end();
  }
}
