import { once } from "node:events";
import { pino } from "pino";
import type { Scope } from "#contract/people.ts";
import { insertApiKey } from "#db/queries/api-keys.ts";
import { addMember } from "#db/queries/members.ts";
import { createOwner } from "#server/commands/claim-instance.ts";
import { createApiKeyToken } from "#server/http/api-key-token.ts";
import { createIdentity } from "#server/http/identity.ts";
import { type Client, createClient } from "../http-client.ts";
import { type ProcessOptions, type ProductProcess, productMasterKey, startProduct } from "../product-process.ts";
import { type OwnDatabase, startOwnDatabase } from "./own-database.ts";

const password = "correct horse battery";
const email = "owner@example.test";

/**
 * A database with the settings of the product, one workspace with an owner and an API key, and the processes that a
 * test starts.
 */
export interface Stage extends OwnDatabase {
  workspaceId: string;
  /** The headers of a program with this workspace's API key. */
  program: Record<string, string>;
  start(args: string[], env?: Record<string, string>, options?: ProcessOptions): Promise<ProductProcess>;
  /** Kills the process without an orderly end, as when a machine fails. Resolves when it is gone. */
  kill(product: ProductProcess): Promise<void>;
  /** The owner, signed in at this web process. */
  signIn(web: ProductProcess): Promise<Client>;
  /** The database's time, in milliseconds. */
  now(): Promise<number>;
}

/** Builds the stage, runs the test, and removes everything afterwards, whatever the result. */
export async function onStage<T>(run: (stage: Stage) => Promise<T>): Promise<T> {
  const database = await startOwnDatabase();
  const running = new Set<ProductProcess>();
  const kill = async (product: ProductProcess) => {
    running.delete(product);
    if (product.child.exitCode !== null || product.child.signalCode !== null) return;
    const gone = once(product.child, "exit");
    product.kill();
    await gone;
  };
  try {
    const { db } = database;
    const masterKey = Buffer.from(productMasterKey, "hex");
    const identity = await createIdentity({ ownerDb: db, masterKey, publicUrl: "http://127.0.0.1", log: pino({ level: "silent" }) });
    const { userId, workspaceId } = await createOwner({ ownerDb: db, identity }, { name: "Owner", email, password });
    await db.updateTable("workspaces").set({ undo_seconds: 0 }).where("id", "=", workspaceId).execute();
    return await run({
      ...database,
      workspaceId,
      kill,
      program: { authorization: `Bearer ${await makeKey(database, workspaceId, userId)}` },
      start: async (args, env = {}, options = {}) => {
        const product = await startProduct(database.url, args, { ALLOW_PRIVATE_HOSTS: "true", ...env }, options);
        running.add(product);
        return product;
      },
      signIn: async (web) => {
        const url = originOf(web);
        const answer = await createClient(url, { origin: url }).post("/api/session", { email, password });
        const cookie = answer.headers.getSetCookie()[0]?.split(";")[0];
        if (cookie === undefined) throw new Error(`The owner could not sign in: ${answer.status} ${answer.text}`);
        return createClient(url, { cookie, origin: url });
      },
      now: async () => {
        const row = await db.selectNoFrom(({ fn }) => fn<Date>("clock_timestamp", []).as("now")).executeTakeFirstOrThrow();
        return row.now.getTime();
      },
    });
  } finally {
    await Promise.all([...running].map(kill));
    await database.stop();
  }
}

export const originOf = ({ ready }: ProductProcess): string => new URL(ready.url ?? "").origin;

async function makeKey({ db }: OwnDatabase, workspaceId: string, createdBy: string): Promise<string> {
  const { id, token, secretHash } = createApiKeyToken();
  const memberId = crypto.randomUUID();
  const scopes: Scope[] = ["admin"];
  await db.transaction().execute(async (tx) => {
    await addMember(tx, { workspaceId, userId: memberId, role: "admin", kind: "key" });
    await insertApiKey(tx, { id, workspaceId, memberId, secretHash, createdBy, scopes, name: "Chaos", expiresInDays: 1 });
  });
  return token;
}
