import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { FlowGraph } from "#contract/flows.ts";
import type { Db } from "#db/client.ts";

export async function buildWorkspace(db: Db, values: { timeZone?: string } = {}): Promise<string> {
  const { id } = await db
    .insertInto("workspaces")
    .values({
      name: "Test",
      time_zone: values.timeZone ?? "UTC",
      // Tests run at any hour of the day.
      sending_rules: JSON.stringify({ quietHours: { on: false } }),
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

export interface ContactValues {
  firstname?: string;
  lastname?: string;
  name?: string | null;
  email?: string | null;
  phone_number?: string | null;
  phone_e164?: string | null;
  lead_status?: string | null;
  conversation_status?: string;
  time_zone?: string | null;
  dnc?: boolean;
  sms_opted_out_at?: Date | null;
  email_opted_out_at?: Date | null;
  metadata?: Record<string, unknown>;
}

let counter = 0;

/** A contact who can be reached on both channels, unless `values` says otherwise. */
export async function buildContact(db: Db, workspaceId: string, values: ContactValues = {}): Promise<string> {
  counter += 1;
  const phone = values.phone_e164 === undefined ? `+1555${String(1_000_000 + counter)}` : values.phone_e164;
  const { id } = await db
    .insertInto("contacts")
    .values({
      firstname: "Ada",
      lastname: `Nr ${counter}`,
      email: `person${counter}@example.test`,
      ...values,
      phone_number: values.phone_number === undefined ? phone : values.phone_number,
      phone_e164: phone,
      workspace_id: workspaceId,
      metadata: JSON.stringify(values.metadata ?? {}),
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

export async function buildContacts(db: Db, workspaceId: string, count: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    insert into contacts (workspace_id, firstname, lastname, email, phone_number, phone_e164)
    select ${workspaceId}, 'Person', n::text, 'many' || n || '@example.test', '+1556' || (1000000 + n), '+1556' || (1000000 + n)
    from generate_series(1, ${count}::int) n returning id`.execute(db);
  return rows.map(({ id }) => id);
}

export async function buildFlow(db: Db, workspaceId: string, graph: FlowGraph, name = `Flow ${randomUUID().slice(0, 8)}`): Promise<string> {
  const { id } = await db
    .insertInto("flows")
    .values({ name, workspace_id: workspaceId, nodes: JSON.stringify(graph.nodes), edges: JSON.stringify(graph.edges) })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}
