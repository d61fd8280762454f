import type { SqlBool } from "kysely";
import { sql } from "kysely";
import { keysKeptOf } from "#contract/node-definition.ts";
import { keysKeptOfUnknownTypes } from "#contract/node-result.ts";
import type { Tx } from "#db/client.ts";
import { matchesSelection } from "#db/queries/contact-filter.ts";
import type { DeleteContactsInput } from "../engine-api.ts";
import type { EngineContext } from "../engine-context.ts";
import { endExecutions } from "../execution/end-executions.ts";
import { transactThenRing } from "../jobs/ring.ts";

/**
 * Deletes contacts for good. What they are in ends now, what was sent to them stays in the history without their name,
 * address or text, and all of it happens or none.
 */
export async function deleteContacts(
  context: EngineContext,
  { workspaceId, selection }: DeleteContactsInput,
): Promise<{ matched: number; changed: number }> {
  return transactThenRing(context, async (tx, ring) => {
    // Settled first, with the rows locked: what is counted is what is deleted, and no new execution begins meanwhile.
    await sql`create temporary table leaving_contacts (id uuid primary key) on commit drop`.execute(tx);
    const { numAffectedRows } = await sql`
      insert into leaving_contacts
      select contacts.id from contacts where contacts.workspace_id = ${workspaceId} and ${matchesSelection(selection)}
      for update`.execute(tx);
    const matched = Number(numAffectedRows ?? 0);
    if (matched === 0) return { matched: 0, changed: 0 };
    await sql`analyze leaving_contacts`.execute(tx);
    const theirs = sql<SqlBool>`e.workspace_id = ${workspaceId} and e.contact_id in (select id from leaving_contacts)`;
    await endExecutions(tx, theirs, { status: "cancelled", reason: "contact_deleted", scope: "all" }, { ...context, ring });
    await forget(tx, workspaceId, context.nodes);
    const deleted =
      await sql`delete from contacts c using leaving_contacts l where c.workspace_id = ${workspaceId} and c.id = l.id`.execute(tx);
    return { matched, changed: Number(deleted.numAffectedRows ?? 0) };
  });
}

/** What a person could be recognised by. Which nodes were visited, when, and with what success stays. */
async function forget(tx: Tx, workspaceId: string, { definitions }: EngineContext["nodes"]): Promise<void> {
  await sql`
    update messages m set to_address = null, subject = null, body = null, html = null, updated_at = now()
    from leaving_contacts l where m.contact_id = l.id and m.workspace_id = ${workspaceId}`.execute(tx);
  // Each node type says which keys of a result may stay; of a type that is gone, what the engine itself wrote may stay.
  const kept = sql`coalesce(${JSON.stringify(keysKeptOf(definitions))}::jsonb -> s.node_type, ${JSON.stringify(keysKeptOfUnknownTypes)}::jsonb)`;
  await sql`
    update flow_execution_steps s set result = (
      select jsonb_object_agg(key, value) from jsonb_each(case jsonb_typeof(s.result) when 'object' then s.result end) where ${kept} ? key)
    from flow_executions e, leaving_contacts l
    where e.contact_id = l.id and e.workspace_id = ${workspaceId} and s.flow_execution_id = e.id and s.result is not null`.execute(tx);
  await sql`
    update flow_executions e set variables = null, trigger_data = null, updated_at = now()
    from leaving_contacts l where e.contact_id = l.id and e.workspace_id = ${workspaceId} and (e.variables is not null or e.trigger_data is not null)`.execute(
    tx,
  );
}
