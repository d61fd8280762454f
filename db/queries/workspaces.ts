import { type Selectable, sql } from "kysely";
import type { z } from "zod";
import { readApprovalRules } from "#contract/approvals.ts";
import type { DoubtRule, Role, Workspace } from "#contract/people.ts";
import { readSendingRules } from "#contract/sending-rules.ts";
import type { WorkspacePatch } from "#contract/workspace-changes.ts";
import type { Db, Tx } from "../client.ts";
import type { WorkspacesTable } from "../tables/workspaces.ts";

const own = [
  ...(["id", "name", "time_zone", "country", "postal_address", "help_text", "undo_seconds", "email_in_doubt", "sms_in_doubt"] as const),
  ...(["sms_countries", "sending_rules", "approval_rules", "is_demo"] as const),
] as const;
const columns = own.map((column) => `w.${column}` as const);

/** The workspaces a person belongs to, last used first: the first one is where they go on. */
export async function listWorkspacesOf(db: Db, userId: string): Promise<Workspace[]> {
  const rows = await db
    .selectFrom("workspace_members as m")
    .innerJoin("workspaces as w", "w.id", "m.workspace_id")
    .select([...columns, "m.role"])
    .where("m.user_id", "=", userId)
    .orderBy("m.last_used_at", (order) => order.desc().nullsLast())
    .orderBy("m.created_at")
    .execute();
  return rows.map(toWorkspace);
}

export async function findWorkspace(
  db: Db,
  { workspaceId, userId }: { workspaceId: string; userId: string },
): Promise<Workspace | undefined> {
  const row = await db
    .selectFrom("workspace_members as m")
    .innerJoin("workspaces as w", "w.id", "m.workspace_id")
    .select([...columns, "m.role"])
    .where("m.user_id", "=", userId)
    .where("w.id", "=", workspaceId)
    .executeTakeFirst();
  return row && toWorkspace(row);
}

/** A new workspace with its first owner, who goes on there. Runs as the owner: nobody may add themselves to one. */
export async function createWorkspace(
  tx: Tx,
  given: { name: string; country?: string; timeZone?: string; ownerId: string },
): Promise<Workspace> {
  const row = await tx
    .insertInto("workspaces")
    .values({
      name: given.name,
      country: given.country,
      time_zone: given.timeZone,
      country_chosen_at: given.country === undefined ? null : sql`now()`,
      time_zone_chosen_at: given.timeZone === undefined ? null : sql`now()`,
    })
    .returning(own)
    .executeTakeFirstOrThrow();
  await tx
    .insertInto("workspace_members")
    .values({ workspace_id: row.id, user_id: given.ownerId, role: "owner", last_used_at: sql`now()` })
    .execute();
  return toWorkspace({ ...row, role: "owner" });
}

export async function updateWorkspace(
  db: Db,
  { workspaceId, patch }: { workspaceId: string; patch: z.infer<typeof WorkspacePatch> },
): Promise<void> {
  await db
    .updateTable("workspaces")
    .set({
      ...(patch.name === undefined ? {} : { name: patch.name }),
      ...(patch.timeZone === undefined ? {} : { time_zone: patch.timeZone, time_zone_chosen_at: chosenAt("time_zone", patch.timeZone) }),
      ...(patch.country === undefined ? {} : { country: patch.country, country_chosen_at: chosenAt("country", patch.country) }),
      ...(patch.undoSeconds === undefined ? {} : { undo_seconds: patch.undoSeconds }),
      ...(patch.postalAddress === undefined ? {} : { postal_address: patch.postalAddress }),
      ...(patch.helpText === undefined ? {} : { help_text: patch.helpText }),
      ...(patch.emailInDoubt === undefined ? {} : { email_in_doubt: patch.emailInDoubt }),
      ...(patch.smsCountries === undefined ? {} : { sms_countries: patch.smsCountries && [...new Set(patch.smsCountries)].sort() }),
      ...(patch.smsInDoubt === undefined ? {} : { sms_in_doubt: patch.smsInDoubt }),
    })
    .where("id", "=", workspaceId)
    .execute();
}

/** A person who changes a value has chosen it. A form that sends it back as it was has not. */
const chosenAt = (column: "country" | "time_zone", value: string) =>
  sql<Date | null>`case when ${sql.ref(column)} = ${value} then ${sql.ref(`${column}_chosen_at`)} else now() end`;

function toWorkspace(row: Pick<Selectable<WorkspacesTable>, (typeof own)[number]> & { role: string }): Workspace {
  return {
    id: row.id,
    name: row.name,
    timeZone: row.time_zone,
    country: row.country,
    undoSeconds: row.undo_seconds,
    postalAddress: row.postal_address,
    helpText: row.help_text,
    isDemo: row.is_demo,
    role: row.role as Role,
    emailInDoubt: row.email_in_doubt as DoubtRule,
    smsInDoubt: row.sms_in_doubt as DoubtRule,
    smsCountries: row.sms_countries ?? [row.country],
    sandbox: readSendingRules(row.sending_rules).sandbox.on,
    ...approvalOf(row.approval_rules),
  };
}

function approvalOf(stored: unknown): Pick<Workspace, "approval"> {
  const rules = readApprovalRules(stored);
  return rules.above === null && !rules.editors ? {} : { approval: rules };
}

/** For how long a send of a person can be undone. */
export async function findUndoSeconds(db: Db, workspaceId: string): Promise<number> {
  const row = await db.selectFrom("workspaces").select("undo_seconds").where("id", "=", workspaceId).executeTakeFirstOrThrow();
  return row.undo_seconds;
}
