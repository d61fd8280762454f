import { availableParallelism } from "node:os";
import { ApiError } from "./errors.ts";

/**
 * How long a heavy request may hold its place. `short`: for one transaction, whose statements use a core from beginning to end. `long`: it
 * streams a file, reads one, or waits for something else.
 */
export type HeavyKind = "short" | "long";

/** Lets a workspace run so many heavy requests at a time; see `heavy` of a route. */
export interface HeavyStatements {
  /**
   * Waits for a place and takes it. The function that is returned gives it back.
   * @throws ApiError workspace_busy when no place is free in time or too many wait already; nothing if the caller goes away
   */
  enter(workspaceId: string, kind: HeavyKind, signal: AbortSignal): Promise<() => void>;
}

interface Waiting {
  kind: HeavyKind;
  go(): void;
}

interface Places {
  running: Record<HeavyKind, number>;
  waiting: Set<Waiting>;
  /** Grows with each place that any workspace takes. */
  lastTurn: number;
}

const busy = () =>
  new ApiError("workspace_busy", "This workspace is counting, searching or exporting a lot at the moment. Try again in a few seconds.", {
    retryAfter: 3,
  });

/** One core is left for everybody else. The database is taken to have as many as this machine. */
export const coresForHeavy = Math.max(1, availableParallelism() - 1);

/**
 * The connections to the database are shared by all workspaces. Those who wait here hold none, so one workspace takes no more of them
 * than `atOnce`, however many requests it makes. Its cores are shared as well: a workspace has one short statement at any time, and
 * another only while fewer than `cores` of them run in all. What becomes free goes to the workspace whose last turn is longest ago.
 */
export function createHeavyStatements({ atOnce = 2, cores = coresForHeavy, mostWaiting = 20, waitMs = 5_000 } = {}): HeavyStatements {
  const workspaces = new Map<string, Places>();
  let turns = 0;
  let short = 0;

  const mayRun = ({ running }: Places, kind: HeavyKind): boolean =>
    running.short + running.long < atOnce && (kind === "long" || running.short === 0 || short < cores);

  function take(workspaceId: string, places: Places, kind: HeavyKind): () => void {
    places.running[kind] += 1;
    places.lastTurn = ++turns;
    if (kind === "short") short += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      places.running[kind] -= 1;
      if (kind === "short") short -= 1;
      forget(workspaceId, places);
      callNext();
    };
  }

  function callNext(): void {
    for (const places of [...workspaces.values()].toSorted((a, b) => a.lastTurn - b.lastTurn)) {
      for (const one of [...places.waiting]) if (mayRun(places, one.kind)) one.go();
    }
  }

  function forget(workspaceId: string, { running, waiting }: Places): void {
    if (running.short + running.long === 0 && waiting.size === 0) workspaces.delete(workspaceId);
  }

  return {
    async enter(workspaceId, kind, signal) {
      const places = workspaces.get(workspaceId) ?? { running: { short: 0, long: 0 }, waiting: new Set(), lastTurn: 0 };
      workspaces.set(workspaceId, places);
      if (mayRun(places, kind)) return take(workspaceId, places, kind);
      if (places.waiting.size >= mostWaiting) throw busy();
      return new Promise((resolve, reject) => {
        const stop = () => {
          places.waiting.delete(entry);
          clearTimeout(timer);
          signal.removeEventListener("abort", giveUp);
        };
        const entry: Waiting = {
          kind,
          go() {
            stop();
            resolve(take(workspaceId, places, kind));
          },
        };
        const giveUp = () => {
          stop();
          reject(busy());
        };
        const timer = setTimeout(giveUp, waitMs);
        places.waiting.add(entry);
        signal.addEventListener("abort", giveUp, { once: true });
        if (signal.aborted) giveUp();
      });
    },
  };
}
