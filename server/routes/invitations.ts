import { insertAuditEntry } from "#db/queries/audit-log.ts";
import { insertInvitation, listOpenInvitations, revokeInvitation } from "#db/queries/invitations.ts";
import { findMember } from "#db/queries/members.ts";
import { findPeopleByEmail } from "#db/queries/people.ts";
import { acceptInvitation, getInvitation } from "../commands/accept-invitation.ts";
import { requireRoom } from "../commands/require-room.ts";
import { createSecretLink } from "../commands/secret-link.ts";
import { conflict, forbidden, notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";
import { enter } from "./session.ts";

const daysOpen = 7;

export const invitationRoutes = {
  listInvitations: async ({ db, workspaceId }) => ({ items: await listOpenInvitations(db, workspaceId) }),

  createInvitation: async ({ resources, db, workspaceId, principal, body, note }) => {
    await requireRoom(db, { workspaceId, to: "invitations" });
    for (const { id } of await findPeopleByEmail(resources.ownerDb, body.email)) {
      if (await findMember(db, { workspaceId, userId: id })) throw conflict("conflict", "This person is a member already.");
    }
    const { link, tokenHash } = createSecretLink(`${resources.publicUrl}/invite`);
    const invitation = await insertInvitation(db, { ...body, workspaceId, tokenHash, invitedBy: principal.userId, days: daysOpen });
    note({ subjectId: invitation.id, details: { role: body.role } });
    return { invitation, link };
  },

  revokeInvitation: async ({ db, workspaceId, params }) => {
    if (!(await revokeInvitation(db, { workspaceId, id: params.id }))) throw notFound();
    return { success: true };
  },

  previewInvitation: async ({ resources, body }) => {
    const { ownerDb } = resources;
    const { id, workspaceId, workspaceName, email, role } = await getInvitation(ownerDb, body.token);
    const accounts = await findPeopleByEmail(ownerDb, email);
    await insertAuditEntry(ownerDb, { workspaceId, actorId: null, actorName: null, action: "invitation.preview", subjectId: id });
    return { workspaceName, email, role, hasAccount: accounts.length > 0 };
  },

  acceptInvitation: async ({ resources, caller, body, res, findPrincipal }) => {
    const principal = await findPrincipal();
    if (principal?.kind === "key") throw forbidden("API keys cannot do this: sign in as a person.");
    const { userId, newAccount } = await acceptInvitation(resources, {
      ...body,
      name: body.name,
      password: body.password,
      person: principal,
    });
    const { cookies } = newAccount ? await resources.identity.signInNew(caller, newAccount) : { cookies: [] };
    return enter(resources, res, { userId, cookies, action: undefined });
  },
} satisfies Pick<Handlers, "listInvitations" | "createInvitation" | "revokeInvitation" | "previewInvitation" | "acceptInvitation">;
