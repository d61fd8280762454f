import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { CreateSendInput } from "../engine-api.ts";
import type { EngineContext } from "../engine-context.ts";
import type { ChunkSend } from "../execution/chunk.ts";
import type { ReadyFlow } from "../flow/flow-graph.ts";
import type { NonRetriableError } from "../flow/node-executor.ts";
import type { Audience, AudienceRow, Standing } from "./audience-rows.ts";
import type { Pace } from "./pace.ts";
import type { ForecastFacts } from "./rehearse.ts";
import type { Walked } from "./walked.ts";

export type ForecastContext = Pick<EngineContext, "db" | "clock" | "nodes">;

export interface ForecastInput
  extends Pick<
    CreateSendInput,
    "workspaceId" | "flowId" | "graph" | "selection" | "triggerData" | "sendId" | "start" | "drip" | "undoSeconds" | "oncePerAddress"
  > {
  /** Channels on which nothing can be sent, with the reason. */
  refusedChannels: Partial<Record<Channel, NonRetriableError>>;
  /** More contacts than this are refused. */
  most: number;
  signal?: AbortSignal;
  /** Milliseconds that have passed, since whenever, by which the walking is measured. */
  elapsed?: () => number;
  /** How many milliseconds the walking may take; what a person waits for where it is left out. */
  mostMs?: number;
}

export interface RefusedContact {
  id: string;
  /** Null where the contact is no longer there. */
  name: string | null;
}

/** Hears of each contact once: that it does not begin, or how it went. */
export interface ForecastSink {
  /** Whether the texts of messages are read. Others are dropped once they are counted, because they may be many and long. */
  readsTexts?: boolean;
  refused(contact: RefusedContact, reason: Reason): void;
  walked(walked: Walked): void;
}

export interface WalkedAudience {
  flow: Extract<ReadyFlow, { problem?: undefined }>;
  standing: Standing;
  channels: Channel[];
}

/** What the walks of one forecast share. */
export interface Stage {
  context: ForecastContext;
  audience: Audience;
  send: ChunkSend;
  flow: ReadyFlow;
  facts: ForecastFacts;
  sink: ForecastSink;
  pace: Pace;
  /** When the next contact begins. */
  nextStart(row: AudienceRow): number;
}
