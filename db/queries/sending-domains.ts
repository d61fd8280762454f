import { sql } from "kysely";
import type { DomainReport } from "#contract/sending-domain.ts";
import type { Db } from "../client.ts";

// What is known of the domains from which e-mail is sent. All of this runs as the owner of the database.

interface DomainPlace {
  workspaceId: string;
  domain: string;
}

export interface StoredDomain {
  report: DomainReport | null;
  isChecked: boolean;
  statement: { text: string; byName: string; at: Date } | null;
}

interface DomainRow {
  report: DomainReport | null;
  is_checked: boolean;
  statement: string | null;
  stated_by_name: string | null;
  stated_at: Date | null;
}

/** Undefined for a domain that was never looked at. */
export async function findSendingDomain(
  db: Db,
  { workspaceId, domain }: DomainPlace,
  proofDays: number,
): Promise<StoredDomain | undefined> {
  const { rows } = await sql<DomainRow>`
    select report, coalesce(good_at > now() - make_interval(days => ${proofDays}::int), false) as is_checked, statement, stated_by_name, stated_at
    from private.sending_domains where workspace_id = ${workspaceId} and domain = ${domain}`.execute(db);
  const [row] = rows;
  if (!row) return undefined;
  const { report, is_checked: isChecked, statement: text, stated_by_name: byName, stated_at: at } = row;
  return { report, isChecked, statement: text !== null && at !== null ? { text, byName: byName ?? "", at } : null };
}

/**
 * Keeps what a check found. `isGood` null: DNS did not answer, so what was known before stays, and the report only where there was none.
 */
export async function saveDomainReport(
  db: Db,
  { workspaceId, domain }: DomainPlace,
  { report, isGood }: { report: DomainReport; isGood: boolean | null },
): Promise<void> {
  const text = JSON.stringify(report);
  const goodAt = isGood === true ? sql`now()` : sql`null`;
  await sql`
    insert into private.sending_domains as d (workspace_id, domain, report, good_at, tried_at)
    values (${workspaceId}, ${domain}, ${text}::jsonb, ${goodAt}, now())
    on conflict (workspace_id, domain) do update set tried_at = now(), report = excluded.report,
      good_at = ${isGood === null ? sql`d.good_at` : sql`excluded.good_at`}`.execute(db);
}

/** Writes down that a member vouches for a domain, or takes it back. */
export async function saveDomainStatement(
  db: Db,
  { workspaceId, domain }: DomainPlace,
  { text, userId, name }: { text: string | null; userId: string; name: string },
): Promise<void> {
  const [by, byName, at] = text === null ? [null, null, sql`null`] : [userId, name, sql`now()`];
  await sql`
    insert into private.sending_domains as d (workspace_id, domain, statement, stated_by, stated_by_name, stated_at)
    values (${workspaceId}, ${domain}, ${text}, ${by}::uuid, ${byName}, ${at})
    on conflict (workspace_id, domain) do update set statement = excluded.statement, stated_by = excluded.stated_by,
      stated_by_name = excluded.stated_by_name, stated_at = excluded.stated_at`.execute(db);
}

/** How many marketing e-mails of the day that is counted now used the limit of a domain without proof. */
export async function readUnprovenToday(db: Db, workspaceId: string): Promise<number> {
  const { rows } = await sql<{ used: number }>`
    select used from private.unproven_mail where workspace_id = ${workspaceId} and day_from > now() - interval '1 day'`.execute(db);
  return rows[0]?.used ?? 0;
}

/**
 * Takes a workspace whose sending domain is to be looked up again: once a day, so that a good check stays fresh and one that is not any more is
 * noticed. The process that takes it looks it up, and nobody else does that day.
 */
export async function takeDueDomain(db: Db): Promise<string | undefined> {
  const { rows } = await sql<{ workspace_id: string }>`
    with sender as (
      select workspace_id, lower(substring(settings ->> 'fromAddress' from '@([^@]+)$')) as domain from providers where channel = 'email'
    ), due as materialized (
      select s.workspace_id, s.domain from sender s
      left join private.sending_domains d on d.workspace_id = s.workspace_id and d.domain = s.domain
      where s.domain is not null and coalesce(d.tried_at < now() - interval '1 day', true) limit 1
    )
    insert into private.sending_domains as d (workspace_id, domain, tried_at) select workspace_id, domain, now() from due
    on conflict (workspace_id, domain) do update set tried_at = excluded.tried_at where coalesce(d.tried_at < now() - interval '1 day', true)
    returning workspace_id`.execute(db);
  return rows[0]?.workspace_id;
}
