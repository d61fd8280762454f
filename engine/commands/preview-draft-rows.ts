import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Tx } from "#db/client.ts";
import { textArray } from "../base/array.ts";
import type { ChunkContact } from "../execution/chunk.ts";
import type { ContactRow } from "../execution/contact-rows.ts";
import { contactColumns } from "../execution/contact-rows.ts";

interface OneContact {
  workspaceId: string;
  contactId: string;
}

/** Whether a step of one of these types is in the flow as it is edited; undefined where there is no such flow, or only in the bin. */
export async function readSteps(
  tx: Tx,
  { workspaceId, flowId, types }: { workspaceId: string; flowId: string; types: readonly string[] },
): Promise<{ setsVariables: boolean } | undefined> {
  const { rows } = await sql<{ setsVariables: boolean }>`
    select exists (
      select from jsonb_array_elements(case when jsonb_typeof(g.nodes) = 'array' then g.nodes else '[]' end) n
      where n ->> 'type' = any(${textArray(types)}::text[])) as "setsVariables"
    from flows f
    left join flow_drafts d on d.workspace_id = f.workspace_id and d.flow_id = f.id
    cross join lateral (select coalesce(d.nodes, f.nodes) as nodes) g
    where f.workspace_id = ${workspaceId} and f.id = ${flowId}::uuid and f.deleted_at is null`.execute(tx);
  return rows[0];
}

export async function readOneContact(tx: Tx, { workspaceId, contactId }: OneContact): Promise<ContactRow | undefined> {
  const { rows } = await sql<ContactRow>`
    select ${contactColumns} from contacts c
    where c.workspace_id = ${workspaceId} and c.id = ${contactId}::uuid and c.deleted_at is null`.execute(tx);
  return rows[0];
}

/** The contact with the channels that only the contact can open again. */
export async function withStopped(tx: Tx, workspaceId: string, contact: ChunkContact): Promise<ChunkContact> {
  const { id, sms_opted_out, email_opted_out } = contact.fields;
  const closed = [...(sms_opted_out ? ["sms"] : []), ...(email_opted_out ? ["email"] : [])];
  if (closed.length === 0) return contact;
  const { rows } = await sql<{ channel: Channel }>`
    select channel from unnest(${textArray(closed)}::text[]) channel
    where private.has_stopped(${workspaceId}, ${id}::uuid, channel)`.execute(tx);
  return { ...contact, fields: { ...contact.fields, stopped: rows.map(({ channel }) => channel) } };
}

/** The contacts that were added last, the newest first. */
export async function readNewestContacts(tx: Tx, workspaceId: string, most: number): Promise<ContactRow[]> {
  const { rows } = await sql<ContactRow>`
    select ${contactColumns} from contacts c where c.workspace_id = ${workspaceId} and c.deleted_at is null
    order by c.created_at desc, c.id desc limit ${most}`.execute(tx);
  return rows;
}

export const readNewestContact = async (tx: Tx, workspaceId: string): Promise<ContactRow | undefined> =>
  (await readNewestContacts(tx, workspaceId, 1))[0];

/** The contacts that were added next after a contact and last before it. */
export async function findNeighbours(
  tx: Tx,
  { workspaceId, contactId }: OneContact,
): Promise<{ newer: string | null; older: string | null }> {
  const { rows } = await sql<{ newer: string | null; older: string | null }>`
    select
      (select n.id from contacts n where n.workspace_id = c.workspace_id and n.deleted_at is null
        and (n.created_at, n.id) > (c.created_at, c.id) order by n.created_at, n.id limit 1) as newer,
      (select o.id from contacts o where o.workspace_id = c.workspace_id and o.deleted_at is null
        and (o.created_at, o.id) < (c.created_at, c.id) order by o.created_at desc, o.id desc limit 1) as older
    from contacts c where c.workspace_id = ${workspaceId} and c.id = ${contactId}::uuid`.execute(tx);
  return rows[0] ?? { newer: null, older: null };
}
