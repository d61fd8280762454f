import type { Logger } from "pino";
import type { Provider } from "#channels/channel.ts";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import type { NonEmpty } from "../base/non-empty.ts";
import type { Tracer } from "../base/tracer.ts";
import type { ChunkExecution, Pending } from "../execution/chunk.ts";
import type { MessageResult } from "../execution/message-rows.ts";
import type { FlowCache } from "../flow/flow-cache.ts";
import type { NodeRegistry } from "../flow/node-registry.ts";
import type { EngineDriver } from "../jobs/driver.ts";
import type { ChannelLimiter } from "../messages/channel-limiter.ts";
import type { MessageLinks } from "../messages/message-links.ts";
import type { ProviderCalls } from "../messages/provider-calls.ts";

/** The tools and the state that the effects of a pass share. */
export interface PassContext {
  db: Db;
  clock: Clock;
  log: Logger;
  calls: ProviderCalls;
  driver: EngineDriver;
  nodes: NodeRegistry;
  flows: FlowCache;
  limiter: ChannelLimiter;
  /** Absent in an engine whose messages reach nobody outside of tests. */
  links?: MessageLinks | undefined;
  tracer: Tracer;
  /** The provider of a channel; an error where it could not be loaded. */
  providerOf(execution: ChunkExecution, channel: Channel): Promise<Provider | Error>;
  /** The database's time now, in milliseconds. */
  time(): number;
  /** Whether to leave the rest for another pass. */
  mustYield(): boolean;
  /** Every execution of the pass. */
  executions: readonly ChunkExecution[];
  /** Results that are not in the database yet; the caller writes what is left here, whatever happens. */
  unwritten: MessageResult[];
  /** Milliseconds until a channel takes messages again, where that is why executions were left. */
  waitMs: number;
}

/** An execution that stands at an effect of this kind. */
export interface AtEffect<Kind extends Pending = Pending> {
  execution: ChunkExecution;
  pending: Kind;
}

export type Batch<Kind extends Pending = Pending> = NonEmpty<AtEffect<Kind>>;

/**
 * One kind of effect. It is done for many executions at once and leads each of them on: afterwards an execution rests,
 * is over, is left alone, or stands at its next effect.
 */
export interface Effect<Kind extends Pending = Pending> {
  /** Executions with equal keys may be in one batch. */
  batchKey(execution: ChunkExecution, pending: Kind): string;
  /** Takes as many from the queue as it does at once. `isClosed`: no more of this queue in this pass. */
  runBatch(pass: PassContext, queue: AtEffect<Kind>[]): Promise<{ batch: readonly AtEffect<Kind>[]; isClosed: boolean }>;
}
