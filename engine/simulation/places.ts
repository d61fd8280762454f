import { EngineRefusal } from "../base/refusal.ts";

/** Lets so many simulations run at a time. */
export interface Places {
  /**
   * Waits for a place and takes it; the function that is returned gives it back. A workspace has one place at a time, and the one that
   * had its turn longest ago comes next, so nobody keeps the others out by asking again and again.
   * @throws EngineRefusal simulator_busy where no place became free in time
   */
  enter(workspaceId: string): Promise<() => void>;
}

interface Waiting {
  workspaceId: string;
  go(): void;
}

export function createPlaces({ atOnce, waitMs }: { atOnce: number; waitMs: number }): Places {
  const running = new Set<string>();
  const waiting = new Set<Waiting>();
  /** When workspaces that run or wait had their last turn. */
  const turns = new Map<string, number>();
  let turn = 0;

  function take(workspaceId: string): () => void {
    running.add(workspaceId);
    turns.set(workspaceId, ++turn);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      running.delete(workspaceId);
      if (![...waiting].some((one) => one.workspaceId === workspaceId)) turns.delete(workspaceId);
      nextOf([...waiting].filter((one) => !running.has(one.workspaceId)))?.go();
    };
  }

  const nextOf = (all: readonly Waiting[]): Waiting | undefined =>
    all.reduce<Waiting | undefined>((first, one) => (first && lastTurn(first) <= lastTurn(one) ? first : one), undefined);
  const lastTurn = ({ workspaceId }: Waiting): number => turns.get(workspaceId) ?? 0;

  return {
    async enter(workspaceId) {
      if (running.size < atOnce && !running.has(workspaceId)) return take(workspaceId);
      return new Promise((resolve, reject) => {
        const entry: Waiting = {
          workspaceId,
          go() {
            clearTimeout(timer);
            waiting.delete(entry);
            resolve(take(workspaceId));
          },
        };
        const timer = setTimeout(() => {
          waiting.delete(entry);
          reject(new EngineRefusal("simulator_busy", "Other simulations are running at the moment. Try again in a few seconds."));
        }, waitMs);
        waiting.add(entry);
      });
    },
  };
}
