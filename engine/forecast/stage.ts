import type { FrozenLaunch } from "#contract/judge-launch.ts";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { EngineContext } from "../engine-context.ts";
import type { ChunkSend } from "../execution/chunk.ts";
import type { ReadyFlow } from "../flow/flow-graph.ts";
import type { Pool } from "../messages/last-sender-rows.ts";
import type { CreateSendInput, ForecastSendInput } from "../send-api.ts";
import type { Audience, AudienceRow, Standing } from "./audience-rows.ts";
import type { ForecastFacts } from "./facts.ts";
import type { Pace } from "./pace.ts";
import type { ProviderNames } from "./provider-names.ts";
import type { Walked } from "./walked.ts";

export type ForecastContext = Pick<EngineContext, "db" | "clock" | "nodes" | "links">;

export interface ForecastInput extends ForecastSendInput, Pick<CreateSendInput, "graph"> {
  providers: ProviderNames;
  /** More contacts than this are refused. */
  most: number;
  /** Contacts are read and walked in pages of so many; 1,000 if it is left out. */
  pageSize?: number;
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
  /** Is called behind each page. What it throws ends the walk. */
  paged?(audience: WalkedAudience): Promise<void>;
}

export interface WalkedAudience {
  flow: Extract<ReadyFlow, { problem?: undefined }>;
  /** Tells whether the flow was changed since (db/queries/flow-content.ts). */
  flowContent: string;
  standing: Standing;
  channels: Channel[];
  /** Channels whose messages only stay on this machine. */
  kept: Channel[];
  /** How many contacts were selected when it began; named ids of deleted contacts are among them. */
  total: number;
}

/** What the walks of one forecast share. */
export interface Stage {
  context: ForecastContext;
  audience: Audience;
  send: ChunkSend;
  flow: ReadyFlow;
  /** The values that the flow asks for which single contacts have. */
  own: FrozenLaunch["own"];
  facts: ForecastFacts;
  sink: ForecastSink;
  pace: Pace;
  /** The channels with several senders to choose from. */
  pools: readonly Pool[];
  /** After so many steps of a contact nobody looks at what follows. Left out, each is followed to its end. */
  mostSteps?: number;
  /** Nobody looks at what follows this moment, in milliseconds since 1970. Left out, there is no end. */
  until?: number;
  /** Whether a message asks for a recorded consent. */
  needsConsent: boolean;
  /** When the next contact begins. */
  nextStart(row: AudienceRow): number;
}
