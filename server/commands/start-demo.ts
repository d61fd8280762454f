import { randomBytes, randomUUID } from "node:crypto";
import { scopes } from "#contract/people.ts";
import type { Db, Tx } from "#db/client.ts";
import { insertApiKey } from "#db/queries/api-keys.ts";
import { countWorkspaces, findDemoOwner, replacePassword, revokeKeysNamed } from "#db/queries/demo-owner.ts";
import { addMember } from "#db/queries/members.ts";
import { createApiKeyToken } from "../http/api-key-token.ts";
import type { Identity } from "../http/identity.ts";
import { createOwner } from "./claim-instance.ts";

const ownerEmail = "owner@demo.example.com";
const keyName = "Demo";

/** The access data that `--demo` prints and writes to the ready file. */
export interface DemoAccess {
  workspaceId: string;
  apiKey: string;
  ownerEmail: string;
  ownerPassword: string;
}

/** The message is printed as it is. */
export class DemoRefused extends Error {
  override readonly name = "DemoRefused";
}

interface Parts {
  ownerDb: Db;
  identity: Pick<Identity, "hashPassword" | "way">;
  loadDemo(ownerUserId: string): Promise<{ workspaceId: string }>;
}

/**
 * Provides the demo workspace with an owner and an API key for scripts. The workspace is made at the first `--demo`
 * start of a data folder and found again at the next. Only hashes of password and key are stored, so both are new at
 * every start.
 */
export async function startDemo({ ownerDb, identity, loadDemo }: Parts, options: { databaseIsEmbedded: boolean }): Promise<DemoAccess> {
  if (identity.way.kind !== "password") {
    throw new DemoRefused(
      "--demo makes an owner with a password, but with SUPABASE_URL people sign in at Supabase. Start without --demo, claim the instance, and choose the demo workspace.",
    );
  }
  const ownerPassword = randomBytes(15).toString("base64url");
  const known = await findDemoOwner(ownerDb, ownerEmail);
  if (!known && (await countWorkspaces(ownerDb)) > 0) {
    throw new DemoRefused(
      options.databaseIsEmbedded
        ? "--demo starts with a known login, and this data folder already has an owner of its own. Choose another folder with --data, or load the demo workspace from the workspace menu."
        : "--demo does not touch a database that already has workspaces. Use an empty one, or leave DATABASE_URL out.",
    );
  }
  const userId =
    known?.userId ?? (await createOwner({ ownerDb, identity }, { name: "Demo Owner", email: ownerEmail, password: ownerPassword })).userId;
  if (known) await replacePassword(ownerDb, { userId, passwordHash: await identity.hashPassword(ownerPassword) });
  const workspaceId = known?.demoWorkspaceId ?? (await loadDemo(userId)).workspaceId;
  const apiKey = await ownerDb.transaction().execute((tx) => renewKey(tx, { workspaceId, userId }));
  return { workspaceId, apiKey, ownerEmail, ownerPassword };
}

async function renewKey(tx: Tx, { workspaceId, userId }: { workspaceId: string; userId: string }): Promise<string> {
  await revokeKeysNamed(tx, { workspaceId, name: keyName });
  const { id, token, secretHash } = createApiKeyToken();
  const memberId = randomUUID();
  await addMember(tx, { workspaceId, userId: memberId, role: "admin", kind: "key" });
  await insertApiKey(tx, { id, workspaceId, memberId, name: keyName, secretHash, scopes, createdBy: userId, expiresInDays: 365 });
  return token;
}
