import { type RawBuilder, sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Db, Tx } from "#db/client.ts";
import type { LinkHolder } from "../messages/message-links.ts";

/**
 * The messages that the holder of a link gets. `locked`: the address is closed for a reason that they cannot take back here, such as a complaint or
 * an opt-out that a member wrote down.
 */
export interface Subscription {
  workspaceName: string;
  email: "open" | "closed" | "locked";
  /** Null where there is no number. */
  sms: "open" | "closed" | null;
  /** The contact's own fields, for its language; empty where the contact is gone. */
  metadata: Record<string, unknown>;
}

/** The change that the holder of a link wants. A channel that is left out stays as it is. SMS come back by START from the phone alone. */
export interface SubscriptionChange {
  who: LinkHolder;
  email?: "stop" | "start" | undefined;
  sms?: "stop" | undefined;
  /** The words that the person saw, and where. */
  shown: string;
}

/** Undefined where the workspace is gone, and with it everybody who could write. */
export async function readSubscription(db: Db, { workspaceId, contactId, address }: LinkHolder): Promise<Subscription | undefined> {
  const { rows } = await sql<{
    name: string;
    metadata: Record<string, unknown> | null;
    phone: string | null;
    email_reason: string | null;
    sms_closed: boolean;
    opted_out: boolean;
  }>`
    select w.name, c.metadata, c.phone_e164 as phone,
      coalesce((select x.reason from suppressions x where x.workspace_id = w.id and x.channel = 'email' and x.address = ${address}),
        case when c.sort_email = ${address} then c.email_refused_as end) as email_reason,
      coalesce(c.dnc or c.sms_opted_out_at is not null or c.sms_refused_as is not null, false) or exists (
        select from suppressions x where x.workspace_id = w.id and x.channel = 'sms' and x.address = c.phone_e164) as sms_closed,
      exists (select from contacts o where o.workspace_id = w.id and o.sort_email = ${address} and o.deleted_at is null
        and (o.dnc or o.email_opted_out_at is not null)) as opted_out
    from workspaces w left join contacts c on c.workspace_id = w.id and c.id = ${contactId}::uuid
    where w.id = ${workspaceId}`.execute(db);
  const [row] = rows;
  if (!row) return undefined;
  const isLocked = row.opted_out || (row.email_reason !== null && row.email_reason !== "unsubscribe");
  return {
    workspaceName: row.name,
    email: isLocked ? "locked" : row.email_reason === null ? "open" : "closed",
    sms: row.phone === null ? null : row.sms_closed ? "closed" : "open",
    metadata: row.metadata ?? {},
  };
}

/** Locks the contact of a link, so that acts of the same person are written one after the other. */
export async function lockHolder(
  tx: Tx,
  { workspaceId, contactId }: LinkHolder,
): Promise<{ phone: string | null; email: string | null; emailRefusedAs: string | null } | undefined> {
  const { rows } = await sql<{ phone: string | null; email: string | null; emailRefusedAs: string | null }>`
    select phone_e164 as phone, nullif(sort_email, '') as email, email_refused_as as "emailRefusedAs" from contacts
    where workspace_id = ${workspaceId} and id = ${contactId}::uuid for update`.execute(tx);
  return rows[0];
}

/** Says whether a contact of the workspace has the address. An address without a contact is not written down in clear again. */
export async function isKnownAddress(tx: Tx, { workspaceId, address }: LinkHolder): Promise<boolean> {
  const { rows } = await sql`
    select from contacts where workspace_id = ${workspaceId} and sort_email = ${address} limit 1`.execute(tx);
  return rows.length > 0;
}

