import { AsyncLocalStorage } from "node:async_hooks";
import type { BreakPoint } from "#engine/base/break-point.ts";
import { onBreakPoint, SimulatedCrash } from "#engine/base/break-point.ts";

/** A process from its start to its crash. The work that it had claimed does nothing any more after its death. */
export class Life {
  crashAt: { point: BreakPoint; nth: number } | undefined;
  isDead = false;

  /**
   * Runs an action as this process. Everything that the action begins meets the process's break points, also while
   * other actions run beside it.
   */
  run<T>(action: () => Promise<T>): Promise<T> {
    return lives.run(this, action);
  }

  pass(point: BreakPoint): void {
    if (!this.isDead && this.crashAt?.point === point) {
      this.crashAt.nth -= 1;
      this.isDead = this.crashAt.nth === 0;
    }
    if (this.isDead) throw new SimulatedCrash(point);
  }
}

const lives = new AsyncLocalStorage<Life>();
onBreakPoint((point) => lives.getStore()?.pass(point));
