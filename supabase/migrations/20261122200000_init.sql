-- The whole of Sluice's data. Three ideas carry this file:
--   1. Every row has a workspace, and every foreign key carries it too, so a row that mixes two tenants cannot exist,
--      not even by a mistake of the worker, which is not bound by row level security.
--   2. Row level security is on for every table and every grant is written out; nothing leans on default grants.
--      `authenticated` may only read (our API on GET, supabase-js, psql); `sluice_member` may also write what members
--      edit by hand; what the engine writes, only the owner writes.
--   3. Hot tables are updated once or twice per row in their life: room is left in their pages, and no index is on a column that a
--      status change touches, so those updates stay in the page (HOT).

create schema if not exists private;
create schema if not exists extensions;
create extension if not exists pg_trgm with schema extensions;

revoke all on schema private from public;

do $$
begin
  if not exists (select from pg_roles where rolname = 'sluice_member') then
    create role sluice_member nologin noinherit;
  end if;
  -- The login of the API. Its password is set at each start, never in a migration.
  if not exists (select from pg_roles where rolname = 'sluice_api') then
    create role sluice_api login noinherit;
  end if;
end $$;
grant authenticated to sluice_api;
grant sluice_member to sluice_api;
grant usage on schema public, private to authenticated, sluice_member;

