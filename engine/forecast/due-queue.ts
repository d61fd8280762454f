import type { Walked } from "./walked.ts";

/** Walks in the order in which they go on: whoever is due first, and of those due together the smallest id. */
export class DueQueue {
  readonly #dueAt = new Map<number, Walked[]>();
  /** A binary heap of the moments. */
  readonly #moments: number[] = [];

  constructor(all: readonly Walked[]) {
    for (const walked of all) this.add(walked);
  }

  add(walked: Walked): void {
    const together = this.#dueAt.get(walked.now);
    if (together) together.push(walked);
    else {
      this.#dueAt.set(walked.now, [walked]);
      this.#push(walked.now);
    }
  }

  /** Takes those that are due next; undefined where nobody is left. */
  take(): Walked[] | undefined {
    const moment = this.#pop();
    if (moment === undefined) return undefined;
    const due = this.#dueAt.get(moment) ?? [];
    this.#dueAt.delete(moment);
    return due.sort((a, b) => (a.execution.id < b.execution.id ? -1 : 1));
  }

  #push(moment: number): void {
    const heap = this.#moments;
    let at = heap.push(moment) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if ((heap[above] as number) <= moment) break;
      heap[at] = heap[above] as number;
      at = above;
    }
    heap[at] = moment;
  }

  #pop(): number | undefined {
    const heap = this.#moments;
    const [least] = heap;
    const last = heap.pop();
    if (least === undefined || last === undefined || heap.length === 0) return least;
    let at = 0;
    for (let below = 1; below < heap.length; below = 2 * at + 1) {
      if (below + 1 < heap.length && (heap[below + 1] as number) < (heap[below] as number)) below += 1;
      if ((heap[below] as number) >= last) break;
      heap[at] = heap[below] as number;
      at = below;
    }
    heap[at] = last;
    return least;
  }
}
