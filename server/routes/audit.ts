import { listAuditEntries } from "#db/queries/audit-entries.ts";
import type { Handlers } from "../http/handler.ts";

export const auditRoutes = {
  listAuditLog: async ({ db, workspaceId, query }) => listAuditEntries(db, { workspaceId, ...query }),
} satisfies Pick<Handlers, "listAuditLog">;