-- Time-ordered ids: rows of one send lie together and indexes grow at one end. Native from Postgres 18 on.
do $$
begin
  if current_setting('server_version_num')::int >= 180000 then
    execute 'create function private.uuid_v7() returns uuid language sql volatile parallel safe as ''select uuidv7()''';
  else
    execute $fn$
      create function private.uuid_v7() returns uuid language sql volatile parallel safe as $body$
        select encode(
          set_bit(set_bit(
            overlay(uuid_send(gen_random_uuid())
              placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
            52, 1), 53, 1), 'hex')::uuid
      $body$
    $fn$;
  end if;
end $$;
grant execute on function private.uuid_v7() to authenticated, sluice_member;

create function private.touch_updated_at() returns trigger language plpgsql set search_path = '' as $$
begin
  new.updated_at := now();
  return new;
end $$;

-- ---------------------------------------------------------------------------------------------------------------
-- People and workspaces

create table private.users (
  id uuid primary key default private.uuid_v7(),
  name text not null,
  email text not null,
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index users_email on private.users (lower(email));

create table private.sessions (
  id uuid primary key default private.uuid_v7(),
  user_id uuid not null references private.users (id) on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index sessions_user on private.sessions (user_id);

create table private.accounts (
  id uuid primary key default private.uuid_v7(),
  user_id uuid not null references private.users (id) on delete cascade,
  account_id text not null,
  provider_id text not null,
  issuer text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index accounts_user on private.accounts (user_id);

create table private.verifications (
  id uuid primary key default private.uuid_v7(),
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verifications_identifier on private.verifications (identifier);

create table private.rate_limits (
  id uuid primary key default private.uuid_v7(),
  key text not null unique,
  count integer not null,
  last_request bigint not null
);

-- The one first owner. While `claimed_at` is null the instance belongs to nobody and only the holder of the link on
-- the console may take it. One row by construction, so of many simultaneous claims exactly one wins.
create table private.claim (
  only_row boolean primary key default true check (only_row),
  token_hash bytea not null,
  expires_at timestamptz not null,
  claimed_at timestamptz,
  claimed_by uuid references private.users (id)
);

create table public.workspaces (
  id text primary key default private.uuid_v7()::text,
  name text not null check (length(name) between 1 and 200),
  time_zone text not null default 'UTC',
  country text not null default 'US' check (country ~ '^[A-Z]{2}$'),
  is_demo boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- `user_id` is a person (private.users, or auth.users of a Supabase project) or, for kind `key`, the service member
-- that an API key acts as; so there is no foreign key on it.
create table public.workspace_members (
  workspace_id text not null references public.workspaces (id) on delete cascade,
  user_id uuid not null,
  kind text not null default 'user' check (kind in ('user', 'key')),
  role text not null check (role in ('owner', 'admin', 'editor', 'viewer')),
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  primary key (workspace_id, user_id)
);
create index workspace_members_user on public.workspace_members (user_id);

create table public.workspace_invitations (
  id uuid primary key default private.uuid_v7(),
  workspace_id text not null references public.workspaces (id) on delete cascade,
  email text not null,
  role text not null check (role in ('admin', 'editor', 'viewer')),
  token_hash bytea not null unique,
  invited_by uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz
);
create index workspace_invitations_workspace on public.workspace_invitations (workspace_id, created_at desc);

create table public.api_keys (
  id text primary key check (id ~ '^[a-zA-Z0-9]{8}$'),
  workspace_id text not null references public.workspaces (id) on delete cascade,
  member_id uuid not null,
  name text not null check (length(name) between 1 and 100),
  secret_hash bytea not null,
  scopes text[] not null,
  created_by uuid,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  foreign key (workspace_id, member_id) references public.workspace_members (workspace_id, user_id) on delete cascade
);
create index api_keys_workspace on public.api_keys (workspace_id, created_at desc);
create index api_keys_member on public.api_keys (workspace_id, member_id);

-- Which workspaces the caller belongs to, and in which of them with at least a role. Definer functions, because the
-- policy of workspace_members itself uses them. Policies call them as `= any(array(select ...))`: once per query, not
-- once per row.
create function private.current_user_id() returns uuid language sql stable security definer set search_path = '' as $$
  select auth.uid()
$$;

create function private.member_workspaces() returns setof text language sql stable security definer set search_path = '' as $$
  select m.workspace_id from public.workspace_members m where m.user_id = (select auth.uid())
$$;

create function private.member_workspaces_as(least_role text) returns setof text
language sql stable security definer set search_path = '' as $$
  select m.workspace_id from public.workspace_members m
  where m.user_id = (select auth.uid())
    and array_position(array['viewer', 'editor', 'admin', 'owner'], m.role)
        >= array_position(array['viewer', 'editor', 'admin', 'owner'], least_role)
$$;
revoke execute on function private.current_user_id(), private.member_workspaces(), private.member_workspaces_as(text),
  private.touch_updated_at(), private.uuid_v7() from public;
grant execute on function private.uuid_v7(), private.current_user_id(), private.member_workspaces(), private.member_workspaces_as(text)
  to authenticated, sluice_member;

-- ---------------------------------------------------------------------------------------------------------------
-- Contacts

create table public.contacts (
  id uuid primary key default private.uuid_v7(),
  phone_number text,
  workspace_id text not null references public.workspaces (id) on delete cascade,
  name text,
  email text,
  firstname varchar not null,
  lastname varchar not null,
  lead_status varchar,
  conversation_status text default 'New',
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Beyond the founding document: the number as the network knows it (null: unusable), where the person lives, and
  -- what they refused. `phone_number` keeps what was typed.
  phone_e164 text,
  time_zone text,
  sms_opted_out_at timestamptz,
  email_opted_out_at timestamptz,
  opt_out_source text,
  dnc boolean not null default false,
  -- Begins with a space, so that every word in it does: short searches look for the beginning of a word.
  search_text text generated always as (
    lower(' ' || coalesce(name, '') || ' ' || firstname || ' ' || lastname || ' ' || coalesce(email, '') || ' ' ||
      coalesce(phone_e164, '') || ' ' || regexp_replace(coalesce(phone_number, ''), '[^0-9]', '', 'g'))) stored,
  -- As the table shows and sorts them, and as filters compare them; null where there is nothing to show, so that blanks
  -- sort together.
  sort_name text generated always as (
    lower(nullif(btrim(coalesce(nullif(btrim(name), ''), firstname || ' ' || lastname)), ''))) stored,
  sort_email text generated always as (lower(nullif(btrim(email), ''))) stored,
  -- Whether it has the one shape that is handed to a mail server: the rule of contract/email-address.ts, kept here because
  -- reading it from every address of a big workspace takes seconds.
  email_usable boolean not null generated always as (coalesce(
    length(email) <= 254 and strpos(email, '@') <= 65 and
    email ~ '^[A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+([.][A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?[.])+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]$',
    false)) stored,
  unique (workspace_id, id)
);
create index contacts_created on public.contacts (workspace_id, created_at desc, id desc);
create index contacts_updated on public.contacts (workspace_id, updated_at desc, id desc);
create index contacts_name on public.contacts (workspace_id, sort_name, id);
create index contacts_email on public.contacts (workspace_id, sort_email, id);
create index contacts_phone on public.contacts (workspace_id, phone_e164, id);
create index contacts_lead_status on public.contacts (workspace_id, lower(lead_status), id);
create index contacts_search on public.contacts using gin (search_text extensions.gin_trgm_ops);
-- So that a rare value is known to be rare: a plan made for a common one reads all rows in the order of the table shown.
create statistics public.contacts_choices on lower(conversation_status), lower(time_zone) from public.contacts;
create trigger contacts_touch before update on public.contacts for each row execute function private.touch_updated_at();

-- Addresses that must never be written to again in this workspace; outlives the contact.
create table public.suppressions (
  workspace_id text not null references public.workspaces (id) on delete cascade,
  channel text not null check (channel in ('sms', 'email')),
  address text not null,
  reason text not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, channel, address)
);

create table public.contact_imports (
  id uuid primary key,
  workspace_id text not null references public.workspaces (id) on delete cascade,
  state text not null default 'running' check (state in ('running', 'done', 'failed')),
  file_name text,
  options jsonb not null default '{}',
  rows_read integer not null default 0,
  created integer not null default 0,
  updated integer not null default 0,
  refused integer not null default 0,
  problems jsonb not null default '[]',
  error_message text,
  created_by uuid,
  created_at timestamptz not null default now(),
  finished_at timestamptz
);
create index contact_imports_workspace on public.contact_imports (workspace_id, created_at desc);

-- ---------------------------------------------------------------------------------------------------------------
-- Flows

create table public.flow_folders (
  id uuid primary key default private.uuid_v7(),
  name text not null check (length(name) between 1 and 200),
  workspace_id text not null references public.workspaces (id) on delete cascade,
  parent_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, parent_id) references public.flow_folders (workspace_id, id) on delete cascade
);
create index flow_folders_parent on public.flow_folders (workspace_id, parent_id);
create trigger flow_folders_touch before update on public.flow_folders for each row execute function private.touch_updated_at();

create table public.flows (
  id uuid primary key default private.uuid_v7(),
  name text not null,
  workspace_id text references public.workspaces (id) on delete cascade,
  folder_id uuid,
  nodes jsonb not null default '[]',
  edges jsonb not null default '[]',
  settings jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, folder_id) references public.flow_folders (workspace_id, id) on delete set null (folder_id)
);
create index flows_name on public.flows (workspace_id, lower(name), id);
create index flows_workspace_folder on public.flows (workspace_id, folder_id);
create trigger flows_touch before update on public.flows for each row execute function private.touch_updated_at();

-- An immutable copy of a flow's graph. A send makes one when the graph differs from the newest (by hash), so what an
-- execution follows never changes under it.
create table public.flow_versions (
  id uuid primary key default private.uuid_v7(),
  workspace_id text not null references public.workspaces (id) on delete cascade,
  flow_id uuid not null,
  number integer not null,
  hash text not null,
  name text not null,
  nodes jsonb not null,
  edges jsonb not null,
  settings jsonb not null default '{}',
  created_by uuid,
  created_at timestamptz not null default now(),
  unique (workspace_id, id),
  unique (flow_id, number),
  unique (flow_id, hash),
  foreign key (workspace_id, flow_id) references public.flows (workspace_id, id) on delete cascade
);
create index flow_versions_flow on public.flow_versions (workspace_id, flow_id);

-- ---------------------------------------------------------------------------------------------------------------
-- Sends, executions, steps, messages

-- Foreign keys are checked row by row (about 8 us each), so the hot tables below carry each fact once: the send pins
-- the workspace and the flow version, so executions do not point at those again.

-- One press of Send. The counters are kept by the writes that change executions, so progress is one row read:
--   selected = enrolled + not_enrolled;  enrolled = completed + failed + partial_failure + cancelled + still inside.
create table public.flow_sends (
  id uuid primary key default private.uuid_v7(),
  workspace_id text not null references public.workspaces (id) on delete cascade,
  flow_id uuid not null,
  flow_version_id uuid not null,
  source text not null default 'manual',
  state text not null default 'enrolling'
    check (state in ('enrolling', 'running', 'paused', 'stopped', 'undone', 'done')),
  selection jsonb not null,
  options jsonb not null default '{}',
  is_test boolean not null default false,
  launched_by uuid,
  launched_by_name text,
  launched_from text,
  chunk_size integer not null default 500 check (chunk_size between 1 and 1000),
  lanes integer not null default 2 check (lanes between 1 and 16),
  -- Lanes whose chain of chunks has not come to its end: what a reaper must see to if their job is lost.
  open_lanes integer[] not null default '{}',
  expected integer not null default 0,
  enrolled integer not null default 0,
  not_enrolled integer not null default 0,
  completed integer not null default 0,
  failed integer not null default 0,
  partial_failure integer not null default 0,
  cancelled integer not null default 0,
  created_at timestamptz not null default now(),
  enrolled_at timestamptz,
  ended_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, flow_id) references public.flows (workspace_id, id) on delete cascade,
  foreign key (workspace_id, flow_version_id) references public.flow_versions (workspace_id, id) on delete cascade
) with (fillfactor = 50);
create index flow_sends_created on public.flow_sends (workspace_id, created_at desc, id desc);
create index flow_sends_flow on public.flow_sends (workspace_id, flow_id);
create index flow_sends_version on public.flow_sends (workspace_id, flow_version_id);
create index flow_sends_open on public.flow_sends (created_at) where open_lanes <> '{}';

-- Who was selected and not enrolled, and why: rows, so that nobody is dropped silently.
create table public.flow_send_skips (
  send_id uuid not null,
  workspace_id text not null,
  contact_id uuid not null,
  reason text not null,
  created_at timestamptz not null default now(),
  primary key (send_id, contact_id),
  foreign key (workspace_id, send_id) references public.flow_sends (workspace_id, id) on delete cascade
);
create index flow_send_skips_send on public.flow_send_skips (workspace_id, send_id);

create table public.flow_executions (
  id uuid primary key default private.uuid_v7(),
  flow_id uuid not null,
  contact_id uuid,
  workspace_id text not null,
  status text not null default 'pending'
    check (status in ('pending', 'running', 'completed', 'failed', 'cancelled', 'partial_failure')),
  source text,
  started_at timestamptz,
  completed_at timestamptz,
  result jsonb,
  error_message text,
  execution_time integer,
  metadata jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Beyond the founding document: the engine's cursor.
  send_id uuid not null,
  seq integer not null,
  flow_version_id uuid not null,
  current_node_id text,
  visit integer not null default 0,
  attempt integer not null default 1,
  wake_at timestamptz,
  waiting_for text check (waiting_for in ('time', 'reply', 'event', 'window', 'capacity', 'hold')),
  ended_reason text,
  variables jsonb not null default '{}',
  unique (workspace_id, id),
  unique (send_id, seq),
  foreign key (workspace_id, flow_id) references public.flows (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references public.contacts (workspace_id, id) on delete set null (contact_id),
  foreign key (workspace_id, send_id) references public.flow_sends (workspace_id, id) on delete cascade
) with (fillfactor = 40);
create index flow_executions_flow on public.flow_executions (workspace_id, flow_id, created_at desc, id desc);
create index flow_executions_contact on public.flow_executions (contact_id, created_at desc);

create table public.flow_execution_steps (
  id uuid primary key default private.uuid_v7(),
  flow_execution_id uuid not null,
  workspace_id text not null,
  node_id text not null,
  node_type text not null,
  visit integer not null,
  attempt integer not null default 1,
  status text not null check (status in ('running', 'waiting', 'completed', 'skipped', 'failed')),
  exit text,
  reason text,
  result jsonb,
  error_message text,
  wake_at timestamptz,
  started_at timestamptz not null default now(),
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  foreign key (workspace_id, flow_execution_id) references public.flow_executions (workspace_id, id) on delete cascade
) with (fillfactor = 90);
create unique index flow_execution_steps_visit on public.flow_execution_steps (flow_execution_id, visit, attempt);

-- One message to one contact. Written in state `sending` and committed before the provider is called, so that a crash
-- between the call and its record leaves a row that says so.
create table public.messages (
  id uuid primary key default private.uuid_v7(),
  workspace_id text not null references public.workspaces (id) on delete cascade,
  flow_execution_id uuid,
  send_id uuid,
  contact_id uuid,
  visit integer,
  node_id text,
  channel text not null check (channel in ('sms', 'email')),
  provider text not null,
  to_address text,
  from_address text,
  subject text,
  body text,
  html text,
  segments integer,
  is_test boolean not null default false,
  status text not null default 'sending'
    check (status in ('queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed', 'unknown', 'held')),
  reason text,
  error_message text,
  provider_message_id text,
  attempt integer not null default 1,
  lease_until timestamptz,
  sent_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (flow_execution_id, visit, channel),
  foreign key (workspace_id, flow_execution_id) references public.flow_executions (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references public.contacts (workspace_id, id) on delete set null (contact_id)
) with (fillfactor = 50);
create index messages_created on public.messages (workspace_id, created_at desc, id desc);
create index messages_contact on public.messages (contact_id, created_at desc);
create index messages_provider_id on public.messages (provider_message_id) where provider_message_id is not null;

-- A row only while an execution waits for a moment. `generation` makes an old wake-up of the same execution stale.
create table public.wake_ups (
  flow_execution_id uuid primary key,
  workspace_id text not null,
  flow_version_id uuid not null,
  due_at timestamptz not null,
  node_id text not null,
  generation integer not null default 1,
  foreign key (workspace_id, flow_execution_id) references public.flow_executions (workspace_id, id) on delete cascade
);
create index wake_ups_due on public.wake_ups (due_at);

-- A row while an execution waits for somebody: a reply on a channel, an event.
create table public.waits (
  id uuid primary key default private.uuid_v7(),
  workspace_id text not null,
  flow_execution_id uuid not null,
  contact_id uuid not null,
  channel text,
  event text,
  node_id text not null,
  created_at timestamptz not null default now(),
  foreign key (workspace_id, flow_execution_id) references public.flow_executions (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references public.contacts (workspace_id, id) on delete cascade
);
create index waits_contact on public.waits (contact_id, channel);
create index waits_execution on public.waits (flow_execution_id);

-- ---------------------------------------------------------------------------------------------------------------
-- How a workspace sends, and the records around requests

create table public.providers (
  workspace_id text not null references public.workspaces (id) on delete cascade,
  channel text not null check (channel in ('sms', 'email')),
  provider text not null,
  settings jsonb not null default '{}',
  secrets text,
  has_secret boolean not null generated always as (secrets is not null) stored,
  updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, channel)
);
create trigger providers_touch before update on public.providers for each row execute function private.touch_updated_at();

create table public.idempotency_keys (
  workspace_id text not null references public.workspaces (id) on delete cascade,
  principal_id uuid not null,
  route text not null,
  key text not null check (length(key) between 1 and 255),
  request_hash text not null,
  status_code integer,
  response jsonb,
  created_at timestamptz not null default now(),
  primary key (workspace_id, principal_id, route, key)
);
create index idempotency_keys_created on public.idempotency_keys (created_at);

create table public.audit_log (
  id uuid primary key default private.uuid_v7(),
  workspace_id text not null references public.workspaces (id) on delete cascade,
  actor_id uuid,
  actor_name text,
  action text not null,
  subject_type text,
  subject_id text,
  details jsonb not null default '{}',
  created_at timestamptz not null default now()
);
create index audit_log_created on public.audit_log (workspace_id, created_at desc);

-- Worker processes that are alive. A worker whose heartbeat stopped has its jobs freed by the others.
create table private.workers (
  id uuid primary key,
  pool_id text,
  host text,
  pid integer,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);

-- ---------------------------------------------------------------------------------------------------------------
-- Row level security and grants: written out for every table

alter table private.users enable row level security;
alter table private.sessions enable row level security;
alter table private.accounts enable row level security;
alter table private.verifications enable row level security;
alter table private.rate_limits enable row level security;
alter table private.claim enable row level security;
alter table private.workers enable row level security;
revoke all on all tables in schema private from public, anon, authenticated, sluice_member;

do $$
declare
  t text;
begin
  foreach t in array array['workspaces', 'workspace_members', 'workspace_invitations', 'api_keys', 'contacts',
    'suppressions', 'contact_imports', 'flow_folders', 'flows', 'flow_versions', 'flow_sends', 'flow_send_skips',
    'flow_executions', 'flow_execution_steps', 'messages', 'wake_ups', 'waits', 'providers', 'idempotency_keys',
    'audit_log']
  loop
    execute format('alter table public.%I enable row level security', t);
    execute format('revoke all on public.%I from public, anon, authenticated, sluice_member', t);
  end loop;

  -- Readable by every member of the row's workspace.
  foreach t in array array['workspace_members', 'contacts', 'suppressions', 'contact_imports', 'flow_folders', 'flows',
    'flow_versions', 'flow_sends', 'flow_send_skips', 'flow_executions', 'flow_execution_steps', 'messages']
  loop
    execute format('grant select on public.%I to authenticated, sluice_member', t);
    execute format($p$create policy %I on public.%I for select to authenticated, sluice_member
      using (workspace_id = any (array(select private.member_workspaces())))$p$, t || '_read', t);
  end loop;

  -- Written by editors by hand.
  foreach t in array array['contacts', 'contact_imports', 'flow_folders', 'flows']
  loop
    execute format('grant insert, update, delete on public.%I to sluice_member', t);
    execute format($p$create policy %I on public.%I for insert to sluice_member
      with check (workspace_id = any (array(select private.member_workspaces_as('editor'))))$p$, t || '_insert', t);
    execute format($p$create policy %I on public.%I for update to sluice_member
      using (workspace_id = any (array(select private.member_workspaces_as('editor'))))
      with check (workspace_id = any (array(select private.member_workspaces_as('editor'))))$p$, t || '_update', t);
    execute format($p$create policy %I on public.%I for delete to sluice_member
      using (workspace_id = any (array(select private.member_workspaces_as('editor'))))$p$, t || '_delete', t);
  end loop;

  -- Seen and written by admins only.
  foreach t in array array['workspace_invitations', 'api_keys']
  loop
    execute format('grant insert, update, delete on public.%I to sluice_member', t);
    execute format($p$create policy %I on public.%I for select to authenticated, sluice_member
      using (workspace_id = any (array(select private.member_workspaces_as('admin'))))$p$, t || '_read', t);
    execute format($p$create policy %I on public.%I for insert to sluice_member
      with check (workspace_id = any (array(select private.member_workspaces_as('admin'))))$p$, t || '_insert', t);
    execute format($p$create policy %I on public.%I for update to sluice_member
      using (workspace_id = any (array(select private.member_workspaces_as('admin'))))
      with check (workspace_id = any (array(select private.member_workspaces_as('admin'))))$p$, t || '_update', t);
    execute format($p$create policy %I on public.%I for delete to sluice_member
      using (workspace_id = any (array(select private.member_workspaces_as('admin'))))$p$, t || '_delete', t);
  end loop;
end $$;

-- The hash of a token or key is checked by the owner connection and readable by nobody else.
grant select (id, workspace_id, email, role, invited_by, created_at, expires_at, accepted_at, revoked_at)
  on public.workspace_invitations to authenticated, sluice_member;
grant select (id, workspace_id, member_id, name, scopes, created_by, created_at, last_used_at, expires_at, revoked_at)
  on public.api_keys to authenticated, sluice_member;

grant select on public.workspaces to authenticated, sluice_member;
grant update (name, time_zone, country) on public.workspaces to sluice_member;
create policy workspaces_read on public.workspaces for select to authenticated, sluice_member
  using (id = any (array(select private.member_workspaces())));
create policy workspaces_update on public.workspaces for update to sluice_member
  using (id = any (array(select private.member_workspaces_as('admin'))))
  with check (id = any (array(select private.member_workspaces_as('admin'))));

grant insert, delete on public.workspace_members to sluice_member;
grant update (role) on public.workspace_members to sluice_member;
create policy workspace_members_insert on public.workspace_members for insert to sluice_member
  with check (workspace_id = any (array(select private.member_workspaces_as('admin'))));
create policy workspace_members_update on public.workspace_members for update to sluice_member
  using (workspace_id = any (array(select private.member_workspaces_as('admin'))))
  with check (workspace_id = any (array(select private.member_workspaces_as('admin'))));
create policy workspace_members_delete on public.workspace_members for delete to sluice_member
  using (workspace_id = any (array(select private.member_workspaces_as('admin')))
    or user_id = (select private.current_user_id()));

-- Secrets can be written, never read back, by a member.
grant select (workspace_id, channel, provider, settings, has_secret, updated_by, created_at, updated_at)
  on public.providers to authenticated, sluice_member;
grant insert, update, delete on public.providers to sluice_member;
create policy providers_read on public.providers for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));
create policy providers_insert on public.providers for insert to sluice_member
  with check (workspace_id = any (array(select private.member_workspaces_as('admin'))));
create policy providers_update on public.providers for update to sluice_member
  using (workspace_id = any (array(select private.member_workspaces_as('admin'))))
  with check (workspace_id = any (array(select private.member_workspaces_as('admin'))));
create policy providers_delete on public.providers for delete to sluice_member
  using (workspace_id = any (array(select private.member_workspaces_as('admin'))));

-- A principal sees its own keys only.
grant select, insert, update, delete on public.idempotency_keys to sluice_member;
create policy idempotency_keys_own on public.idempotency_keys for all to sluice_member
  using (principal_id = (select private.current_user_id())
    and workspace_id = any (array(select private.member_workspaces())))
  with check (principal_id = (select private.current_user_id())
    and workspace_id = any (array(select private.member_workspaces())));

-- Append-only: nobody but the owner of the database can change or remove what was recorded.
grant insert on public.audit_log to sluice_member;
grant select on public.audit_log to authenticated, sluice_member;
create policy audit_log_read on public.audit_log for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces_as('admin'))));
create policy audit_log_insert on public.audit_log for insert to sluice_member
  with check (workspace_id = any (array(select private.member_workspaces())));

-- The contacts a member may see, for searching among many. It is the read policy again, as a plain view: under row level
-- security the planner may use no index whose operator is not marked leakproof, and LIKE is not, so every search would
-- read the whole table. Whoever may run SQL of their own choice as the API could learn nothing here that they could not
-- ask for by claiming to be somebody else; schema `private` is not served by Supabase's REST API.
create view private.member_contacts as
  select * from public.contacts where workspace_id = any (array(select private.member_workspaces()));
grant select on private.member_contacts to authenticated, sluice_member;
