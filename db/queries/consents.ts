import type { RawBuilder, Selectable } from "kysely";
import { sql } from "kysely";
import { type Consent, type ConsentChannel, type ConsentSource, notTheirs } from "#contract/consents.ts";
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
  source: "manual" | "flow" | ConsentSource | typeof notTheirs;
  /** Where the contact gave it. */
  evidence: string;
  /** The words that the contact was shown. */
  textShown?: string | undefined;
  /** The number or address for which it was given, as the contact has or is about to get it; null for none. Left out, it is the one that the contact has. */
  address?: string | null | undefined;
  givenAt: Date;
}

export interface ConsentState {
  /** The channels that the contact has opted out of. */
  optedOut: ConsentChannel[];
  /** The closed channels that only the contact can open again: after a STOP, an unsubscription or a complaint. */
  stopped: ConsentChannel[];
  /** The channels that are closed by what was asked for under an address that the contact had before. */
  refusedBefore: ConsentChannel[];
  /** The channels on which the contact has an address. */
  reachable: ConsentChannel[];
}

/** Whose consent on which channel. */
interface ConsentOf {
  workspaceId: RawBuilder<unknown>;
  contactId: RawBuilder<unknown>;
  channel: RawBuilder<unknown>;
}

/** What opens a channel again and is no consent: START, and the word of an admin that another person had asked for no more. */
const noConsent = sql`('keyword', ${sql.lit(notTheirs)})`;

/** Opt-outs that others wrote down. START takes back the acts of the person, and not these. */
const byOthers = sql`('manual', 'import', 'flow')`;

/**
 * The addresses of a contact for which a consent stands, as SQL: each for which one was given that no opt-out of the channel has followed. An
 * opt-out is the person's and ends the consents of all addresses; a consent is the address's, and another one that the contact gets has none.
 * START is no consent. It takes back the person's own opt-outs before it, so that what they had agreed to counts again.
 */
export const consentedAddresses = ({ workspaceId, contactId, channel }: ConsentOf): RawBuilder<string> => sql`
  select e.address from contact_consents e
  where e.workspace_id = ${workspaceId} and e.contact_id = ${contactId} and e.channel = ${channel} and e.state = 'opted_in' and coalesce(e.source, '') not in ${noConsent}
    and e.address is not null and not exists (select from contact_consents o
      where o.workspace_id = e.workspace_id and o.contact_id = e.contact_id and o.channel = e.channel and o.state = 'opted_out' and o.id > e.id
        and (coalesce(o.source, 'manual') in ${byOthers} or not exists (select from contact_consents s
          where s.workspace_id = o.workspace_id and s.contact_id = o.contact_id and s.channel = o.channel and s.state = 'opted_in'
            and s.source in ${noConsent} and s.id > o.id)))`;

/**
 * Writes down that START took back what the contacts of a number had asked for themselves other than by a text, as behind the link of an
 * e-mail: without it they would be told that they get messages again, and the ledger would go on to say that they refused. A number that
 * something else keeps closed stays so, and nothing is written.
 */
export async function recordStart(db: Db, { workspaceId, messageId }: { workspaceId: string; messageId: string }): Promise<void> {
  await sql`
    insert into contact_consents (workspace_id, contact_id, channel, state, source, evidence, address, given_at)
    select i.workspace_id, c.id, i.channel, 'opted_in', 'keyword', nullif(left(btrim(i.body), 500), ''), i.from_address, i.received_at
    from inbound_messages i
    join contacts c on c.workspace_id = i.workspace_id and c.phone_e164 = i.from_address and c.deleted_at is null
    where i.workspace_id = ${workspaceId} and i.id = ${messageId}::uuid and i.channel = 'sms' and (c.sms_refused_as is not null or private.has_stopped(c.workspace_id, c.id, 'sms'))
      and not exists (select from suppressions s where s.workspace_id = i.workspace_id and s.channel = 'sms' and s.address = i.from_address
        and s.reason not in ('bounced_before', 'manual'))`.execute(db);
}

/** An address in the form in which consents keep it. */
export const consentAddress = (address: string): string => address.trim().toLowerCase();

