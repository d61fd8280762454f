import { ApiError } from "./errors.ts";

/** Lets a workspace run so many heavy requests at a time; see `heavy` of a route. */
export interface HeavyStatements {
  /**
   * Waits for a place and takes it. The function that is returned gives it back.
   * @throws ApiError workspace_busy when no place is free in time or too many wait already; nothing if the caller goes away
   */
  enter(workspaceId: string, signal: AbortSignal): Promise<() => void>;
}

interface Places {
  running: number;
  waiting: Set<() => void>;
}

const busy = () =>
  new ApiError("workspace_busy", "This workspace is counting, searching or exporting a lot at the moment. Try again in a few seconds.", {
    retryAfter: 3,
  });

/**
 * The connections to the database are shared by all workspaces. Those who wait here hold none, so one workspace takes no
 * more of them than `atOnce`, however many requests it makes.
 */
export function createHeavyStatements({ atOnce = 2, mostWaiting = 20, waitMs = 3_000 } = {}): HeavyStatements {
  const workspaces = new Map<string, Places>();

  return {
    async enter(workspaceId, signal) {
      const places = workspaces.get(workspaceId) ?? { running: 0, waiting: new Set() };
      workspaces.set(workspaceId, places);
      if (places.running < atOnce) places.running += 1;
      else {
        if (places.waiting.size >= mostWaiting) throw busy();
        await turn(places, signal);
      }
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        const [next] = places.waiting;
        // The place goes to the next one, so the number of those who run stays the same.
        if (next) next();
        else {
          places.running -= 1;
          if (places.running === 0) workspaces.delete(workspaceId);
        }
      };
    },
  };

  function turn({ waiting }: Places, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        waiting.delete(go);
        clearTimeout(timer);
        signal.removeEventListener("abort", giveUp);
      };
      const go = () => {
        stop();
        resolve();
      };
      const giveUp = () => {
        stop();
        reject(busy());
      };
      const timer = setTimeout(giveUp, waitMs);
      waiting.add(go);
      signal.addEventListener("abort", giveUp, { once: true });
      if (signal.aborted) giveUp();
    });
  }
}
