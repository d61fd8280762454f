-- A message of a channel in test mode, or of a test, is kept on this machine. It was counted as sent, and its contact as
-- reached. It is an outcome of its own now, and so are the contacts that have nothing but such messages.

alter table public.send_message_counts drop constraint send_message_counts_outcome_check,
  add constraint send_message_counts_outcome_check check (outcome in ('sent', 'captured', 'skipped', 'failed'));

-- Null: the send is older than the counters of messages.
alter table public.flow_sends add column captured integer, add column completed_captured integer;
update public.flow_sends set captured = 0, completed_captured = 0 where reached is not null;
alter table public.flow_sends alter column captured set default 0, alter column completed_captured set default 0;

-- What is stored is counted anew, from the steps that say so.
create temporary table captured_steps on commit drop as
  select e.id, e.send_id, e.workspace_id, case p.node_type when 'send_sms' then 'sms' else 'email' end as channel
  from public.flow_execution_steps p join public.flow_executions e on e.id = p.flow_execution_id
  join public.flow_sends s on s.id = e.send_id
  where s.reached is not null and p.node_type in ('send_sms', 'send_email') and p.status = 'completed'
    and p.result ->> 'provider' in ('capture', 'catch') and not p.is_retried and p.visit <= e.visit;

insert into public.send_message_counts as c (send_id, workspace_id, channel, outcome, reason, count)
  select send_id, workspace_id, channel, 'captured', 'test_mode', count(*) from captured_steps group by 1, 2, 3
on conflict (send_id, channel, outcome, reason) do update set count = c.count + excluded.count;
update public.send_message_counts c set count = c.count - k.count
from (select send_id, channel, count(*) as count from captured_steps group by 1, 2) k
where c.send_id = k.send_id and c.channel = k.channel and c.outcome = 'sent';

update public.flow_executions e
set missed = (select array_agg(distinct m) from unnest(e.missed || k.missed) m), reached = exists (
  select from public.flow_execution_steps p
  where p.flow_execution_id = e.id and p.node_type in ('send_sms', 'send_email') and p.status = 'completed'
    and coalesce(p.result ->> 'provider', '') not in ('capture', 'catch') and p.visit <= e.visit)
from (select id, array_agg(distinct channel || ':test_mode') as missed from captured_steps group by id) k
where e.id = k.id;

update public.flow_sends s
set reached = c.reached, unreached = c.unreached, completed_unreached = c.completed_unreached, captured = c.captured,
  completed_captured = c.completed_captured
from (
  select e.send_id, count(*) filter (where e.reached) as reached,
    count(*) filter (where not e.reached and not of.captured and e.missed is not null and e.status not in ('pending', 'running')) as unreached,
    count(*) filter (where not e.reached and not of.captured and e.missed is not null and e.status = 'completed') as completed_unreached,
    count(*) filter (where not e.reached and of.captured) as captured,
    count(*) filter (where not e.reached and of.captured and e.status = 'completed') as completed_captured
  from public.flow_executions e
  cross join lateral (select coalesce(e.missed && array['sms:test_mode', 'email:test_mode'], false) as captured) of
  where e.send_id in (select send_id from captured_steps) group by e.send_id) c
where s.id = c.send_id;
