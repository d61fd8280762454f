import type { Selection } from "#contract/contacts.ts";
import type { FlowGraph } from "#contract/flows.ts";
import type { Launch } from "#contract/launch-values.ts";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { CanaryTerms } from "#contract/send-canary.ts";
import type { Drip, SendStart, Source } from "#contract/sends.ts";
import type { Exclusions, SendCondition } from "#contract/who-not.ts";

export interface CreateSendInput extends Launch {
  workspaceId: string;
  flowId: string;
  /** This send follows this graph instead of the stored one. */
  graph?: FlowGraph;
  selection: Selection;
  source: Source;
  isTest: boolean;
  /** A test does not wait: it goes on as if the time were over. */
  skipWaits?: boolean;
  triggerData?: Record<string, unknown>;
  /** Nobody is written to: what the flow needs and nobody has given has a sample. */
  standIns?: boolean;
  /** Made by the caller. A second request with the same id is answered with the same send. */
  sendId?: string;
  /**
   * What was asked for beside the flow, the contacts and the values, in one text. A second request with the same id asks for the same. It is
   * what the caller wrote, because what the settings of the workspace add may be another thing by then.
   */
  asked?: string;
  launchedBy: string | null;
  launchedByName: string | null;
  launchedFrom?: string | null;
  /** The send begins at this time. */
  start?: SendStart;
  /** How many executions begin at a time. */
  drip?: Drip;
  /** On the workspace's clock: what has not left by then is skipped. */
  notLaterThan?: string;
  /** Whether each address gets the messages of one contact only. Default true. */
  oncePerAddress?: boolean;
  /** Whom the send leaves out of those who were chosen. */
  exclude?: Exclusions;
  /** Only who passes these tests gets the send. */
  condition?: SendCondition;
  /** Seconds in which nothing leaves and the send can be undone. Default 0. */
  undoSeconds?: number;
  /** The forecast that was looked at before. It is kept with the send if it is one of the same. */
  forecastId?: string;
  /** The saved launch that it is made from, if the launcher sees one of this id. */
  savedLaunchId?: string;
  /** Left out, no approval is asked for, whatever the rules of the workspace are. */
  asker?: Asker;
  /** It begins with a few, and the rest follows if these go well. */
  canary?: CanaryTerms;
}

/** The parts of a send that decide who can receive something. */
export type PreviewSendInput = Pick<CreateSendInput, "workspaceId" | "flowId" | "selection" | "exclude" | "condition" | "asker"> & {
  oncePerAddress: boolean;
};

/** A send that is only looked at. */
export type ForecastSendInput = Omit<
  CreateSendInput,
  | "graph"
  | "source"
  | "isTest"
  | "skipWaits"
  | "launchedBy"
  | "launchedByName"
  | "launchedFrom"
  | "forecastId"
  | "savedLaunchId"
  | "standIns"
  | "asked"
  | "asker"
  | "canary"
> & {
  signal?: AbortSignal;
  /** The way of a test, which asks neither who may enter nor what a contact may get. */
  asTest?: boolean;
};

export interface CreatedSend {
  sendId: string;
  /** False when a send of this id existed already. */
  created: boolean;
  /** An admin has to approve it first; nothing of it has begun. */
  awaitsApproval: boolean;
  /** The execution, when exactly one contact was enrolled before the answer. */
  executionId: string | null;
  /** Contacts that were selected and not enrolled, as far as that is known when the request is answered. */
  skipped: { contactId: string; reason: Reason }[];
}

/** The person who gives a command. */
export interface Actor {
  id: string | null;
  name: string | null;
}

export interface OfSend {
  workspaceId: string;
  sendId: string;
  actor: Actor;
}

export interface OpenCanaryInput extends OfSend {
  /** Of a send that was approved, only who might have approved it lets the rest go. */
  asker?: Asker;
}

export interface ApproveSendInput extends OfSend {
  /** The person behind the actor, who must not be the one who asked. */
  personId: string;
  /** The hash of what was looked at. */
  hash: string;
  comment: string | null;
  /** Whether it may begin at once although its planned start has passed. */
  startNow: boolean;
}

/** Who makes a send, as the rules of approval ask. */
export interface Asker {
  /** The person, or of an API key its maker. */
  personId: string;
  /** Whether they are an admin or owner now. */
  isAdmin: boolean;
  /** As the audit log names them. */
  name: string;
}

/** What a stop found; StopAccount of the contract says what each number means. */
export interface StopCount {
  sent: number;
  captured: number;
  ended: number;
  stopped: number;
  finishing: number;
  inFlight: number;
  items: { executionId: string; contactId: string | null; channel: Channel }[];
}

export interface RetryWhat {
  workspaceId: string;
  sendId?: string;
  executionId?: string;
  reasons?: readonly Reason[];
}
