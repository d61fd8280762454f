import { sql } from "kysely";
import type { Tx } from "../client.ts";

/** Writes rows given as objects named like the columns; moments are minutes before now. One statement for all. */
export async function insertDemoContacts(
  tx: Tx,
  { workspaceId, contacts }: { workspaceId: string; contacts: readonly object[] },
): Promise<void> {
  await sql`
    insert into contacts (workspace_id, firstname, lastname, name, email, phone_number, phone_e164, lead_status,
      conversation_status, time_zone, metadata, created_at, updated_at, sms_opted_out_at, email_opted_out_at, opt_out_source, dnc)
    select ${workspaceId}, firstname, lastname, name, email, phone_number, phone_e164, lead_status, conversation_status, time_zone,
      metadata, ${ago("created_ago")}, ${ago("updated_ago")}, ${ago("sms_opted_out_ago")}, ${ago("email_opted_out_ago")}, opt_out_source, dnc
    from jsonb_to_recordset(${JSON.stringify(contacts)}::jsonb) as x(firstname text, lastname text, name text, email text,
      phone_number text, phone_e164 text, lead_status text, conversation_status text, time_zone text, metadata jsonb,
      created_ago float8, updated_ago float8, sms_opted_out_ago float8, email_opted_out_ago float8, opt_out_source text, dnc boolean)`.execute(
    tx,
  );
}

const ago = (column: string) => sql`now() - ${sql.ref(column)} * interval '1 minute'`;

/** The demo workspace of a person, if they have one. Two that ask at once take turns. */
export async function findDemoWorkspace(tx: Tx, { userId }: { userId: string }): Promise<string | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended('demo workspace/' || ${userId}::text, 0))`.execute(tx);
  const row = await tx
    .selectFrom("workspaces as w")
    .innerJoin("workspace_members as m", "m.workspace_id", "w.id")
    .select("w.id")
    .where("w.is_demo", "=", true)
    .where("m.user_id", "=", userId)
    .where("m.role", "=", "owner")
    .executeTakeFirst();
  return row?.id;
}

export async function createDemoWorkspace(
  tx: Tx,
  { userId, smsCountries }: { userId: string; smsCountries: readonly string[] },
): Promise<string> {
  const { id } = await tx
    .insertInto("workspaces")
    .values({ name: "Demo", time_zone: "America/New_York", country: "US", sms_countries: [...smsCountries], is_demo: true })
    .returning("id")
    .executeTakeFirstOrThrow();
  await tx.insertInto("workspace_members").values({ workspace_id: id, user_id: userId, role: "owner", last_used_at: sql`now()` }).execute();
  return id;
}

interface Drawn {
  name: string;
  nodes: readonly object[];
  edges: readonly object[];
}

export async function insertDemoFlows(
  tx: Tx,
  { workspaceId, folder, flows }: { workspaceId: string; folder: string; flows: readonly Drawn[] },
) {
  const { id } = await tx
    .insertInto("flow_folders")
    .values({ workspace_id: workspaceId, name: folder })
    .returning("id")
    .executeTakeFirstOrThrow();
  const rows = flows.map(({ name, nodes, edges }) => ({
    workspace_id: workspaceId,
    folder_id: id,
    name,
    nodes: JSON.stringify(nodes),
    edges: JSON.stringify(edges),
  }));
  await tx.insertInto("flows").values(rows).execute();
}
