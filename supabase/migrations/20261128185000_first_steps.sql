-- What a new workspace still has to settle. Country and time zone have a value from the beginning, so that somebody chose them
-- is written down.
alter table public.workspaces
  add column country_chosen_at timestamptz,
  add column time_zone_chosen_at timestamptz,
  add column first_steps_hidden_at timestamptz;
grant update (country_chosen_at, time_zone_chosen_at, first_steps_hidden_at) on public.workspaces to sluice_member;

-- Workspaces that work already need no first steps.
update public.workspaces w set country_chosen_at = now(), time_zone_chosen_at = now(), first_steps_hidden_at = now()
where is_demo or exists (select from public.contacts c where c.workspace_id = w.id) or exists (select from public.flow_sends s where s.workspace_id = w.id);

-- The few messages by which channels were tried out, found without reading the others.
create index messages_tests on public.messages (workspace_id) where is_test;
