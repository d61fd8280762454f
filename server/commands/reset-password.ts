import type { Db } from "#db/client.ts";
import { insertAuditEntryEverywhere } from "#db/queries/audit-log.ts";
import { findPasswordReset, insertPasswordReset, type PresentedReset, setPassword } from "#db/queries/password-resets.ts";
import { listWorkspacesOf } from "#db/queries/workspaces.ts";
import { ApiError, notFound } from "../http/errors.ts";
import type { Identity } from "../http/identity.ts";
import { requireGoodPassword } from "../passwords/check-password.ts";
import { createSecretLink, hashLinkToken } from "./secret-link.ts";

/** Makes a link by which a person chooses a new password. The person who makes it learns no password. */
export async function createPasswordReset(
  db: Db,
  { userId, createdBy, publicUrl, hours }: { userId: string; createdBy: string | null; publicUrl: string; hours: number },
): Promise<{ link: string; expiresAt: string }> {
  const { link, tokenHash } = createSecretLink(`${publicUrl}/reset-password`);
  const { expiresAt } = await db.transaction().execute((tx) => insertPasswordReset(tx, { tokenHash, userId, createdBy, hours }));
  return { link, expiresAt };
}

/**
 * Sets the new password of the person whose link this is, and ends their sessions everywhere.
 * @throws ApiError not_found if there is no such link, link_expired if it is too old
 */
export async function usePasswordReset(
  { ownerDb, identity }: { ownerDb: Db; identity: Pick<Identity, "hashPassword"> },
  { token, password }: { token: string; password: string },
): Promise<{ userId: string; email: string }> {
  // Hashing is slow on purpose, so only somebody with a link can ask for it.
  const person = await getReset(ownerDb, token, false);
  const workspaceNames = (await listWorkspacesOf(ownerDb, person.userId)).map(({ name }) => name);
  requireGoodPassword(password, { email: person.email, name: person.name, workspaceNames }, "password");
  const passwordHash = await identity.hashPassword(password);
  return ownerDb.transaction().execute(async (tx) => {
    const { userId, email, name } = await getReset(tx, token, true);
    await setPassword(tx, { userId, passwordHash });
    await insertAuditEntryEverywhere(tx, { userId, actorName: name, action: "account.password_reset", subjectId: userId });
    return { userId, email };
  });
}

async function getReset(db: Db, token: string, lock: boolean): Promise<PresentedReset> {
  const reset = await findPasswordReset(db, { tokenHash: hashLinkToken(token), lock });
  if (!reset) throw notFound();
  if (!reset.isUsable) throw new ApiError("link_expired", "This link is too old. Ask for a new one.");
  return reset;
}
