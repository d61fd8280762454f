import type { Logger } from "pino";
import type { Provider } from "#channels/channel.ts";
import type { Selection } from "#contract/contacts.ts";
import type { FlowGraph } from "#contract/flows.ts";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Drip, RetryPreview, SendPatch, SendStart, Source } from "#contract/sends.ts";
import type { Db } from "#db/client.ts";
import type { Meter } from "./base/meter.ts";
import type { Tracer } from "./base/tracer.ts";
import type { WebhookClient } from "./effects/webhook-calls.ts";
import type { NodeRegistry } from "./flow/node-registry.ts";
import type { EngineDriver } from "./jobs/driver.ts";
import type { WorkSizes } from "./jobs/work-sizes.ts";

export interface EngineResources {
  /** The owner's login. */
  db: Db;
  nodes: NodeRegistry;
  /** The provider with which a workspace sends on a channel. @throws when it cannot be found out; nothing is sent then */
  providerFor(workspaceId: string, channel: Channel): Promise<Provider>;
  /** Calls the address of a webhook. Left out, calls are refused. */
  callWebhook?: WebhookClient;
  driver: EngineDriver;
  log: Logger;
  /** Left out, nothing is counted. */
  meter?: Meter;
  /** Left out, nothing is traced. */
  tracer?: Tracer;
  /** Tests make the portions of work smaller. Left out, the sizes are those of jobs/work-sizes.ts. */
  workSizes?: Partial<WorkSizes>;
}

export interface CreateSendInput {
  workspaceId: string;
  flowId: string;
  /** This send follows this graph instead of the stored one. */
  graph?: FlowGraph;
  selection: Selection;
  source: Source;
  isTest: boolean;
  triggerData?: Record<string, unknown>;
  /** Made by the caller. A second request with the same id is answered with the same send. */
  sendId?: string;
  launchedBy: string | null;
  launchedByName: string | null;
  launchedFrom?: string | null;
  /** The send begins at this time. */
  start?: SendStart;
  /** How many executions begin at a time. */
  drip?: Drip;
  /** Whether each address gets the messages of one contact only. Default true. */
  oncePerAddress?: boolean;
  /** Seconds in which nothing leaves and the send can be undone. Default 0. */
  undoSeconds?: number;
}

export interface CreatedSend {
  sendId: string;
  /** False when a send of this id existed already. */
  created: boolean;
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

/** What a stop found; StopAccount of the contract says what each number means. */
export interface StopCount {
  sent: number;
  ended: number;
  stopped: number;
  inFlight: number;
  items: { executionId: string; contactId: string | null; channel: Channel }[];
}

export interface RetryWhat {
  workspaceId: string;
  sendId?: string;
  executionId?: string;
  reasons?: readonly Reason[];
}

export interface DeleteContactsInput {
  workspaceId: string;
  selection: Selection;
  /** The person or the API key, as the audit log names it. */
  actor: { id: string; name: string };
}

export interface Engine {
  /** Makes the database ready for createSend. start() does it too; a process that only takes requests calls this. */
  prepare(): Promise<void>;
  /** Starts the driver, so that this process takes jobs. */
  start(): Promise<void>;
  /** Whether jobs run in this process and its last heartbeat is recent. */
  isWorking(): boolean;
  /** Finishes the chunks in hand. Other workers take the rest. */
  stop(): Promise<void>;
  /** @throws EngineRefusal */
  createSend(input: CreateSendInput): Promise<CreatedSend>;
  /** Pauses a send: nothing leaves until it is resumed. @throws EngineRefusal send_over */
  pauseSend(input: OfSend): Promise<void>;
  /** @throws EngineRefusal send_over */
  resumeSend(input: OfSend): Promise<void>;
  /** Stops a send for good: after the answer nothing leaves but the messages in flight. @throws EngineRefusal send_over */
  stopSend(input: OfSend): Promise<StopCount>;
  /** Stops a send within the time in which it can be undone. @throws EngineRefusal undo_over, send_over */
  undoSend(input: OfSend): Promise<StopCount>;
  /** Changes the start or the drip of a send. @throws EngineRefusal send_over, conflict */
  rescheduleSend(input: OfSend & { patch: SendPatch }): Promise<void>;
  /** Cancels one execution. With `inFlight` it ends when the provider has answered its message. @throws EngineRefusal execution_over */
  cancelExecution(input: { workspaceId: string; executionId: string }): Promise<{ inFlight: boolean }>;
  previewRetry(input: RetryWhat): Promise<RetryPreview>;
  /** Failed executions go on from the step that failed, as a new attempt. @throws EngineRefusal nothing_to_retry */
  retry(input: RetryWhat): Promise<{ retried: number }>;
  /** Lets one message of a channel whose provider keeps failing try now. Returns whether the channel was in trouble. */
  tryChannel(channel: { workspaceId: string; channel: Channel; afterMs?: number }): Promise<boolean>;
  /** Deletes contacts, ends their executions, and keeps the history without names and addresses, in one transaction. */
  deleteContacts(input: DeleteContactsInput): Promise<{ matched: number; changed: number }>;
}
