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
  /** How a workspace sends on a channel. Throws when that cannot be found out, and then nothing is sent. */
  providerFor(workspaceId: string, channel: Channel): Promise<Provider>;
  /** How webhooks are called. Left out: they are refused. */
  callWebhook?: WebhookClient;
  driver: EngineDriver;
  log: Logger;
  /** Left out: nobody counts. */
  meter?: Meter;
  /** Left out: nobody traces. */
  tracer?: Tracer;
  /** Tests make the portions of work smaller. Left out, the sizes are those of jobs/work-sizes.ts. */
  workSizes?: Partial<WorkSizes>;
}

export interface CreateSendInput {
  workspaceId: string;
  flowId: string;
  /** Followed instead of the stored graph, for this send only. */
  graph?: FlowGraph;
  selection: Selection;
  source: Source;
  isTest: boolean;
  triggerData?: Record<string, unknown>;
  /** The same id again is the same send. */
  sendId?: string;
  launchedBy: string | null;
  launchedByName: string | null;
  launchedFrom?: string | null;
  /** Not before this time. */
  start?: SendStart;
  /** So many at a time. */
  drip?: Drip;
  /** For how long nothing leaves and the send can be undone. Default 0: at once. */
  undoSeconds?: number;
}

export interface CreatedSend {
  sendId: string;
  /** False when a send of this id was there already. */
  created: boolean;
  /** The execution, when exactly one contact was enrolled before the answer. */
  executionId: string | null;
  /** Who was selected and not enrolled, as far as that is known at the answer. */
  skipped: { contactId: string; reason: Reason }[];
}

/** Who asks for it. */
export interface Actor {
  id: string | null;
  name: string | null;
}

export interface OfSend {
  workspaceId: string;
  sendId: string;
  actor: Actor;
}

/** The account of a stop; see StopAccount of the contract. */
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
  actor: { id: string; name: string };
}

export interface Engine {
  /** Makes the database ready for createSend. start() does it too; a process that only takes requests calls this. */
  prepare(): Promise<void>;
  /** Begins to work. */
  start(): Promise<void>;
  /** Whether this process does work: its jobs run, and it has told the others so lately. */
  isWorking(): boolean;
  /** Finishes the chunks in hand and frees the rest. */
  stop(): Promise<void>;
  /** @throws EngineRefusal */
  createSend(input: CreateSendInput): Promise<CreatedSend>;
  /** Nothing leaves until it is resumed. @throws EngineRefusal send_over */
  pauseSend(input: OfSend): Promise<void>;
  /** @throws EngineRefusal send_over */
  resumeSend(input: OfSend): Promise<void>;
  /** Ends it for good: after the answer nothing leaves but what is in flight. @throws EngineRefusal send_over */
  stopSend(input: OfSend): Promise<StopCount>;
  /** The same while it can be taken back. @throws EngineRefusal undo_over, send_over */
  undoSend(input: OfSend): Promise<StopCount>;
  /** Another start, another drip. @throws EngineRefusal send_over, conflict */
  rescheduleSend(input: OfSend & { patch: SendPatch }): Promise<void>;
  /** Ends one execution where it stands; true: once its message in flight is answered. @throws EngineRefusal execution_over */
  cancelExecution(input: { workspaceId: string; executionId: string }): Promise<{ inFlight: boolean }>;
  previewRetry(input: RetryWhat): Promise<RetryPreview>;
  /** Failed executions go on from the step that failed. @throws EngineRefusal nothing_to_retry */
  retry(input: RetryWhat): Promise<{ retried: number }>;
  /** Ends their executions, keeps the history without names and addresses, and deletes them: all or nothing. */
  deleteContacts(input: DeleteContactsInput): Promise<{ matched: number; changed: number }>;
}
