/** Begins work at once, or when it is the turn of its group. */
export type FairTurns = (group: string, work: () => void) => void;

/**
 * Begins one thing in each turn of the event loop, and of those that wait the groups come one after the other. Who asks for a thousand things
 * at the same moment keeps others waiting for the one that is begun, and not for all. What comes alone is begun at once.
 */
export function createFairTurns(): FairTurns {
  const waiting = new Map<string, (() => void)[]>();
  let isTaken = false;

  function begin(work: () => void): void {
    isTaken = true;
    setImmediate(next);
    work();
  }

  function next(): void {
    isTaken = false;
    const [first] = waiting;
    if (!first) return;
    const [group, works] = first;
    const work = works.shift();
    // A group that is put back comes behind all others.
    waiting.delete(group);
    if (works.length > 0) waiting.set(group, works);
    if (work) begin(work);
  }

  return (group, work) => {
    if (!isTaken) return begin(work);
    const works = waiting.get(group);
    if (works) works.push(work);
    else waiting.set(group, [work]);
  };
}
