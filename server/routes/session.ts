import type { z } from "zod";
import type { SessionState, User } from "#contract/people.ts";
import { insertAuditEntryEverywhere } from "#db/queries/audit-log.ts";
import { isInstanceAdmin, mayCreateWorkspaces } from "#db/queries/instance-admins.ts";
import { isClaimed } from "#db/queries/instance-claim.ts";
import { deleteSession, findUser, listSessions } from "#db/queries/people.ts";
import { findWhereabouts } from "#db/queries/whereabouts.ts";
import { listWorkspacesOf } from "#db/queries/workspaces.ts";
import { claimInstance, claimInstanceAs } from "../commands/claim-instance.ts";
import { usePasswordReset } from "../commands/reset-password.ts";
import type { Resources } from "../compose/resources.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";
import { recordFailedPassword, recordFailedSignIn } from "../http/security-events.ts";
import { setCookies } from "../http/set-cookies.ts";
import { requirePasswordsHere } from "../http/supabase-identity.ts";
import { requireGoodPassword } from "../passwords/check-password.ts";

export const sessionRoutes = {
  getSession: async ({ resources, findPrincipal }) => {
    const principal = await findPrincipal();
    if (principal?.kind === "user") return describeSession(resources, toUser(principal));
    return { claimed: await isClaimed(resources.ownerDb), signIn: resources.identity.way, user: null, workspaces: [] };
  },

  signIn: async ({ resources, caller, body, res }) => {
    const { userId, cookies } = await resources.identity.signIn(caller, body).catch((error: unknown) => {
      recordFailedSignIn(resources, { error, email: body.email });
      throw error;
    });
    return enter(resources, res, { userId, cookies, action: "session.sign_in" });
  },

  signOut: async ({ resources, principal, caller, res }) => {
    const { cookies } = await resources.identity.signOut(caller, principal);
    await record(resources, principal, "session.sign_out", principal.sessionId);
    setCookies(res, cookies);
    return { success: true };
  },

  claim: async ({ resources, caller, body, res }) => {
    const { userId } = await claimInstance(resources, body);
    const { cookies } = await resources.identity.signInNew(caller, body);
    return enter(resources, res, { userId, cookies, action: undefined });
  },

  claimSignedIn: async ({ resources, principal, body }) => {
    await claimInstanceAs(resources, { token: body.token, person: { id: principal.userId, name: principal.name } });
    return describeSession(resources, toUser(principal));
  },

  changePassword: async ({ resources, principal, caller, body, res }) => {
    const { identity, ownerDb } = resources;
    requirePasswordsHere(identity);
    const workspaceNames = (await listWorkspacesOf(ownerDb, principal.userId)).map(({ name }) => name);
    requireGoodPassword(body.newPassword, { email: principal.email, name: principal.name, workspaceNames }, "newPassword");
    const { cookies } = await identity.changePassword(caller, principal, body).catch((error: unknown) => {
      recordFailedPassword(resources, { error, userId: principal.userId });
      throw error;
    });
    await record(resources, principal, "account.password", principal.userId);
    setCookies(res, cookies);
    return { success: true };
  },

  usePasswordReset: async ({ resources, caller, body, res }) => {
    requirePasswordsHere(resources.identity);
    const { userId, email } = await usePasswordReset(resources, body);
    const { cookies } = await resources.identity.signInNew(caller, { email, password: body.password });
    return enter(resources, res, { userId, cookies, action: "session.sign_in" });
  },

  findWhereabouts: async ({ resources, principal, query }) => ({
    workspaceId: (await findWhereabouts(resources.ownerDb, { userId: principal.userId, ...query })) ?? null,
  }),

  listSessions: async ({ resources, principal }) => {
    requirePasswordsHere(resources.identity);
    const items = await listSessions(resources.ownerDb, principal.userId);
    return { items: items.map((session) => ({ ...session, current: session.id === principal.sessionId })) };
  },

  revokeSession: async ({ resources, principal, params }) => {
    requirePasswordsHere(resources.identity);
    const ended = await deleteSession(resources.ownerDb, { userId: principal.userId, sessionId: params.id });
    if (!ended) throw notFound();
    await record(resources, principal, "session.revoke", params.id);
    return { success: true };
  },
} satisfies Pick<
  Handlers,
  | "getSession"
  | "signIn"
  | "signOut"
  | "claim"
  | "claimSignedIn"
  | "changePassword"
  | "usePasswordReset"
  | "findWhereabouts"
  | "listSessions"
  | "revokeSession"
>;

interface Entrance {
  userId: string;
  cookies: string[];
  /** The action for the audit log; undefined if the step before was recorded already. */
  action: "session.sign_in" | undefined;
}

/**
 * Answers a person who has just proved who they are, with the cookie and the session state that the browser needs
 * first.
 */
export async function enter(
  resources: Resources,
  res: Parameters<typeof setCookies>[0],
  entrance: Entrance,
): Promise<z.input<typeof SessionState>> {
  const user = await findUser(resources.ownerDb, entrance.userId);
  if (!user) throw new Error("The account of the person who signed in does not exist any more.");
  if (entrance.action) await record(resources, { userId: user.id, name: user.name }, entrance.action, undefined);
  setCookies(res, entrance.cookies);
  return describeSession(resources, user);
}

async function describeSession({ ownerDb, identity }: Resources, user: User): Promise<z.input<typeof SessionState>> {
  return {
    claimed: await isClaimed(ownerDb),
    signIn: identity.way,
    user,
    workspaces: await listWorkspacesOf(ownerDb, user.id),
    instanceAdmin: await isInstanceAdmin(ownerDb, user.id),
    mayCreateWorkspaces: await mayCreateWorkspaces(ownerDb, user.id),
  };
}

function record(
  { ownerDb }: Resources,
  person: { userId: string; name: string },
  action: string,
  subjectId: string | undefined,
): Promise<void> {
  return insertAuditEntryEverywhere(ownerDb, { userId: person.userId, actorName: person.name, action, subjectId });
}

const toUser = ({ userId, name, email }: { userId: string; name: string; email: string }): User => ({ id: userId, name, email });
