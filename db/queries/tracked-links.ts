import { sql } from "kysely";
import type { Db } from "../client.ts";

/** A message as its link names it. */
interface NamedMessage {
  workspaceId: string;
  executionId: string;
  visit: number;
  channel: string;
}

interface Followed {
  kind: "click" | "open";
  /** Where the link leads; null of a picture. */
  url: string | null;
  /** By a program that says what it is. */
  isProgram: boolean;
}

/** More than that is not counted: it says nothing more, and nobody keeps the database busy with it. */
const most = 1_000;

const counted = (isProgram: boolean) => sql`
  times = t.times + ${isProgram ? 0 : 1}::int, machine_times = t.machine_times + ${isProgram ? 1 : 0}::int,
  first_at = coalesce(t.first_at, ${isProgram ? sql`null` : sql`now()`}), last_at = ${isProgram ? sql`t.last_at` : sql`now()`}`;
const isBelowMost = (isProgram: boolean) => sql`${isProgram ? sql`t.machine_times` : sql`t.times`} < ${most}`;

/** Counts that a link of an e-mail was followed, or its picture loaded. Of a message whose contact was erased, nothing is written down. */
export async function noteFollowed(db: Db, message: NamedMessage, { kind, url, isProgram }: Followed): Promise<void> {
  const { workspaceId, executionId, visit, channel } = message;
  const seenAt = isProgram ? sql`null` : sql`now()`;
  await sql`
    insert into public.tracked_links as t
      (workspace_id, flow_execution_id, visit, channel, send_id, contact_id, kind, url, times, machine_times, first_at, last_at)
    select m.workspace_id, m.flow_execution_id, m.visit, m.channel, m.send_id, m.contact_id, ${kind}, ${url}::text,
      ${isProgram ? 0 : 1}::int, ${isProgram ? 1 : 0}::int, ${seenAt}::timestamptz, ${seenAt}::timestamptz
    from public.messages m
    where m.workspace_id = ${workspaceId} and m.flow_execution_id = ${executionId}::uuid and m.visit = ${visit}::int and m.channel = ${channel}
      and m.contact_id is not null and m.send_id is not null and not m.is_test
    on conflict (flow_execution_id, visit, channel, kind, md5(coalesce(url, ''))) do update set ${counted(isProgram)}
      where ${isBelowMost(isProgram)}`.execute(db);
}

/**
 * Where a short link leads. Under a domain that a workspace has named as its own, only its links lead anywhere: nobody sends links in
 * another's name.
 */
export async function findShortLink(db: Db, { code, host }: { code: string; host: string }): Promise<string | undefined> {
  const { rows } = await sql<{ url: string }>`
    select t.url from public.tracked_links t
    where t.code = ${code} and t.url is not null
      and not exists (select from public.workspaces w where w.short_domain = ${host} and w.id <> t.workspace_id)`.execute(db);
  return rows[0]?.url;
}

export async function noteShortFollowed(db: Db, { code, isProgram }: { code: string; isProgram: boolean }): Promise<void> {
  await sql`
    update public.tracked_links t set ${counted(isProgram)}
    where t.code = ${code} and t.contact_id is not null and ${isBelowMost(isProgram)}`.execute(db);
}
