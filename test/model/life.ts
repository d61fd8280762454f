import { AsyncLocalStorage } from "node:async_hooks";
import type { BreakPoint } from "#engine/base/break-point.ts";
import { onBreakPoint, SimulatedCrash } from "#engine/base/break-point.ts";

/** A process from its start to its crash. What it still had in hand when it died does nothing any more. */
export class Life {
  crashAt: { point: BreakPoint; nth: number } | undefined;
  isDead = false;

  /** Does something as this process; whatever it begins meets its break points, also while others run beside it. */
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
