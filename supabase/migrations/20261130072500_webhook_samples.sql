-- The last answer to a webhook step that somebody has tried while they set it up: for the choice of values, and for simulations.
-- It is kept for seven days. It was asked for with the data of a contact, so it goes with them.
create table public.webhook_samples (
  workspace_id text not null,
  flow_id uuid not null,
  node_id text not null,
  -- Null: the contact was made up.
  contact_id uuid,
  status integer not null,
  body text not null,
  is_cut boolean not null,
  tried_by_name text,
  tried_at timestamptz not null default now(),
  primary key (workspace_id, flow_id, node_id),
  foreign key (workspace_id, flow_id) references public.flows (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references public.contacts (workspace_id, id) on delete cascade
);
create index webhook_samples_contact on public.webhook_samples (workspace_id, contact_id) where contact_id is not null;
create index webhook_samples_tried on public.webhook_samples (tried_at);

alter table public.webhook_samples enable row level security;
revoke all on public.webhook_samples from public, anon, authenticated, sluice_member;
grant select on public.webhook_samples to authenticated, sluice_member;
grant insert, update, delete on public.webhook_samples to sluice_member;
-- Those who may try a webhook see what came back.
create policy webhook_samples_read on public.webhook_samples for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces_as('editor'))));
create policy webhook_samples_insert on public.webhook_samples for insert to sluice_member
  with check (workspace_id = any (array(select private.member_workspaces_as('editor'))));
create policy webhook_samples_update on public.webhook_samples for update to sluice_member
  using (workspace_id = any (array(select private.member_workspaces_as('editor'))))
  with check (workspace_id = any (array(select private.member_workspaces_as('editor'))));
create policy webhook_samples_delete on public.webhook_samples for delete to sluice_member
  using (workspace_id = any (array(select private.member_workspaces_as('editor'))));
