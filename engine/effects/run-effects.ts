import type { ChunkExecution, Pending } from "../execution/chunk.ts";
import { changes } from "./change-contacts.ts";
import type { Effect, PassContext } from "./effect.ts";
import { leaves } from "./leave-flows.ts";
import { messages } from "./send-messages.ts";
import { starts } from "./start-flows.ts";

const kinds: { [Kind in Pending["kind"]]: Effect<Extract<Pending, { kind: Kind }>> } = {
  message: messages,
  change: changes,
  start: starts,
  leave: leaves,
};

/**
 * Does what every execution that stands at an effect wants done, and walks it on, until all of them rest, are over, or
 * are left for another pass. In batches of one kind, each of which commits the steps that led to it.
 */
export async function runEffects(pass: PassContext): Promise<void> {
  const queues = new Map<string, { kind: Effect; waiting: ChunkExecution[] }>();
  const enqueue = (execution: ChunkExecution) => {
    const {
      leftAlone,
      writes: { pending },
    } = execution;
    if (!pending || leftAlone) return;
    // Each kind is only ever given executions that stand at an effect of it.
    const kind = kinds[pending.kind] as Effect;
    const key = `${pending.kind} ${kind.batchKey(execution, pending)}`;
    const queue = queues.get(key);
    if (queue) queue.waiting.push(execution);
    else queues.set(key, { kind, waiting: [execution] });
  };
  pass.executions.forEach(enqueue);

  for (;;) {
    const queue = [...queues.values()].find(({ waiting }) => waiting.length > 0);
    if (!queue) return;
    if (pass.mustYield()) {
      for (const { waiting } of queues.values()) for (const execution of waiting) execution.leftAlone = "later";
      return;
    }
    const { batch, isClosed } = await queue.kind.runBatch(pass, queue.waiting);
    batch.forEach(enqueue);
    if (isClosed) for (const execution of queue.waiting.splice(0)) execution.leftAlone = "later";
  }
}
