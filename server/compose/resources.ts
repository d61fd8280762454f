import type { Logger } from "pino";
import type { DnsOptions } from "#channels/email/domain/dns-look-up.ts";
import type { Db } from "#db/client.ts";
import type { Engine } from "#engine/engine.ts";
import type { Simulate } from "#engine/simulation/simulate.ts";
import type { Identity } from "../http/identity.ts";
import type { LinkKeeper } from "./message-links.ts";
import type { ProviderDirectory } from "./provider-directory.ts";
import type { CallWebhookWhole } from "./webhook-client.ts";

/** Everything that a handler may use. compose.ts builds it once and passes it in. */
export interface Resources {
  /** The API's login. It is always used through asMember, so that row level security applies. */
  apiDb: Db;
  /** The owner's login, for steps before the caller is known (keys, sessions) and for commands of the engine. */
  ownerDb: Db;
  engine: Engine;
  /** Walks a flow for one contact; nothing is sent and nothing stays. */
  simulate: Simulate;
  identity: Identity;
  providers: ProviderDirectory;
  /** Calls the address of a webhook step, and tells all that was sent and said. */
  callWebhook: CallWebhookWhole;
  /** Which name servers are asked about sending domains. */
  dns: DnsOptions;
  /** The links in messages, and whom they stand for. */
  links: LinkKeeper;
  log: Logger;
  /** 32 bytes that encrypt the secrets of providers. */
  masterKey: Buffer;
  /** They open what they sealed before the key was replaced, and seal nothing. */
  previousMasterKeys: readonly Buffer[];
  /** The address of this instance as people open it, without a trailing slash. */
  publicUrl: string;
  /** Makes the address of a run in Trigger.dev's dashboard. */
  linkRun(runId: string): string;
  /**
   * Identifies the files of the embedded Postgres, so that a copy of them can be recognised; undefined for an external
   * database.
   */
  dataFiles?: string | undefined;
  /** Fills a new workspace with the demo contacts and flows and makes this person its owner. */
  loadDemo(ownerUserId: string): Promise<{ workspaceId: string }>;
}
