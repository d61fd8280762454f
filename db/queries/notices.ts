import { sql } from "kysely";
import { countedNotices, type Notice, type NoticeListQuery } from "#contract/notices.ts";
import type { Db, Tx } from "../client.ts";
import type { KnownAlert } from "./alerts.ts";
import { displayName } from "./contact-rows.ts";
import { microseconds, moment, type Page, readPlace, toPage, writePlace } from "./newest-first.ts";

interface OfMember {
  workspaceId: string;
  userId: string;
}

interface Row {
  id: string;
  position: number;
  kind: Notice["kind"];
  channel: Notice["channel"];
  detail: string | null;
  send_id: string | null;
  flow_name: string | null;
  contact_id: string | null;
  name: string | null;
  firstname: string | null;
  lastname: string | null;
  times: number;
  last_at: Date;
  is_unread: boolean;
}

/** Whether member `m` has not read notice `n`. What was there before they came does not count. */
const isUnread = sql<boolean>`(n.last_at > m.created_at and not exists (
  select from notice_reads r where r.workspace_id = n.workspace_id and r.user_id = m.user_id and r.notice_id = n.id and r.read_upto >= n.last_at))`;

/** The notices of a workspace as one member sees them, the newest first. */
export async function listNotices(db: Db, args: OfMember & NoticeListQuery): Promise<Page<Notice>> {
  const { workspaceId, userId, limit } = args;
  const place = readPlace("notices", args.cursor);
  const older = place ? sql`and (n.last_at, n.id) < (${moment(place.at)}, ${place.id}::uuid)` : sql``;
  const { rows } = await sql<Row>`
    with page as materialized (
      select * from notices n where n.workspace_id = ${workspaceId} ${older} order by n.last_at desc, n.id desc limit ${limit + 1}
    )
    select n.id, ${microseconds("n.last_at")} as position, n.kind, n.channel, n.detail, n.send_id, f.name as flow_name, n.contact_id,
      c.name, c.firstname, c.lastname, n.times, n.last_at, coalesce(${isUnread}, false) as is_unread
    from page n
    left join workspace_members m on m.workspace_id = n.workspace_id and m.user_id = ${userId}::uuid
    left join flow_sends s on s.workspace_id = n.workspace_id and s.id = n.send_id
    left join private.flow_names f on f.workspace_id = n.workspace_id and f.id = s.flow_id
    left join private.contact_names c on c.workspace_id = n.workspace_id and c.id = n.contact_id
    order by n.last_at desc, n.id desc`.execute(db);
  return toPage(rows, limit, toNotice, (row) => writePlace("notices", { at: row.position, id: row.id }));
}

const toNotice = ({ firstname, lastname, name, ...row }: Row): Notice => ({
  id: row.id,
  kind: row.kind,
  channel: row.channel,
  detail: row.detail,
  sendId: row.send_id,
  flowName: row.flow_name,
  contactId: row.contact_id,
  contactName: firstname === null ? null : displayName({ name, firstname, lastname: lastname ?? "" }),
  times: row.times,
  at: row.last_at.toISOString(),
  isUnread: row.is_unread,
});

export async function countUnread(db: Db, { workspaceId, userId }: OfMember): Promise<number> {
  const { rows } = await sql<{ unread: number }>`
    select count(*)::int as unread from (
      select from notices n join workspace_members m on m.workspace_id = n.workspace_id and m.user_id = ${userId}::uuid
      where n.workspace_id = ${workspaceId} and ${isUnread} limit ${countedNotices}) unread`.execute(db);
  return rows[0]?.unread ?? 0;
}

/** Marks notices as read up to a moment, and no further than now: nobody has read what has not come yet. Returns how many of them were unread. */
export async function markRead(
  db: Db,
  { workspaceId, userId, upto, ids }: OfMember & { upto: string; ids?: readonly string[] | undefined },
): Promise<number> {
  const { rows } = await sql`
    insert into notice_reads (workspace_id, user_id, notice_id, read_upto)
    select n.workspace_id, ${userId}::uuid, n.id, greatest(n.last_at, least(${upto}::timestamptz, clock_timestamp())) from notices n
    where n.workspace_id = ${workspaceId} and n.last_at <= ${upto}::timestamptz and not exists (
      select from notice_reads r where r.workspace_id = n.workspace_id and r.user_id = ${userId}::uuid and r.notice_id = n.id and r.read_upto >= n.last_at) ${ids ? sql`and n.id = any(${[...ids]}::uuid[])` : sql``}
    order by n.id
    on conflict (workspace_id, user_id, notice_id) do update set read_upto = greatest(notice_reads.read_upto, excluded.read_upto)
    returning 1`.execute(db);
  return rows.length;
}

