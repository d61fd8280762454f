import { sql } from "kysely";
import { countAtMost, type ExportedTable } from "#contract/person-export.ts";
import type { Tx } from "../client.ts";

/** Everything that is kept about a contact, by where it is kept, and how its rows are found. A test compares this list with the schema. */
const sources: Record<ExportedTable, ReturnType<typeof sql>> = {
  contacts: sql`c.id = of.id`,
  contact_consents: sql`c.contact_id = of.id`,
  contact_import_changes: sql`c.contact_id = of.id`,
  bulk_job_items: sql`c.contact_id = of.id`,
  messages: sql`c.contact_id = of.id`,
  message_reports: sql`c.message_id in (
    select m.id from messages m where m.workspace_id = of.workspace_id and m.contact_id = of.id)`,
  tracked_links: sql`c.contact_id = of.id`,
  inbound_messages: sql`c.contact_id = of.id`,
  conversations: sql`c.contact_id = of.id`,
  flow_executions: sql`c.contact_id = of.id`,
  flow_execution_steps: sql`c.flow_execution_id in (
    select e.id from flow_executions e where e.workspace_id = of.workspace_id and e.contact_id = of.id)`,
  flow_send_skips: sql`c.contact_id = of.id`,
  send_approvals: sql`c.own_values ? of.id::text`,
  forecast_contacts: sql`c.contact_id = of.id`,
  flow_tests: sql`c.contact_id = of.id`,
  webhook_samples: sql`c.contact_id = of.id`,
  notices: sql`c.contact_id = of.id`,
  suppressions: sql`(c.channel = 'sms' and c.address = of.phone_e164 or c.channel = 'email' and c.address = lower(btrim(of.email)))`,
  audit_log: sql`c.subject_type = 'contact' and c.subject_id = of.id::text`,
};

/** Rows that are about several contacts, of which one is told what is about them. */
const partOf: Partial<Record<ExportedTable, ReturnType<typeof sql>>> = {
  send_approvals: sql`jsonb_build_object('send_id', c.send_id, 'state', c.state, 'asked_at', c.asked_at, 'own_values', c.own_values -> of.id::text)`,
};

/** What holds the id of a contact and is not exported: it repeats for the engine what the export tells of the flows. */
export const notExported = ["waits", "wake_ups", "private.binned_refusals", "private.mended_time_zones"] as const;

/** Columns that the database makes out of others, for searching and sorting. */
const made = ["search_text", "sort_name", "sort_email", "email_usable", "phone_country"];

export interface PersonRows {
  kept: Record<ExportedTable, Record<string, unknown>[]>;
  /** Of which only the first rows are in it. */
  cut: ExportedTable[];
}

/** Reads as the member, so the policies hold. Undefined where there is no such contact outside the bin. */
export async function readPersonRows(
  tx: Tx,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
): Promise<PersonRows | undefined> {
  const kept = {} as PersonRows["kept"];
  const cut: ExportedTable[] = [];
  for (const [table, where] of Object.entries(sources) as [ExportedTable, ReturnType<typeof sql>][]) {
    const { rows } = await sql<{ row: Record<string, unknown> }>`
      select ${partOf[table] ?? sql`to_jsonb(c) - ${made}::text[] - 'workspace_id'`} as row
      from (select id, workspace_id, phone_e164, email from contacts
        where workspace_id = ${workspaceId} and id = ${contactId}::uuid and deleted_at is null) of
      join ${sql.table(table)} c on c.workspace_id = of.workspace_id and ${where}
      limit ${countAtMost + 1}`.execute(tx);
    if (table === "contacts" && rows.length === 0) return undefined;
    if (rows.length > countAtMost) cut.push(table);
    kept[table] = rows.slice(0, countAtMost).map(({ row }) => row);
  }
  return { kept, cut };
}
