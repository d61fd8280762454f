import { AuditEntry, AuditQuery } from "../audit.ts";
import { pageOf } from "../pagination.ts";
import { defineRoute, member } from "../route.ts";

export const auditRoutes = {
  listAuditLog: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/audit-log",
    tag: "Workspace",
    summary: "Who changed what in this workspace, newest first",
    auth: member("admin", "admin"),
    query: AuditQuery,
    response: pageOf(AuditEntry),
  }),
};
