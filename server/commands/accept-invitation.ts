import type { Db, Tx } from "#db/client.ts";
import { insertAuditEntry } from "#db/queries/audit-log.ts";
import { findInvitationByToken, markInvitationAccepted, type PresentedInvitation } from "#db/queries/invitations.ts";
import { addMember } from "#db/queries/members.ts";
import { createPerson, findUserByEmail } from "#db/queries/people.ts";
import { ApiError, forbidden, invalid, notFound, unauthenticated } from "../http/errors.ts";
import type { Identity } from "../http/identity.ts";
import { requireGoodPassword } from "../passwords/check-password.ts";
import { requireRoom } from "./require-room.ts";
import { hashLinkToken } from "./secret-link.ts";

interface Parts {
  ownerDb: Db;
  identity: Pick<Identity, "hashPassword" | "way">;
}

export interface Acceptance {
  token: string;
  /** The signed-in person, if there is one. */
  person: { userId: string; email: string } | undefined;
  /** The name for a new account. */
  name: string | undefined;
  password: string | undefined;
}

/**
 * Reads the invitation that a link stands for.
 * @throws ApiError not_found if there is no such invitation, link_expired if it was used, taken back or has expired
 */
export async function getInvitation(db: Db, token: string, options = { lock: false }): Promise<PresentedInvitation> {
  const invitation = await findInvitationByToken(db, { tokenHash: hashLinkToken(token), ...options });
  if (!invitation) throw notFound();
  if (!invitation.isUsable) throw new ApiError("link_expired", "This invitation was used, taken back or has expired. Ask for a new one.");
  return invitation;
}

/**
 * Makes the invited person a member. They must be signed in under the very address that was invited, or make a new
 * account under it. The link alone never adds an existing account; otherwise the link would be a way into that account.
 */
export async function acceptInvitation(
  { ownerDb, identity }: Parts,
  { token, person, name, password }: Acceptance,
): Promise<{ userId: string; newAccount: { email: string; password: string } | undefined }> {
  const invitation = await getInvitation(ownerDb, token);
  if (!person && identity.way.kind !== "password") throw mustSignInElsewhere();
  const account = person ? undefined : await readNewAccount(ownerDb, invitation, name, password);
  if (person && person.email.toLowerCase() !== invitation.email.toLowerCase()) {
    throw forbidden("This invitation is for another e-mail address. Sign out first, then open the link again.");
  }

  const userId = await ownerDb.transaction().execute(async (tx) => {
    await getInvitation(tx, token, { lock: true });
    await requireRoom(tx, { workspaceId: invitation.workspaceId, to: "members" });
    const id = person?.userId ?? (await createAccount(tx, identity, account as NewAccount));
    await addMember(tx, { workspaceId: invitation.workspaceId, userId: id, role: invitation.role });
    await markInvitationAccepted(tx, invitation.id);
    await insertAuditEntry(tx, {
      workspaceId: invitation.workspaceId,
      actorId: id,
      actorName: name ?? null,
      action: "invitation.accept",
      subjectId: invitation.id,
      details: { role: invitation.role },
    });
    return id;
  });
  return { userId, newAccount: account };
}

interface NewAccount {
  name: string;
  email: string;
  password: string;
}

async function readNewAccount(
  ownerDb: Db,
  invitation: PresentedInvitation,
  name: string | undefined,
  password: string | undefined,
): Promise<NewAccount> {
  if (await findUserByEmail(ownerDb, invitation.email)) throw mustSignIn();
  if (name === undefined || password === undefined) {
    throw invalid([
      ...(name === undefined ? [{ path: "name", message: "Needed for a new account" }] : []),
      ...(password === undefined ? [{ path: "password", message: "Needed for a new account" }] : []),
    ]);
  }
  requireGoodPassword(password, { email: invitation.email, name, workspaceNames: [invitation.workspaceName] }, "password");
  return { name, email: invitation.email, password };
}

/**
 * This runs behind the lock on the invitation. If many people use one link at once, only one of them costs the hashing.
 */
async function createAccount(tx: Tx, identity: Parts["identity"], account: NewAccount): Promise<string> {
  const person = await createPerson(tx, { ...account, passwordHash: await identity.hashPassword(account.password) });
  if (!person) throw mustSignIn();
  return person.id;
}

const mustSignInElsewhere = (): ApiError =>
  unauthenticated("Sign in under the invited address first, or make an account for it, then open the link again.");

const mustSignIn = (): ApiError =>
  unauthenticated("There is an account with the invited address. Sign in with it, then open the link again.");
