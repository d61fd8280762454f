import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import { messageLimits } from "#contract/queue.ts";
import { channelRefusals } from "#contract/reasons.ts";
import type { Db } from "../client.ts";
import { oldestDue } from "./queue.ts";

/** The whole instance at a glance, for its operator. Nothing here is counted over executions or messages. */
export interface InstanceState {
  now: Date;
  workers: number;
  jobs: { ready: number; running: number; delayed: number; failing: number };
  openSends: number;
  turns: number;
  unknownLastHour: number;
  oldestDueSeconds: number;
  /** Not null: this is a restored copy, and sends nothing. */
  heldSince: Date | null;
  /** Alerts that are on, by code. */
  alerts: Record<string, number>;
  /** Workspaces with something to tell. */
  late: { workspaceId: string; seconds: number }[];
  unknown: { workspaceId: string; messages: number; since: Date }[];
  closedChannels: { workspaceId: string; channel: Channel; until: Date; reason: string | null; words: string | null }[];
  stuckSends: { workspaceId: string; sendId: string; since: Date }[];
  /** Workspaces that have reached their limit of messages within an hour, and when that hour began. */
  fullHours: { workspaceId: string; limit: number; from: Date }[];
  fullDays: { workspaceId: string; limit: number; from: Date }[];
  /** Workspaces whose e-mail bounces or is reported as spam too often, by the numbers of seven days. */
  mailGuards: { workspaceId: string; level: "warn" | "pause"; sent: number; bounced: number; complained: number; since: Date }[];
  /** The trouble that keeps an outside engine from taking or beginning work, in words. */
  engineTroubles: { code: string; text: string; since: Date }[];
  /** Foreign keys by which the look by night found rows without their parent. */
  orphans: { key: string; child: string; parent: string; rows: number; since: Date }[];
}

export interface InstanceLimits {
  lateAfterSeconds: number;
  stuckAfterSeconds: number;
}

