import type { Clock } from "./base/clock.ts";
import type { Meter } from "./base/meter.ts";
import type { Tracer } from "./base/tracer.ts";
import type { WebhookCalls } from "./effects/webhook-calls.ts";
import type { EngineResources } from "./engine-api.ts";
import type { FlowCache } from "./flow/flow-cache.ts";
import type { WorkSizes } from "./jobs/work-sizes.ts";
import type { ChannelLimiter } from "./messages/channel-limiter.ts";
import type { ProviderCalls } from "./messages/provider-calls.ts";

/** What the parts of the engine share. */
export interface EngineContext extends EngineResources {
  meter: Meter;
  tracer: Tracer;
  clock: Clock;
  workSizes: WorkSizes;
  flows: FlowCache;
  calls: ProviderCalls;
  webhookCalls: WebhookCalls;
  limiter: ChannelLimiter;
  /** Which process this is, among all that work on this database. */
  workerId: string;
  /** Turns that this process has in hand. */
  openTurns: Set<string>;
  /** Set when the process is to end: nothing new is begun. */
  isStopping(): boolean;
}
