import type { RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import type { TestGroup } from "#contract/field-tests.ts";
import type { ReEntryRule } from "#contract/node-definition.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Narrowing } from "#contract/who-not.ts";
import { executionsOf } from "#db/queries/rows-of-contact.ts";
import { matchesGroup } from "#db/queries/test-group-filter.ts";
import type { Clock } from "../base/clock.ts";
import type { EntryRule } from "../flow/rule-of.ts";
import { leftOut } from "./narrowing-rows.ts";

/** Why a contact of the table "page" may not enter, or null: by the rule of the flow, and by whom the send leaves out. Tests neither ask nor count. */
export function judgeEntry(
  send: { workspaceId: string; flowId: string; isTest: boolean; refusal: Reason | null; narrowing?: Narrowing | undefined },
  { reEntry, onlyIf }: EntryRule,
  clock: Clock,
): RawBuilder<string | null> {
  if (send.refusal !== null) return sql`${send.refusal}::text`;
  if (send.isTest) return sql`null::text`;
  const meets = (condition: TestGroup) => isAmong(send.workspaceId, condition);
  const cases = [
    ...(onlyIf ? [sql`when not ${meets(onlyIf)} then 'entry_rule'`] : []),
    ...judgeReEntry(send, reEntry, clock),
    ...leftOut(send, sql`page.id`, meets, clock),
  ];
  return cases.length === 0 ? sql`null::text` : sql`case ${sql.join(cases, sql` `)} end`;
}

function judgeReEntry(send: { workspaceId: string; flowId: string }, rule: ReEntryRule, clock: Clock): RawBuilder<unknown>[] {
  if (rule.rule === "any_time") return [];
  const earlier = (condition: RawBuilder<unknown>) => sql`exists (
    select from ${executionsOf(sql`page.id`)} join flow_sends s on s.id = e.send_id
    where e.workspace_id = ${send.workspaceId} and e.flow_id = ${send.flowId}::uuid and not s.is_test and ${condition})`;
  const active = sql`when ${earlier(sql`e.status in ('pending', 'running')`)} then 'already_active_here'`;
  if (rule.rule === "when_finished") return [active];
  const past = rule.rule === "once" ? sql`true` : sql`e.created_at > ${clock.now} - ${rule.days}::int * interval '1 day'`;
  return [active, sql`when ${earlier(past)} then 'was_here_recently'`];
}

const isAmong = (workspaceId: string, group: TestGroup) => sql`exists (
  select from contacts where contacts.id = page.id and contacts.workspace_id = ${workspaceId} and ${isLetIn(group)})`;

/**
 * Whether a row of the table "contacts" passes the entry rule of a flow. Rules that cannot be asked of all contacts at once are
 * refused when the flow is published. One that came by SQL lets nobody in: who is kept out can be let in later.
 */
export function isLetIn(onlyIf: TestGroup): RawBuilder<SqlBool> {
  const condition = matchesGroup(onlyIf);
  return Array.isArray(condition) ? sql<SqlBool>`false` : sql<SqlBool>`(${condition}) is true`;
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
