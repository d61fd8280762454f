import { sql } from "kysely";
import { type ApprovalRules, type ApprovalSettings, readApprovalRules } from "#contract/approvals.ts";
import type { Db } from "../client.ts";

export async function findApprovalSettings(db: Db, workspaceId: string): Promise<ApprovalSettings> {
  const { rows } = await sql<{ rules: unknown; approvers: number }>`
    select w.approval_rules as rules, (select count(*)::int from workspace_members m
      where m.workspace_id = w.id and m.kind = 'user' and m.role in ('admin', 'owner')) as approvers
    from workspaces w where w.id = ${workspaceId}`.execute(db);
  const [row] = rows;
  return { ...readApprovalRules(row?.rules), approvers: row?.approvers ?? 0 };
}

export async function saveApprovalRules(db: Db, { workspaceId, rules }: { workspaceId: string; rules: ApprovalRules }): Promise<void> {
  await db
    .updateTable("workspaces")
    .set({ approval_rules: JSON.stringify(rules) })
    .where("id", "=", workspaceId)
    .execute();
}
