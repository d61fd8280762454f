import type { ChannelGates } from "./channel-gates.ts";
import type { Clock } from "./clock.ts";
import type { EngineResources } from "./engine-api.ts";
import type { FlowCache } from "./flow-cache.ts";
import type { HttpCalls } from "./http-calls.ts";
import type { Meter } from "./meter.ts";
import type { ProviderCalls } from "./provider-calls.ts";
import type { Tracer } from "./tracer.ts";

/** What the parts of the engine share. */
export interface Tools extends EngineResources {
  meter: Meter;
  tracer: Tracer;
  clock: Clock;
  flows: FlowCache;
  calls: ProviderCalls;
  httpCalls: HttpCalls;
  gates: ChannelGates;
  /** Which process this is, among all that work on this database. */
  workerId: string;
  /** Turns that this process has in hand. */
  openTurns: Set<string>;
  /** Set when the process is to end: nothing new is begun. */
  isStopping(): boolean;
}
