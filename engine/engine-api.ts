import type { Logger } from "pino";
import type { Provider } from "#channels/channel.ts";
import type { Selection } from "#contract/contacts.ts";
import type { FlowGraph } from "#contract/flows.ts";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Source } from "#contract/sends.ts";
import type { Db } from "#db/client.ts";
import type { EngineDriver } from "./drivers/driver.ts";
import type { Meter } from "./meter.ts";
import type { NodeRegistry } from "./node-registry.ts";

export interface EngineResources {
  /** The owner's login. */
  db: Db;
  nodes: NodeRegistry;
  /** How a workspace sends on a channel. Throws when that cannot be found out, and then nothing is sent. */
  providerFor(workspaceId: string, channel: Channel): Promise<Provider>;
  driver: EngineDriver;
  log: Logger;
  /** Left out: nobody counts. */
  meter?: Meter;
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
  /** Finishes the chunks in hand and frees the rest. */
  stop(): Promise<void>;
  /** @throws EngineRefusal */
  createSend(input: CreateSendInput): Promise<CreatedSend>;
  /** Ends their executions, keeps the history without names and addresses, and deletes them: all or nothing. */
  deleteContacts(input: DeleteContactsInput): Promise<{ matched: number; changed: number }>;
}
