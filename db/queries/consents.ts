import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { Consent, ConsentChannel, ConsentSource } from "#contract/consents.ts";
import type { Db } from "../client.ts";
import type { ContactConsentsTable } from "../tables/contacts.ts";

/*
 * The history of consent. The database itself writes down every opt-out, and keeps an opt-out that somebody would take
 * away, unless the same transaction has recorded the contact's consent with recordOptIns.
 */

/** A consent that a contact gave. `all` takes back do-not-contact. */
export interface OptIn {
  contactId: string;
  channel: ConsentChannel;
  source: "manual" | "flow" | ConsentSource;
  /** Where the contact gave it. */
  evidence: string;
  /** The words that the contact was shown. */
  textShown?: string | undefined;
  givenAt: Date;
}

export interface ConsentState {
  /** The channels that the contact has opted out of. */
  optedOut: ConsentChannel[];
  /** The closed channels that only the contact can open again: after a STOP, an unsubscription or a complaint. */
  stopped: ConsentChannel[];
}

/** Reads the consent of a contact, and locks the contact until the transaction ends. */
export async function lockConsentState(
  db: Db,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
): Promise<ConsentState | undefined> {
  const { rows } = await sql<{ opted_out: ConsentChannel[]; stopped: ConsentChannel[] }>`
    with contact as materialized (
      select id, workspace_id, sms_opted_out_at, email_opted_out_at, dnc from contacts
      where workspace_id = ${workspaceId} and id = ${contactId}::uuid for no key update
    )
    select array_remove(array[case when c.sms_opted_out_at is not null then 'sms' end, case when c.email_opted_out_at is not null then 'email' end,
        case when c.dnc then 'all' end], null) as opted_out,
      array(select channel from unnest(array['sms', 'email', 'all']) as channel
        where private.has_stopped(c.workspace_id, c.id, channel)) as stopped
    from contact c`.execute(db);
  const [row] = rows;
  return row && { optedOut: row.opted_out, stopped: row.stopped };
}

/** Records consents. They allow this transaction, and no other, to take the opt-outs back. */
export async function recordOptIns(
  db: Db,
  { workspaceId, optIns, actor }: { workspaceId: string; optIns: readonly OptIn[]; actor: { id: string | null; name: string | null } },
): Promise<Consent[]> {
  if (optIns.length === 0) return [];
  const rows = await db
    .insertInto("contact_consents")
    .values(
      optIns.map(({ contactId, channel, source, evidence, textShown, givenAt }) => ({
        workspace_id: workspaceId,
        contact_id: contactId,
        channel,
        state: "opted_in" as const,
        source,
        evidence: evidence.slice(0, 500),
        text_shown: textShown || null,
        given_at: givenAt,
        actor_id: actor.id,
        actor_name: actor.name,
      })),
    )
    .returningAll()
    .execute();
  return rows.map(toConsent);
}

const mostListed = 200;

/** The newest entries of a contact's history. */
export async function listConsents(db: Db, { workspaceId, contactId }: { workspaceId: string; contactId: string }): Promise<Consent[]> {
  const rows = await db
    .selectFrom("contact_consents")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .where("contact_id", "=", contactId)
    .orderBy("id", "desc")
    .limit(mostListed)
    .execute();
  return rows.map(toConsent);
}

const toConsent = (row: Selectable<ContactConsentsTable>): Consent => ({
  id: row.id,
  channel: row.channel,
  state: row.state,
  source: row.source,
  evidence: row.evidence,
  textShown: row.text_shown,
  givenAt: row.given_at.toISOString(),
  actorName: row.actor_name,
  createdAt: row.created_at.toISOString(),
});