/** Reads the consent of a contact, and locks the contact until the transaction ends. */
export async function lockConsentState(
  db: Db,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
): Promise<ConsentState | undefined> {
  const { rows } = await sql<{
    opted_out: ConsentChannel[];
    stopped: ConsentChannel[];
    before: ConsentChannel[];
    reachable: ConsentChannel[];
  }>`
    with contact as materialized (
      select id, workspace_id, phone_e164, sort_email, sms_opted_out_at, email_opted_out_at, dnc, sms_refused_as, email_refused_as from contacts
      where workspace_id = ${workspaceId} and id = ${contactId}::uuid for no key update
    )
    select array_remove(array[case when c.sms_opted_out_at is not null then 'sms' end, case when c.email_opted_out_at is not null then 'email' end,
        case when c.dnc then 'all' end], null) as opted_out,
      array(select channel from unnest(array['sms', 'email', 'all']) as channel
        where private.has_stopped(c.workspace_id, c.id, channel)) as stopped,
      array_remove(array[case when c.sms_refused_as is not null then 'sms' end, case when c.email_refused_as is not null then 'email' end], null) as before,
      array_remove(array[case when c.phone_e164 <> '' then 'sms' end, case when c.sort_email <> '' then 'email' end], null) as reachable
    from contact c`.execute(db);
  const [row] = rows;
  return row && { optedOut: row.opted_out, stopped: row.stopped, refusedBefore: row.before, reachable: row.reachable };
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
      optIns.map(({ contactId, channel, source, evidence, textShown, givenAt, address }) => ({
        workspace_id: workspaceId,
        contact_id: contactId,
        channel,
        state: "opted_in" as const,
        source,
        evidence: evidence.slice(0, 500),
        text_shown: textShown || null,
        ...(address !== undefined && { address: consentAddress(address ?? "") }),
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

interface HistoryOf {
  workspaceId: string;
  contactId: string;
  /** Providers whose messages a member wrote in place of the contact, to try out. */
  triedOutBy: readonly string[];
}

/** STOP and START in messages of the contact, as entries of the history. They close and open an address, whoever has it, and no consent. */
const wordsOf = ({ workspaceId, contactId, triedOutBy }: HistoryOf) => sql`
  select i.id, i.channel, case i.word when 'stop' then 'opted_out' else 'opted_in' end as state, 'keyword' as source,
    nullif(left(btrim(i.body), 500), '') as evidence, null::text as text_shown, i.from_address as address, i.received_at as given_at, null::text as actor_name,
    i.received_at as created_at
  from inbound_messages i
  where i.workspace_id = ${workspaceId} and i.contact_id = ${contactId}::uuid and i.word in ('stop', 'start')
    and i.provider <> all (${[...triedOutBy]}::text[])
    -- A START that took back more than a STOP stands in the ledger.
    and not exists (select from contact_consents e where e.workspace_id = i.workspace_id and e.contact_id = i.contact_id
      and e.channel = i.channel and e.source = 'keyword' and e.given_at = i.received_at)
  order by i.received_at desc limit ${mostListed}`;

/** The newest entries of a contact's history. */
export async function listConsents(db: Db, of: HistoryOf): Promise<Consent[]> {
  const { workspaceId, contactId } = of;
  const { rows } = await sql<ConsentRow>`
    select * from (
      (select e.id, e.channel, e.state, e.source, e.evidence, e.text_shown, e.address, e.given_at, e.actor_name, e.created_at from contact_consents e
        where e.workspace_id = ${workspaceId} and e.contact_id = ${contactId}::uuid order by e.id desc limit ${mostListed})
      union all (${wordsOf(of)})
    ) entries order by created_at desc, id desc limit ${mostListed}`.execute(db);
  return rows.map(toConsent);
}

type ConsentRow = Omit<Selectable<ContactConsentsTable>, "workspace_id" | "contact_id" | "actor_id">;

const toConsent = (row: ConsentRow): Consent => ({
  id: row.id,
  channel: row.channel,
  state: row.state,
  source: row.source,
  evidence: row.evidence,
  textShown: row.text_shown,
  address: row.address,
  givenAt: row.given_at.toISOString(),
  actorName: row.actor_name,
  createdAt: row.created_at.toISOString(),
});
