-- Executions that were started by another execution, and the sends they belong to.

alter table public.flow_sends
  add column parent_send_id uuid,
  -- Whether those who started it wait for its end; then a stop of theirs is a stop of this one.
  add column parent_waits boolean not null default false,
  add foreign key (workspace_id, parent_send_id) references public.flow_sends (workspace_id, id) on delete set null (parent_send_id);
create index flow_sends_parent on public.flow_sends (parent_send_id) where parent_send_id is not null;

alter table public.flow_executions
  add column parent_execution_id uuid,
  -- At which of its visits: one visit starts one.
  add column parent_visit integer,
  add column parent_waits boolean not null default false,
  -- How many flows stand above it.
  add column depth smallint not null default 0,
  -- What it was handed, in place of the send's own.
  add column trigger_data jsonb,
  add foreign key (workspace_id, parent_execution_id) references public.flow_executions (workspace_id, id)
    on delete set null (parent_execution_id);
create unique index flow_executions_parent on public.flow_executions (parent_execution_id, parent_visit) where parent_execution_id is not null;
