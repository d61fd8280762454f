import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { ReEntryRule } from "#contract/node-definition.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Clock } from "../base/clock.ts";

/** Why a contact of the table "page" may not enter, or null. Tests neither ask nor count. */
export function judgeEntry(
  send: { workspaceId: string; flowId: string; isTest: boolean; refusal: Reason | null },
  rule: ReEntryRule,
  clock: Clock,
): RawBuilder<string | null> {
  if (send.refusal !== null) return sql`${send.refusal}::text`;
  if (rule.rule === "any_time" || send.isTest) return sql`null::text`;
  const earlier = (condition: RawBuilder<unknown>) => sql`exists (
    select from flow_executions e join flow_sends s on s.id = e.send_id
    where e.contact_id = page.id and e.workspace_id = ${send.workspaceId} and e.flow_id = ${send.flowId}::uuid
      and not s.is_test and ${condition})`;
  const active = sql`when ${earlier(sql`e.status in ('pending', 'running')`)} then 'already_active_here'`;
  if (rule.rule === "when_finished") return sql`case ${active} end`;
  const past = rule.rule === "once" ? sql`true` : sql`e.created_at > ${clock.now} - ${rule.days}::int * interval '1 day'`;
  return sql`case ${active} when ${earlier(past)} then 'was_here_recently' end`;
}

/** The moment of a wall clock time in the contact's time zone, or in the workspace's when the contact's is not known. */
export function wakeUpTime(
  send: { workspaceId: string },
  { at, notBefore }: { at: string; notBefore: string | null },
  clock: Clock,
): RawBuilder<Date> {
  return sql`greatest(${clock.now}, ${notBefore}::timestamptz, ${at}::timestamp at time zone coalesce(
    (select z.name from pg_timezone_names z where z.name = page.time_zone),
    (select w.time_zone from workspaces w where w.id = ${send.workspaceId})))`;
}
