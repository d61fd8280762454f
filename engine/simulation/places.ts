import { EngineRefusal } from "../base/refusal.ts";

export interface Simulating {
  workspaceId: string;
  /** Who asks for it. One person may have many workspaces. */
  person: string;
}

/** Lets so many simulations run at a time. */
export interface Places {
  /**
   * Waits for a place and takes it; the function that is returned gives it back. A workspace has one place at a time, and so has a person.
   * The person who had their turn longest ago comes next, and of their workspaces the one that had, so nobody keeps the others out by
   * asking again and again.
   * @throws EngineRefusal simulator_busy where no place became free in time
   */
  enter(who: Simulating): Promise<() => void>;
}

interface Waiting extends Simulating {
  go(): void;
}

export function createPlaces({ atOnce, waitMs }: { atOnce: number; waitMs: number }): Places {
  const running = new Set<Simulating>();
  const waiting = new Set<Waiting>();
  /** When those who run or wait had their last turn. */
  const turns = { person: new Map<string, number>(), workspaceId: new Map<string, number>() };
  let turn = 0;

  const mayRun = (who: Simulating) =>
    running.size < atOnce && ![...running].some((one) => one.workspaceId === who.workspaceId || one.person === who.person);

  function take(who: Simulating): () => void {
    running.add(who);
    turn += 1;
    for (const key of ["person", "workspaceId"] as const) turns[key].set(who[key], turn);
    return () => {
      if (!running.delete(who)) return;
      for (const key of ["person", "workspaceId"] as const)
        if (![...waiting, ...running].some((one) => one[key] === who[key])) turns[key].delete(who[key]);
      for (let next = nextOf(); next; next = nextOf()) next.go();
    };
  }

  const nextOf = (): Waiting | undefined =>
    [...waiting].filter(mayRun).reduce<Waiting | undefined>((first, one) => (first && !isBefore(one, first) ? first : one), undefined);
  const lastTurn = (of: keyof Simulating, who: Simulating) => turns[of].get(who[of]) ?? 0;
  const isBefore = (one: Simulating, other: Simulating) =>
    (lastTurn("person", one) - lastTurn("person", other) || lastTurn("workspaceId", one) - lastTurn("workspaceId", other)) < 0;

  return {
    async enter({ workspaceId, person }) {
      const who = { workspaceId, person };
      if (mayRun(who)) return take(who);
      return new Promise((resolve, reject) => {
        const entry: Waiting = {
          ...who,
          go() {
            clearTimeout(timer);
            waiting.delete(entry);
            resolve(take(who));
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
