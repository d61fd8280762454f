import type { Db, Tx } from "#db/client.ts";
import { insertAuditEntry } from "#db/queries/audit-log.ts";
import { insertInstanceAdmin, insertInstanceEntry } from "#db/queries/instance-admins.ts";
import { type ClaimCheck, checkClaimToken, markClaimed, setClaimToken } from "#db/queries/instance-claim.ts";
import { createPerson } from "#db/queries/people.ts";
import { createWorkspace } from "#db/queries/workspaces.ts";
import { ApiError } from "../http/errors.ts";
import type { Identity } from "../http/identity.ts";
import { requireGoodPassword } from "../passwords/check-password.ts";
import { createSecretLink, hashLinkToken } from "./secret-link.ts";

const minutesOpen = 30;
const firstWorkspaceName = "My workspace";

interface Parts {
  ownerDb: Db;
  identity: Pick<Identity, "hashPassword">;
}

interface FirstOwner {
  name: string;
  email: string;
  password: string;
  workspaceName?: string;
}

/**
 * Makes the link that lets one person become the owner; undefined if the instance has an owner. A new link is made at
 * each start, and the one before stops working. Making the first visitor the owner would be simpler, but people who
 * scan the internet for fresh instances take them over that way.
 */
export async function issueClaimLink({ ownerDb, publicUrl }: { ownerDb: Db; publicUrl: string }): Promise<string | undefined> {
  const { link, tokenHash } = createSecretLink(`${publicUrl}/claim`);
  return (await setClaimToken(ownerDb, { tokenHash, minutes: minutesOpen })) ? link : undefined;
}

/**
 * Creates the account, the first workspace and the ownership in one transaction. Of many attempts at once exactly one
 * succeeds. The expensive hashing happens behind the lock, so that only that attempt costs it.
 */
export async function claimInstance(
  { ownerDb, identity }: Parts,
  claim: FirstOwner & { token: string },
): Promise<{ userId: string; workspaceId: string }> {
  requireGoodPassword(claim.password, claim, "password");
  const tokenHash = hashLinkToken(claim.token);
  // The first check takes no lock, so that people without the link cannot queue up behind the lock.
  refuseUnlessOpen(await checkClaimToken(ownerDb, { tokenHash, lock: false }));
  return ownerDb.transaction().execute(async (tx) => {
    refuseUnlessOpen(await checkClaimToken(tx, { tokenHash, lock: true }));
    return createFirstOwner(tx, { ...claim, passwordHash: await identity.hashPassword(claim.password) });
  });
}

/** Does the same for a person who has an account already, as with a Supabase project. */
export async function claimInstanceAs(
  { ownerDb }: Pick<Parts, "ownerDb">,
  { token, person }: { token: string; person: { id: string; name: string } },
): Promise<void> {
  const tokenHash = hashLinkToken(token);
  refuseUnlessOpen(await checkClaimToken(ownerDb, { tokenHash, lock: false }));
  await ownerDb.transaction().execute(async (tx) => {
    refuseUnlessOpen(await checkClaimToken(tx, { tokenHash, lock: true }));
    await makeFirstOwner(tx, person, firstWorkspaceName);
  });
}

/**
 * Does the same without a link, for `--demo` and scripts.
 * @throws ApiError conflict or already_claimed if the account or an owner exists already
 */
export async function createOwner({ ownerDb, identity }: Parts, owner: FirstOwner): Promise<{ userId: string; workspaceId: string }> {
  const passwordHash = await identity.hashPassword(owner.password);
  return ownerDb.transaction().execute((tx) => createFirstOwner(tx, { ...owner, passwordHash }));
}

async function createFirstOwner(tx: Tx, owner: FirstOwner & { passwordHash: string }): Promise<{ userId: string; workspaceId: string }> {
  const person = await createPerson(tx, owner);
  if (!person) throw new ApiError("conflict", "There is an account with this e-mail address already.");
  return makeFirstOwner(tx, person, owner.workspaceName ?? firstWorkspaceName);
}

async function makeFirstOwner(
  tx: Tx,
  person: { id: string; name: string },
  workspaceName: string,
): Promise<{ userId: string; workspaceId: string }> {
  if (!(await markClaimed(tx, person.id))) refuseUnlessOpen("claimed");
  await insertInstanceAdmin(tx, { userId: person.id, namedBy: null });
  await insertInstanceEntry(tx, { actorId: person.id, actorName: person.name, action: "instance.claim" });
  const workspace = await createWorkspace(tx, { name: workspaceName, ownerId: person.id });
  await insertAuditEntry(tx, {
    workspaceId: workspace.id,
    actorId: person.id,
    actorName: person.name,
    action: "instance.claim",
    subjectId: workspace.id,
  });
  return { userId: person.id, workspaceId: workspace.id };
}

function refuseUnlessOpen(check: ClaimCheck): void {
  if (check === "open") return;
  if (check === "claimed")
    throw new ApiError("already_claimed", "This instance has an owner already. Sign in, or ask its owner to invite you.");
  throw new ApiError("link_expired", "This link is not valid any more. Restart Sluice: its console then shows a new link.");
}
