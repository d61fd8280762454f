import { z } from "zod";
import { AcceptInvitation, Invitation, InvitationInput, InvitationPreview, NewInvitation, SessionState } from "../people.ts";
import { anybody, byId, defineRoute, done, member } from "../route.ts";

export const invitationRoutes = {
  listInvitations: defineRoute({
    method: "GET",
    path: "/api/invitations",
    tag: "Workspace",
    summary: "Open invitations",
    auth: member("admin", null),
    response: z.object({ items: z.array(Invitation) }),
  }),
  createInvitation: defineRoute({
    method: "POST",
    path: "/api/invitations",
    tag: "Workspace",
    summary: "Invite somebody; the link is shown once",
    auth: member("admin", null),
    body: InvitationInput,
    response: NewInvitation,
    status: 201,
    audit: "invitation.create",
  }),
  revokeInvitation: defineRoute({
    method: "DELETE",
    path: "/api/invitations/:id",
    tag: "Workspace",
    summary: "Take an invitation back",
    auth: member("admin", null),
    params: byId,
    response: done,
    audit: "invitation.revoke",
  }),
  previewInvitation: defineRoute({
    method: "POST",
    path: "/api/invitations/preview",
    tag: "Workspace",
    summary: "What a link invites to",
    auth: anybody,
    body: z.strictObject({ token: z.string().min(20).max(200) }),
    response: InvitationPreview,
    audit: "invitation.preview",
  }),
  acceptInvitation: defineRoute({
    method: "POST",
    path: "/api/invitations/accept",
    tag: "Workspace",
    summary: "Join with a link, with a new account or the one signed in",
    auth: anybody,
    body: AcceptInvitation,
    response: SessionState,
    audit: "invitation.accept",
  }),
};
