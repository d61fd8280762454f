import { z } from "zod";
import { Member, roles } from "../people.ts";
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
  }),
  removeMember: defineRoute({
    method: "DELETE",
    path: "/api/members/:id",
    tag: "Workspace",
    summary: "Remove a member",
    auth: member("admin", null),
    params: byId,
    response: done,
    audit: "member.remove",
  }),
};