/** Keeps the refusal of an address that no contact has any more, as a keyed hash. The refusal counts again when a contact has the address. */
export async function keepRefusal(tx: Tx, { workspaceId, address }: LinkHolder): Promise<void> {
  await sql`
    insert into private.refused_addresses as r (workspace_id, channel, address_hash, suppressed_as, suppressed_by, suppressed_at)
    select id, 'email', private.address_hash(id, 'email', ${address}), 'unsubscribe', 'contact', now() from workspaces where id = ${workspaceId}
    on conflict (workspace_id, channel, address_hash) do update set suppressed_as = coalesce(r.suppressed_as, excluded.suppressed_as),
      suppressed_by = coalesce(r.suppressed_by, excluded.suppressed_by), suppressed_at = coalesce(r.suppressed_at, excluded.suppressed_at)`.execute(
    tx,
  );
}

const place = (workspaceId: string, channel: Channel, address: string): RawBuilder<unknown> => sql`${workspaceId}, ${channel}, ${address}`;

/** What the person asks for outweighs what a provider or a member has noted. */
export async function closeAddress(
  tx: Tx,
  given: { workspaceId: string; channel: Channel; address: string; reason: "unsubscribe" | "stop" },
): Promise<void> {
  await sql`
    insert into suppressions (workspace_id, channel, address, reason, source)
    values (${place(given.workspaceId, given.channel, given.address)}, ${given.reason}, 'contact')
    on conflict (workspace_id, channel, address) do update set reason = excluded.reason, source = 'contact', detail = null
      where suppressions.reason in ('bounced_before', 'manual', 'maybe_stop') or suppressions.source in ('trial', 'decided', 'undecided')`.execute(
    tx,
  );
}

/** In a day somebody comes back so often at most. Every change of mind is kept for good, and whoever holds the link may make them. */
const mostReturns = 10;

/** Whether the holder of a link may open their address again today. Closing it they always may. */
export async function mayChooseAgain(tx: Tx, { workspaceId, contactId }: LinkHolder): Promise<boolean> {
  const { rows } = await sql<{ returns: number }>`
    select count(*)::int as returns from contact_consents e
    where e.workspace_id = ${workspaceId} and e.contact_id = ${contactId}::uuid and e.channel = 'email' and e.state = 'opted_in'
      and e.source = 'unsubscribe' and e.given_at > now() - interval '1 day'`.execute(tx);
  return (rows[0]?.returns ?? 0) < mostReturns;
}

/** Opens an address that a link had closed; other closings stay. Returns whether the link had closed it. */
export async function openAddress(tx: Tx, { workspaceId, address }: Pick<LinkHolder, "workspaceId" | "address">): Promise<boolean> {
  const { rows } = await sql`
    delete from suppressions where (workspace_id, channel, address) = (${place(workspaceId, "email", address)}) and reason = 'unsubscribe'
    returning 1`.execute(tx);
  return rows.length > 0;
}

/** Ends what the holder of a link had unsubscribed from under an earlier address. */
export async function openContact(tx: Tx, { workspaceId, contactId }: LinkHolder): Promise<void> {
  await sql`update contacts set email_refused_as = null
    where workspace_id = ${workspaceId} and id = ${contactId}::uuid and email_refused_as = 'unsubscribe'`.execute(tx);
}

/** Writes down what the contact chose, with what was shown. What it had chosen last in the same way is not written again. */
export async function recordChoice(
  tx: Tx,
  given: { workspaceId: string; contactId: string; channel: Channel; state: "opted_out" | "opted_in"; address: string; shown: string },
): Promise<void> {
  await sql`
    insert into contact_consents (workspace_id, contact_id, channel, state, source, evidence, address, given_at)
    select ${given.workspaceId}, ${given.contactId}::uuid, ${given.channel}, ${given.state}, 'unsubscribe', ${given.shown.slice(0, 500)},
      ${given.address}, now()
    where (select e.state || ' ' || e.source from contact_consents e
        where e.workspace_id = ${given.workspaceId} and e.contact_id = ${given.contactId}::uuid and e.channel = ${given.channel}
        order by e.id desc limit 1) is distinct from ${`${given.state} unsubscribe`}`.execute(tx);
}
