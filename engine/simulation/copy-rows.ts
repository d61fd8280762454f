import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { Db } from "#db/client.ts";

// What a simulation needs of a workspace, copied into a workspace of its own. Only the originals are read: not one of their
// rows is locked.

/** Copies rows of a table, with other values in some columns. Columns that later migrations add are copied too. */
async function copyRows(
  db: Db,
  table: string,
  { values, where }: { values: Record<string, RawBuilder<unknown>>; where: RawBuilder<unknown> },
): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select attname::text as name from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped and attgenerated = ''`.execute(db);
  const columns = rows.map(({ name }) => name);
  await sql`
    insert into ${sql.table(table)} (${sql.join(columns.map((name) => sql.ref(name)))})
    select ${sql.join(columns.map((name) => values[name] ?? sql.ref(`t.${name}`)))} from ${sql.table(table)} t where ${where}`.execute(db);
}

/** Copies a workspace with its settings, its lead statuses and its limits. */
export async function copyWorkspace(db: Db, { from, to }: { from: string; to: string }): Promise<void> {
  const workspace_id = sql`${to}::text`;
  const ofOriginal = sql`t.workspace_id = ${from}`;
  await copyRows(db, "workspaces", { values: { id: workspace_id }, where: sql`t.id = ${from}` });
  // Every new workspace begins with a list of its own.
  await sql`delete from lead_statuses where workspace_id = ${to}`.execute(db);
  await copyRows(db, "lead_statuses", { values: { id: sql`private.uuid_v7()`, workspace_id }, where: ofOriginal });
  // What others have sent within this hour and this day is not there, so it does not count.
  const none = sql`null::timestamptz`;
  const limits = { workspace_id, hour_from: none, hour_used: sql`0`, day_from: none, day_used: sql`0` };
  await copyRows(db, "private.workspace_limits", { values: limits, where: ofOriginal });
}

/** Copies a contact with the history of its consent. Returns whether there is such a contact. */
export async function copyContact(
  db: Db,
  { from, to, id, newId }: { from: string; to: string; id: string; newId: string },
): Promise<boolean> {
  const workspace_id = sql`${to}::text`;
  const ofOriginal = sql`t.workspace_id = ${from}`;
  await copyRows(db, "contacts", {
    values: { id: sql`${newId}::uuid`, workspace_id },
    where: sql`${ofOriginal} and t.id = ${id}::uuid and t.deleted_at is null`,
  });
  // The copy notes the opt-outs that it finds; the history of the contact says more of them.
  await sql`delete from contact_consents where workspace_id = ${to}`.execute(db);
  await copyRows(db, "contact_consents", {
    // A consent without an address does not become one for the address that the contact has now.
    values: { id: sql`private.uuid_v7()`, workspace_id, contact_id: sql`${newId}::uuid`, address: sql`coalesce(t.address, '')` },
    where: sql`${ofOriginal} and t.contact_id = ${id}::uuid`,
  });
  // An old consent that is copied ends nothing that was asked for since.
  await sql`update contacts c set sms_refused_as = o.sms_refused_as, email_refused_as = o.email_refused_as from contacts o
    where c.id = ${newId}::uuid and o.workspace_id = ${from} and o.id = ${id}::uuid
      and (c.sms_refused_as, c.email_refused_as) is distinct from (o.sms_refused_as, o.email_refused_as)`.execute(db);
  const { rows } = await sql`select from contacts where id = ${newId}::uuid`.execute(db);
  return rows.length === 1;
}

/** Copies what the suppression list says about the addresses of the contact of a simulation. */
export async function copySuppressions(db: Db, { from, to }: { from: string; to: string }): Promise<void> {
  await copyRows(db, "suppressions", {
    values: { id: sql`gen_random_uuid()`, workspace_id: sql`${to}::text` },
    where: sql`t.workspace_id = ${from} and t.address in (
      select phone_e164 from contacts where workspace_id = ${to} union all select lower(btrim(email)) from contacts where workspace_id = ${to})`,
  });
}

export interface LiveFlow {
  id: string;
  name: string;
  nodes: unknown;
  edges: unknown;
  settings: unknown;
  archived_at: Date | null;
}

/** The live flows of a workspace among these ids. Those in the bin are not there, as for a send. */
export async function readLiveFlows(db: Db, { workspaceId, ids }: { workspaceId: string; ids: readonly string[] }): Promise<LiveFlow[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom("flows")
    .select(["id", "name", "nodes", "edges", "settings", "archived_at"])
    .where("workspace_id", "=", workspaceId)
    .where("deleted_at", "is", null)
    .where("id", "in", ids)
    .execute();
}

export async function insertFlow(db: Db, workspaceId: string, flow: LiveFlow): Promise<void> {
  const json = (value: unknown) => sql`${JSON.stringify(value ?? null)}::jsonb`;
  await sql`insert into flows (id, workspace_id, name, nodes, edges, settings, archived_at)
    values (${flow.id}::uuid, ${workspaceId}, ${flow.name}, ${json(flow.nodes)}, ${json(flow.edges)}, ${json(flow.settings ?? {})}, ${flow.archived_at})`.execute(
    db,
  );
}
