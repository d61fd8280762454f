import { z } from "zod";
import { Grants, Member, PasswordResetLink, roles } from "../people.ts";
import { byId, defineRoute, done, member } from "../route.ts";

export const memberRoutes = {
  listMembers: defineRoute({
    method: "GET",
    path: "/api/members",
    tag: "Workspace",
    summary: "Members",
    auth: member("viewer", "admin"),
    response: z.object({ items: z.array(Member) }),
  }),
  listEndingGrants: defineRoute({
    method: "GET",
    path: "/api/members/:id/grants",
    tag: "Workspace",
    summary: "Which API keys and invitations of a member would end with another role, or without one with their removal",
    description:
      "And which sends of theirs would go on, where they could not make them any more: they are the workspace's, and end when somebody stops them.",
    auth: member("viewer", null),
    params: byId,
    query: z.strictObject({ role: z.enum(roles).optional() }),
    response: Grants,
  }),
  updateMember: defineRoute({
    method: "PATCH",
    path: "/api/members/:id",
    tag: "Workspace",
    summary: "Change a member's role",
    auth: member("admin", null),
    params: byId,
    body: z.strictObject({ role: z.enum(roles) }),
    response: Member,
    audit: "member.update",
    endsAccess: true,
  }),
  resetMemberPassword: defineRoute({
    method: "POST",
    path: "/api/members/:id/password-reset",
    tag: "Workspace",
    summary: "Make a link by which a member chooses a new password; it is shown once",
    description:
      "For members whose workspaces all belong to the caller as an owner, because the link opens every one of them. It works once, for a day.",
    auth: member("owner", null),
    params: byId,
    body: z.strictObject({}).optional(),
    response: PasswordResetLink,
    status: 201,
    audit: "member.password_reset",
  }),
  removeMember: defineRoute({
    method: "DELETE",
    path: "/api/members/:id",
    tag: "Workspace",
    summary: "Remove a member, or leave",
    description:
      "Admins remove others; every member may remove themselves, except the last owner. The keys and invitations that the person gave out end too.",
    auth: member("viewer", null),
    params: byId,
    response: done,
    audit: "member.remove",
    endsAccess: true,
  }),
};
