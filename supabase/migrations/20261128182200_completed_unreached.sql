-- Of the contacts that a send could not write to, those whose flow came to its end all the same. They are among the
-- completed ones, and without this number a bar shows them as if they had been reached.

-- Null: the send is older than the counters of messages.
alter table public.flow_sends add column completed_unreached integer;
update public.flow_sends s set completed_unreached = (
  select count(*) from public.flow_executions e
  where e.send_id = s.id and e.missed is not null and not e.reached and e.status = 'completed')
where s.unreached is not null;
alter table public.flow_sends alter column completed_unreached set default 0;

-- The contacts whose address is no usable one, or has odd blanks around it. They are few. Before a send they are looked
-- through for an address that another contact has too.
create index contacts_odd_email on public.contacts (workspace_id) where not email_usable and sort_email is not null;
