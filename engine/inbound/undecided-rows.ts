import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";

/** More of them are counted at the next look. */
const atOnce = 200;

/**
 * Counts as STOP what may have meant it and what nobody has decided in time, and tells it: until then marketing rested, from now on nothing
 * leaves. An e-mail closes its address for marketing alone, as its link does. It counts as well for who wrote it and has another address by now.
 */
export async function countUndecided(db: Db, clock: Clock): Promise<void> {
  await sql`
    with due as materialized (
      select id from suppressions where decide_by <= ${clock.now} and reason = 'maybe_stop' order by decide_by limit ${atOnce}
      for update skip locked
    ), counted as (
      update suppressions s set reason = case s.channel when 'sms' then 'stop' else 'unsubscribe' end, source = 'undecided'
      from due where s.id = due.id returning s.workspace_id, s.channel, s.address, s.reason
    ), moved as (
      update contacts c set sms_refused_as = case w.channel when 'sms' then w.reason else c.sms_refused_as end,
        email_refused_as = case w.channel when 'email' then w.reason else c.email_refused_as end
      from (
        select distinct t.workspace_id, t.channel, t.reason, t.address, i.contact_id from counted t
        join inbound_messages i on i.workspace_id = t.workspace_id and i.channel = t.channel and i.from_address = t.address
      ) w
      where c.workspace_id = w.workspace_id and c.id = w.contact_id
        and case w.channel when 'sms' then c.sms_refused_as else c.email_refused_as end = 'maybe_stop'
      returning c.workspace_id, c.id, w.channel, w.address
    ), written_down as (
      insert into contact_consents (workspace_id, contact_id, channel, state, source, address, given_at)
      select workspace_id, id, channel, 'opted_out', 'moved', address, ${clock.now} from moved
    )
    insert into notices (workspace_id, kind, cause, channel, contact_id, detail)
    select c.workspace_id, 'maybe_stop', 'undecided ' || c.id, min(c.channel), c.id, 'undecided'
    from (
      select c.workspace_id, c.id, t.channel from counted t join contacts c on c.workspace_id = t.workspace_id and c.deleted_at is null
        and (t.channel = 'sms' and c.phone_e164 = t.address or t.channel = 'email' and c.sort_email = t.address)
      union select workspace_id, id, channel from moved
    ) c
    -- Of several contacts with the number it is told of the one who wrote.
    where exists (select from notices n where n.workspace_id = c.workspace_id and n.kind = 'maybe_stop' and n.cause = c.id::text)
    group by c.workspace_id, c.id order by c.id
    on conflict (workspace_id, kind, cause) do update set times = notices.times + 1, last_at = excluded.last_at`.execute(db);
}
