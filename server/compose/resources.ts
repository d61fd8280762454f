import type { Logger } from "pino";
import type { Db } from "#db/client.ts";
import type { Engine } from "#engine/engine.ts";
import type { Identity } from "../http/identity.ts";
import type { ProviderDirectory } from "./provider-directory.ts";

/** Everything a handler may use, built once by compose.ts and passed in. */
export interface Resources {
  /** The API's login: every use goes through asMember, so that the policies decide. */
  apiDb: Db;
  /** The owner's login, for what happens before a caller is known (keys, sessions) and for commands of the engine. */
  ownerDb: Db;
  engine: Engine;
  identity: Identity;
  providers: ProviderDirectory;
  log: Logger;
  /** 32 bytes; encrypts provider secrets. */
  masterKey: Buffer;
  /** Address of this instance as people open it, without a trailing slash. */
  publicUrl: string;
  /** Address of a run in the dashboard of the engine outside. */
  linkRun(runId: string): string;
  /** What tells the files of our own Postgres from a copy of them; undefined for a database that others look after. */
  dataFiles?: string | undefined;
  /** Fills a new workspace with the demo contacts and flows and makes this person its owner. */
  loadDemo(ownerUserId: string): Promise<{ workspaceId: string }>;
}
