import type { Clock } from "./base/clock.ts";
import type { Meter } from "./base/meter.ts";
import type { Tracer } from "./base/tracer.ts";
import type { WebhookCalls } from "./effects/webhook-calls.ts";
import type { EngineResources } from "./engine-api.ts";
import type { FlowCache } from "./flow/flow-cache.ts";
import type { WorkSizes } from "./jobs/work-sizes.ts";
import type { ChannelLimiter } from "./messages/channel-limiter.ts";
import type { ProviderCalls } from "./messages/provider-calls.ts";

/** Everything that the parts of one engine share. */
export interface EngineContext extends EngineResources {
  meter: Meter;
  tracer: Tracer;
  clock: Clock;
  workSizes: WorkSizes;
  flows: FlowCache;
  calls: ProviderCalls;
  webhookCalls: WebhookCalls;
  limiter: ChannelLimiter;
  /** Identifies this process among the workers of this database. */
  workerId: string;
  /** Ids of the turns that this process is working on. */
  openTurns: Set<string>;
  /** Whether the process is about to end; no new work is begun then. */
  isStopping(): boolean;
}
