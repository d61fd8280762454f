-- What a message is for. What left before there were kinds counts as marketing, the strictest.
alter table public.messages add column kind text not null default 'marketing' check (kind in ('marketing', 'transactional', 'conversational'));
create or replace view private.member_messages as
  select * from public.messages where workspace_id || '' = any (array(select private.member_workspaces()));