/** All but the jobs, which only the driver can count. */
export async function readInstanceState(db: Db, limits: InstanceLimits): Promise<Omit<InstanceState, "jobs">> {
  const { rows } = await sql<Omit<InstanceState, "jobs">>`
    with due as materialized (
      select ws.id, ${oldestDue(sql`ws.id`)} as seconds from workspaces ws
    ), doubtful as materialized (
      select workspace_id, count(*)::int as messages, min(became_at) as since
      from private.unknown_messages where became_at > now() - interval '1 hour' group by workspace_id
    )
    select clock_timestamp() as now,
      (select count(*)::int from private.workers where seen_at > clock_timestamp() - interval '10 seconds') as workers,
      (select count(*)::int from flow_sends where ended_at is null) as "openSends",
      (select count(*)::int from private.turns) as turns,
      (select coalesce(sum(messages), 0)::int from doubtful) as "unknownLastHour",
      (select coalesce(json_object_agg(code, alerts), '{}') from (
        select code, count(*) as alerts from private.alerts where is_steady and ended_at is null group by code) a) as alerts,
      (select coalesce(max(seconds), 0) from due) as "oldestDueSeconds",
      (select fenced_at from private.instance) as "heldSince",
      (select coalesce(json_agg(json_build_object('workspaceId', id, 'seconds', seconds)), '[]') from due
        where seconds > ${limits.lateAfterSeconds}) as late,
      (select coalesce(json_agg(json_build_object('workspaceId', workspace_id, 'messages', messages, 'since', since)), '[]') from doubtful) as unknown,
      (select coalesce(json_agg(json_build_object('workspaceId', workspace_id, 'channel', channel, 'until', coalesce(closed_until, clock_timestamp()),
          'reason', trouble_reason, 'words', trouble_text)), '[]')
        from private.channel_gates where closed_until > clock_timestamp()
          -- Between two tries it stands open for a moment and is none the better for it.
          or failures > 0 and closed_until > clock_timestamp() - interval '15 minutes'
          -- A few messages never make the row of failures that closes a channel, and wait for half an hour between tries.
          or failures > 0 and trouble_reason = any(${["provider_unavailable", "timeout", ...channelRefusals]}::text[])
            and trouble_since < clock_timestamp() - interval '20 seconds' and troubled_at > clock_timestamp() - interval '45 minutes') as "closedChannels",
      (select coalesce(json_agg(json_build_object('workspaceId', workspace_id, 'from', hour_from,
          'limit', coalesce(messages_per_hour, ${messageLimits.perHour.usual}::int))), '[]')
        from private.workspace_limits where hour_from > clock_timestamp() - interval '1 hour'
          and hour_used >= coalesce(messages_per_hour, ${messageLimits.perHour.usual}::int)) as "fullHours",
      (select coalesce(json_agg(json_build_object('workspaceId', workspace_id, 'from', day_from,
          'limit', coalesce(messages_per_day, ${messageLimits.perDay.usual}::int))), '[]')
        from private.workspace_limits where day_from > clock_timestamp() - interval '1 day'
          and day_used >= coalesce(messages_per_day, ${messageLimits.perDay.usual}::int)) as "fullDays",
      (select coalesce(json_agg(json_build_object('workspaceId', workspace_id, 'level', level, 'sent', sent, 'bounced', bounced,
          'complained', complained, 'since', since)), '[]') from private.mail_guards) as "mailGuards",
      (select coalesce(json_agg(json_build_object('code', code, 'text', text, 'since', since)), '[]') from private.trigger_troubles)
        as "engineTroubles",
      (select coalesce(json_agg(json_build_object('key', key, 'child', child, 'parent', parent, 'rows', rows, 'since', found_at)), '[]')
        from private.orphans) as orphans,
      (select coalesce(json_agg(stuck), '[]') from (${stuckSends(limits.stuckAfterSeconds)}) stuck) as "stuckSends"`.execute(db);
  const row = rows[0] as Omit<InstanceState, "jobs">;
  // JSON carries times as text, so they are parsed here.
  const timed = <T extends object>(all: T[], key: keyof T) => all.map((one) => ({ ...one, [key]: new Date(one[key] as string) }));
  return {
    ...row,
    unknown: timed(row.unknown, "since"),
    closedChannels: timed(row.closedChannels, "until"),
    stuckSends: timed(row.stuckSends, "since"),
    fullHours: timed(row.fullHours, "from"),
    fullDays: timed(row.fullDays, "from"),
    mailGuards: timed(row.mailGuards, "since"),
    engineTroubles: timed(row.engineTroubles, "since"),
    orphans: timed(row.orphans, "since"),
  };
}

/**
 * Sends that could go on and do not: a lane that is ready and that nobody has served, or that somebody has had in hand for
 * longer than any pass takes; and an enrolment whose last seat is old.
 */
const stuckSends = (seconds: number) => {
  const since = sql`clock_timestamp() - ${seconds}::float8 * interval '1 second'`;
  return sql`
    select workspace_id as "workspaceId", send_id as "sendId", min(since) as since from (
      select s.workspace_id, s.id as send_id, coalesce(t.began_at, greatest(l.ready_at, l.served_at)) as since
      from private.send_lanes l join flow_sends s on s.id = l.send_id left join private.turns t on t.id = l.turn_id
      where s.state in ('enrolling', 'running') and l.ready_at < ${since}
        and (s.enrolled_at is not null or l.from_seq + s.chunk_size <= s.enrolled)
        and coalesce(t.began_at, greatest(l.ready_at, l.served_at)) < ${since}
      union all
      select s.workspace_id, s.id, seat.at from flow_sends s
      cross join lateral (select greatest(s.created_at, (s.options ->> 'audienceAt')::timestamptz, (
        select e.created_at from flow_executions e where e.send_id = s.id order by e.seq desc limit 1)) as at) seat
      where s.ended_at is null and s.state = 'enrolling' and s.enrolled_at is null and s.enroll_after is null
        and s.created_at < ${since} and seat.at < ${since}
    ) found group by workspace_id, send_id`;
};
