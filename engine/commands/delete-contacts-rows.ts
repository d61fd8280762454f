import type { RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import type { Selection } from "#contract/contacts.ts";
import { keysKeptOfUnknownTypes } from "#contract/node-result.ts";
import type { Tx } from "#db/client.ts";
import { matchesSelection } from "#db/queries/contact-filter.ts";

/**
 * Locks the contacts of a selection and keeps their ids in the temporary table `leaving_contacts`, which the other
 * functions of this file read. What is counted is therefore what is deleted, and no new execution begins meanwhile.
 */
export async function lockLeavingContacts(tx: Tx, workspaceId: string, selection: Selection): Promise<number> {
  await sql`create temporary table leaving_contacts (id uuid primary key) on commit drop`.execute(tx);
  const { numAffectedRows } = await sql`
    insert into leaving_contacts
    select contacts.id from contacts where contacts.workspace_id = ${workspaceId} and ${matchesSelection(selection)}
    for update`.execute(tx);
  const count = Number(numAffectedRows ?? 0);
  if (count > 0) await sql`analyze leaving_contacts`.execute(tx);
  return count;
}

/** A condition on `flow_executions e`. */
export const ofLeavingContacts = (workspaceId: string): RawBuilder<SqlBool> =>
  sql<SqlBool>`e.workspace_id = ${workspaceId} and e.contact_id in (select id from leaving_contacts)`;

export async function forgetMessages(tx: Tx, workspaceId: string): Promise<void> {
  await sql`
    update messages m set to_address = null, subject = null, body = null, html = null, updated_at = now()
    from leaving_contacts l where m.contact_id = l.id and m.workspace_id = ${workspaceId}`.execute(tx);
}

/** @param keysKept which keys of a step's result may stay, by node type. A type that is gone keeps what the engine itself wrote. */
export async function forgetStepResults(tx: Tx, workspaceId: string, keysKept: Readonly<Record<string, readonly string[]>>): Promise<void> {
  const kept = sql`coalesce(${JSON.stringify(keysKept)}::jsonb -> s.node_type, ${JSON.stringify(keysKeptOfUnknownTypes)}::jsonb)`;
  await sql`
    update flow_execution_steps s set result = (
      select jsonb_object_agg(key, value) from jsonb_each(case jsonb_typeof(s.result) when 'object' then s.result end) where ${kept} ? key)
    from flow_executions e, leaving_contacts l
    where e.contact_id = l.id and e.workspace_id = ${workspaceId} and s.flow_execution_id = e.id and s.result is not null`.execute(tx);
}

export async function forgetVariables(tx: Tx, workspaceId: string): Promise<void> {
  await sql`
    update flow_executions e set variables = null, trigger_data = null, updated_at = now()
    from leaving_contacts l where e.contact_id = l.id and e.workspace_id = ${workspaceId} and (e.variables is not null or e.trigger_data is not null)`.execute(
    tx,
  );
}

/** @returns how many contacts were deleted */
export async function deleteLeavingContacts(tx: Tx, workspaceId: string): Promise<number> {
  const { numAffectedRows } =
    await sql`delete from contacts c using leaving_contacts l where c.workspace_id = ${workspaceId} and c.id = l.id`.execute(tx);
  return Number(numAffectedRows ?? 0);
}
