import type { ChunkExecution, Pending } from "../execution/chunk.ts";
import { changes } from "./change-contacts.ts";
import type { AtEffect, Effect, PassContext } from "./effect.ts";
import { leaves } from "./leave-flows.ts";
import { messages } from "./send-messages.ts";
import { starts } from "./start-flows.ts";

const effects: { [Kind in Pending["kind"]]: Effect<Extract<Pending, { kind: Kind }>> } = {
  message: messages,
  change: changes,
  start: starts,
  leave: leaves,
};

interface Queue {
  effect: Effect;
  waiting: AtEffect[];
}

/** Puts an execution that stands at an effect into the queue of those that can be done together. */
function enqueue(queues: Map<string, Queue>, execution: ChunkExecution): void {
  const { pending } = execution.writes;
  if (!pending || execution.leftAlone) return;
  // Each effect is only ever given executions that stand at an effect of its kind.
  const effect = effects[pending.kind] as Effect;
  const key = `${pending.kind} ${effect.batchKey(execution, pending)}`;
  const queue = queues.get(key);
  if (queue) queue.waiting.push({ execution, pending });
  else queues.set(key, { effect, waiting: [{ execution, pending }] });
}

/**
 * Does the effect at which each execution stands and walks it on, until all of them rest, are over, or are left for
 * another pass. It works in batches of one kind, each of which commits the steps that led to it.
 */
export async function runEffects(pass: PassContext): Promise<void> {
  const queues = new Map<string, Queue>();
  for (const execution of pass.executions) enqueue(queues, execution);
  for (;;) {
    const queue = [...queues.values()].find(({ waiting }) => waiting.length > 0);
    if (!queue) return;
    if (pass.mustYield()) {
      for (const { waiting } of queues.values()) for (const { execution } of waiting) execution.leftAlone = "later";
      return;
    }
    const { batch, isClosed } = await queue.effect.runBatch(pass, queue.waiting);
    for (const { execution } of batch) enqueue(queues, execution);
    if (isClosed) for (const { execution } of queue.waiting.splice(0)) execution.leftAlone = "later";
  }
}
