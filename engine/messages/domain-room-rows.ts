import { sql } from "kysely";
import { unprovenMarketingPerDay } from "#contract/sending-domain.ts";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import type { DayUse } from "./day-room-rows.ts";

/** The domain from which the workspace sends e-mail, and whether a check or a member vouches for it; undefined where no sender is set up. */
export async function readSendingDomain(db: Db, workspaceId: string): Promise<{ domain: string; isProven: boolean } | undefined> {
  const { rows } = await sql<{
    domain: string;
    is_proven: boolean;
  }>`select domain, is_proven from private.mail_domain(${workspaceId})`.execute(db);
  const [row] = rows;
  return row && { domain: row.domain, isProven: row.is_proven };
}

/**
 * Takes so many of the marketing e-mails that a domain without proof may send in a day, which begins with its first. All workers
 * take from one row, so that together they take no more.
 */
export async function takeUnproven(
  db: Db,
  { workspaceId, wanted }: { workspaceId: string; wanted: number },
  clock: Clock,
): Promise<{ granted: number; nextDayAt: Date }> {
  const isOver = sql`(l.day_from <= ${clock.now} - interval '1 day')`;
  const most = sql`${unprovenMarketingPerDay}::int`;
  const { rows } = await sql<{ granted: number; next_day_at: Date }>`
    insert into private.unproven_mail as l (workspace_id, day_from, used, granted)
    values (${workspaceId}, ${clock.now}, least(${wanted}::int, ${most}), least(${wanted}::int, ${most}))
    on conflict (workspace_id) do update set
      granted = case when ${isOver} then excluded.used else least(${wanted}::int, greatest(0, ${most} - l.used)) end,
      used = case when ${isOver} then excluded.used else l.used + least(${wanted}::int, greatest(0, ${most} - l.used)) end,
      day_from = case when ${isOver} then ${clock.now} else l.day_from end
    returning l.granted, l.day_from + interval '1 day' as next_day_at`.execute(db);
  const { granted, next_day_at: nextDayAt } = rows[0] as (typeof rows)[0];
  return { granted, nextDayAt };
}

export async function giveBackUnproven(db: Db, { workspaceId, unused }: { workspaceId: string; unused: number }): Promise<void> {
  await sql`update private.unproven_mail set used = greatest(0, used - ${unused}::int) where workspace_id = ${workspaceId}`.execute(db);
}

/** The same limit as a forecast asks it: it reads, and takes nothing. */
export async function readUnprovenUse(db: Db, workspaceId: string): Promise<DayUse> {
  const { rows } = await sql<Omit<DayUse, "perDay">>`
    select (extract(epoch from day_from) * 1000)::float8 as "from", used from private.unproven_mail where workspace_id = ${workspaceId}`.execute(
    db,
  );
  return { perDay: unprovenMarketingPerDay, ...(rows[0] ?? { from: null, used: 0 }) };
}