export async function findByEmail(db: Db, { workspaceId, userId }: OfMember): Promise<boolean> {
  const row = await db
    .selectFrom("notice_settings")
    .select("by_email")
    .where("workspace_id", "=", workspaceId)
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return row?.by_email ?? false;
}

export async function saveByEmail(db: Db, { workspaceId, userId, byEmail }: OfMember & { byEmail: boolean }): Promise<void> {
  await sql`
    insert into notice_settings (workspace_id, user_id, by_email) values (${workspaceId}, ${userId}::uuid, ${byEmail})
    on conflict (workspace_id, user_id) do update set by_email = excluded.by_email`.execute(db);
}

/** Which alerts are told as notices, and as which. */
const kindOf: Partial<Record<KnownAlert["code"], Notice["kind"]>> = {
  provider_down: "provider_down",
  sender_refused: "provider_down",
  channel_refused: "provider_down",
  mail_guard: "mail_guard",
};

/**
 * Tells alerts of workspaces as notices. An alert that is on is told once; when it comes back on the same day the notice is unread
 * again. The words of a provider stay out of it, because they may name an address.
 */
export async function noteAlerts(tx: Tx, alerts: readonly KnownAlert[]): Promise<void> {
  const facts = alerts.flatMap(({ code, workspaceId, subject, since, isSteady, isEnded }) => {
    const kind = kindOf[code];
    if (kind === undefined || workspaceId === null || !isSteady || isEnded) return [];
    const channel = kind === "provider_down" ? subject : "email";
    const detail = kind === "provider_down" ? code : subject;
    return [{ workspaceId, kind, channel, detail, cause: `${detail} ${channel} ${since.toISOString().slice(0, 10)}`, since }];
  });
  if (facts.length === 0) return;
  await sql`
    insert into notices (workspace_id, kind, cause, channel, detail, last_at)
    select w.id, f.kind, f.cause, f.channel, f.detail, date_trunc('milliseconds', f.since)
    from json_to_recordset(${JSON.stringify(facts)}::json) as f ("workspaceId" text, kind text, cause text, channel text, detail text, since timestamptz)
    join workspaces w on w.id = f."workspaceId"
    order by w.id, f.kind, f.cause
    on conflict (workspace_id, kind, cause) do update set times = notices.times + 1, last_at = excluded.last_at
      where notices.last_at < excluded.last_at`.execute(tx);
}

export interface NoticeToMail {
  id: string;
  workspaceId: string;
  workspaceName: string;
  kind: Notice["kind"];
  channel: Notice["channel"];
  detail: string | null;
  userIds: string[];
}

const mailedAtOnce = 20;
/** Of these, so many are of one workspace: what happens there all the time keeps nobody else's notices waiting. */
const mailedOfWorkspace = 3;

/**
 * Takes the next notices that members want by e-mail, and marks them first: a process that dies sends too little rather than the same
 * twice, and the notice itself stays. Of several workers each takes others. What nobody wants, or nobody could be told for a day, is
 * marked as well.
 */
export async function takeNoticesToMail(db: Db): Promise<NoticeToMail[]> {
  const isTold = sql`(n.to_user is null or n.to_user = s.user_id) and (n.except_user is null or n.except_user <> s.user_id) and (not n.to_admins or exists (
    select from workspace_members m where m.workspace_id = s.workspace_id and m.user_id = s.user_id and m.role in ('admin', 'owner')))`;
  const isWanted = sql`n.created_at > now() - interval '1 day' and exists (
    select from notice_settings s where s.workspace_id = n.workspace_id and s.by_email and ${isTold})`;
  await sql`update notices n set mailed_at = now() where n.mailed_at is null and not (${isWanted})`.execute(db);
  const { rows } = await sql<NoticeToMail>`
    with fair as materialized (
      select id from (
        select n.id, n.created_at, row_number() over (partition by n.workspace_id order by n.created_at, n.id) as place
        from notices n where n.mailed_at is null and ${isWanted}) each
      where place <= ${mailedOfWorkspace} order by created_at limit ${mailedAtOnce}
    ), next as materialized (
      select id from notices where id in (select id from fair) and mailed_at is null order by id for update skip locked
    ), taken as (
      update notices n set mailed_at = now() from next where n.id = next.id returning n.*
    )
    select n.id, n.workspace_id as "workspaceId", w.name as "workspaceName", n.kind, n.channel, n.detail, array_agg(s.user_id) as "userIds"
    from taken n join workspaces w on w.id = n.workspace_id
    join notice_settings s on s.workspace_id = n.workspace_id and s.by_email and ${isTold}
    group by n.id, n.workspace_id, w.name, n.kind, n.channel, n.detail`.execute(db);
  return rows;
}
