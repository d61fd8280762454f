-- The schema as the migrations leave it: what a reviewer reads to see what a migration changes, and what a test
-- compares with a migrated database. Made by "npm run db:dump"; changes begin in supabase/migrations.

create role sluice_api login noinherit in role authenticated, sluice_member;
create role sluice_member nologin noinherit;

create schema private;
grant usage on schema private to authenticated;
grant usage on schema private to sluice_member;
grant usage on schema public to authenticated;
grant usage on schema public to public;
grant usage on schema public to sluice_member;

CREATE OR REPLACE FUNCTION private.address_hash(of_workspace text, of_channel text, address text)
 RETURNS bytea
 LANGUAGE sql
 STABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$
  select sha256(k.key || convert_to(of_workspace || '/' || of_channel || '/' || lower(btrim(address)), 'UTF8')) from private.refusal_key k
$function$
;
grant  on function private.address_hash(text,text,text) to ;

CREATE OR REPLACE FUNCTION private.bucket_filled(tokens double precision, refilled_at timestamp with time zone, per_minute integer, at timestamp with time zone)
 RETURNS double precision
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case when per_minute is not null then
    least(greatest(1, per_minute / 60.0), tokens + extract(epoch from at - refilled_at) * per_minute / 60.0) end
$function$
;
grant  on function private.bucket_filled(double precision,timestamp with time zone,integer,timestamp with time zone) to ;

CREATE OR REPLACE FUNCTION private.compose_contact()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  new.name := normalize(new.name, nfc);
  new.firstname := normalize(new.firstname, nfc);
  new.lastname := normalize(new.lastname, nfc);
  new.email := normalize(new.email, nfc);
  new.phone_number := normalize(new.phone_number, nfc);
  new.lead_status := normalize(new.lead_status, nfc);
  new.conversation_status := normalize(new.conversation_status, nfc);
  return new;
end $function$
;
grant  on function private.compose_contact() to ;

CREATE OR REPLACE FUNCTION private.current_user_id()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select auth.uid()
$function$
;
grant execute on function private.current_user_id() to authenticated;
grant execute on function private.current_user_id() to sluice_member;

CREATE OR REPLACE FUNCTION private.data_place()
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select format('%s/%s/%s',
    (select system_identifier from pg_control_system()),
    (select oid from pg_database where datname = current_database()),
    (select timeline_id from pg_control_checkpoint()))
$function$
;
grant  on function private.data_place() to ;

CREATE OR REPLACE FUNCTION private.has_stopped(of_workspace text, of_contact uuid, of_channel text)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select exists (
    select from public.contacts c
    join public.suppressions s on s.workspace_id = c.workspace_id and s.channel = of_channel
      and s.address = case of_channel when 'sms' then c.phone_e164 else c.sort_email end
    where c.workspace_id = of_workspace and c.id = of_contact and s.reason not in ('bounced_before', 'manual', 'dnc')
  ) or coalesce((
    select e.state = 'opted_out' and e.source not in ('manual', 'import', 'flow')
    from public.contact_consents e
    where e.workspace_id = of_workspace and e.contact_id = of_contact and e.channel = of_channel
      and (e.state = 'opted_in' or e.source not in ('manual', 'import', 'flow'))
    order by e.id desc limit 1
  ), false)
$function$
;
grant execute on function private.has_stopped(text,uuid,text) to sluice_member;

CREATE OR REPLACE FUNCTION private.keep_opt_outs()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  given text[] := array(
    select e.channel from public.contact_consents e
    where e.workspace_id = new.workspace_id and e.contact_id = new.id and e.state = 'opted_in' and e.created_at = now());
begin
  if old.sms_opted_out_at is not null and new.sms_opted_out_at is null and not 'sms' = any (given) then
    new.sms_opted_out_at := old.sms_opted_out_at;
    new.opt_out_source := coalesce(new.opt_out_source, old.opt_out_source);
  end if;
  if old.email_opted_out_at is not null and new.email_opted_out_at is null and not 'email' = any (given) then
    new.email_opted_out_at := old.email_opted_out_at;
    new.opt_out_source := coalesce(new.opt_out_source, old.opt_out_source);
  end if;
  new.dnc := new.dnc or (old.dnc and not 'all' = any (given));
  return new;
end $function$
;
grant  on function private.keep_opt_outs() to ;

CREATE OR REPLACE FUNCTION private.lift_suppression(of_workspace text, of_id uuid)
 RETURNS SETOF public.suppressions
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if not of_workspace = any (array(select private.member_workspaces_as('admin'))) then
    raise insufficient_privilege using message = 'Only an admin of the workspace takes addresses off the suppression list.';
  end if;
  return query delete from public.suppressions s
    where s.workspace_id = of_workspace and s.id = of_id and s.reason in ('bounced_before', 'manual') returning s.*;
end $function$
;
grant execute on function private.lift_suppression(text,uuid) to sluice_member;

CREATE OR REPLACE FUNCTION private.member_workspaces()
 RETURNS SETOF text
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select m.workspace_id from public.workspace_members m where m.user_id = (select auth.uid())
$function$
;
grant execute on function private.member_workspaces() to authenticated;
grant execute on function private.member_workspaces() to sluice_member;

CREATE OR REPLACE FUNCTION private.member_workspaces_as(least_role text)
 RETURNS SETOF text
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select m.workspace_id from public.workspace_members m
  where m.user_id = (select auth.uid())
    and array_position(array['viewer', 'editor', 'admin', 'owner'], m.role)
        >= array_position(array['viewer', 'editor', 'admin', 'owner'], least_role)
$function$
;
grant execute on function private.member_workspaces_as(text) to authenticated;
grant execute on function private.member_workspaces_as(text) to sluice_member;

CREATE OR REPLACE FUNCTION private.note_opt_outs()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  before public.contacts;
  actor uuid := private.current_user_id();
begin
  if tg_op = 'UPDATE' then
    before := old;
  end if;
  insert into public.contact_consents (workspace_id, contact_id, channel, state, source, given_at, actor_id, actor_name)
  select new.workspace_id, new.id, s.channel, 'opted_out', left(nullif(s.source, ''), 100), s.given_at, actor,
    coalesce((select u.name from private.users u where u.id = actor), (select p.name from private.supabase_people p where p.id = actor),
      (select 'API key ' || k.name from public.api_keys k where k.workspace_id = new.workspace_id and k.member_id = actor limit 1))
  from (values
    ('sms', new.opt_out_source, new.sms_opted_out_at, before.sms_opted_out_at is not null),
    ('email', new.opt_out_source, new.email_opted_out_at, before.email_opted_out_at is not null),
    ('all', null, case when new.dnc then now() end, coalesce(before.dnc, false))) as s (channel, source, given_at, known)
  where s.given_at is not null and not s.known;
  return null;
end $function$
;
grant  on function private.note_opt_outs() to ;

CREATE OR REPLACE FUNCTION private.note_uncompleted_execution()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if new.status in ('failed', 'partial_failure', 'cancelled') then
    insert into public.uncompleted_executions (execution_id, workspace_id, flow_id, send_id, seq, status, created_at)
    values (new.id, new.workspace_id, new.flow_id, new.send_id, new.seq, new.status, new.created_at)
    on conflict (execution_id) do update set status = excluded.status;
  else
    delete from public.uncompleted_executions where execution_id = new.id;
  end if;
  return null;
end $function$
;
grant  on function private.note_uncompleted_execution() to ;

CREATE OR REPLACE FUNCTION private.note_unknown_message()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if new.status = 'unknown' then
    insert into private.unknown_messages (message_id, workspace_id) values (new.id, new.workspace_id) on conflict do nothing;
  else
    delete from private.unknown_messages where message_id = new.id;
  end if;
  return null;
end $function$
;
grant  on function private.note_unknown_message() to ;

CREATE OR REPLACE FUNCTION private.recall_refusals()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  known private.refused_addresses;
begin
  if not exists (select from private.refused_addresses) then
    return new;
  end if;
  for known in
    delete from private.refused_addresses r
    using (values ('sms', new.phone_e164), ('email', new.email)) as a (channel, address)
    where r.workspace_id = new.workspace_id and r.channel = a.channel and a.address is not null
      and r.address_hash = private.address_hash(new.workspace_id, a.channel, a.address)
    returning r.*
  loop
    if known.suppressed_as is not null then
      insert into public.suppressions (workspace_id, channel, address, reason, source, created_at)
      values (new.workspace_id, known.channel,
        case known.channel when 'sms' then new.phone_e164 else lower(btrim(new.email)) end, known.suppressed_as, known.suppressed_by,
        known.suppressed_at)
      on conflict do nothing;
    end if;
    if known.opted_out_at is not null then
      if known.channel = 'sms' then
        new.sms_opted_out_at := coalesce(new.sms_opted_out_at, known.opted_out_at);
      else
        new.email_opted_out_at := coalesce(new.email_opted_out_at, known.opted_out_at);
      end if;
      new.opt_out_source := coalesce(new.opt_out_source, known.opt_out_source);
    end if;
    new.dnc := new.dnc or known.dnc;
  end loop;
  return new;
end $function$
;
grant  on function private.recall_refusals() to ;

CREATE OR REPLACE FUNCTION private.set_channel_rate(of_workspace text, of_channel text, wanted integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if not of_workspace = any (array(select private.member_workspaces_as('admin'))) then
    raise insufficient_privilege using message = 'Only an admin of the workspace sets its limits.';
  end if;
  insert into private.channel_gates (workspace_id, channel, per_minute) values (of_workspace, of_channel, wanted)
  on conflict (workspace_id, channel) do update set per_minute = excluded.per_minute;
end $function$
;
grant execute on function private.set_channel_rate(text,text,integer) to sluice_member;

CREATE OR REPLACE FUNCTION private.set_lane_limit(of_workspace text, wanted integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if not of_workspace = any (array(select private.member_workspaces_as('admin'))) then
    raise insufficient_privilege using message = 'Only an admin of the workspace sets its limits.';
  end if;
  insert into private.workspace_limits (workspace_id, lanes) values (of_workspace, wanted)
  on conflict (workspace_id) do update set lanes = excluded.lanes, updated_at = now();
end $function$
;
grant execute on function private.set_lane_limit(text,integer) to sluice_member;

CREATE OR REPLACE FUNCTION private.touch_updated_at()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  new.updated_at := now();
  return new;
end $function$
;
grant  on function private.touch_updated_at() to ;

CREATE OR REPLACE FUNCTION private.unspaced_letters(of_text text)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO ''
AS $function$
  select array(select distinct found[1] from regexp_matches(of_text,
    '[\u0E00-\u0EFF\u1000-\u11FF\u1780-\u17FF\u3040-\u318F\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\U00020000-\U0003134F]', 'g') found)
$function$
;
grant execute on function private.unspaced_letters(text) to authenticated;
grant execute on function private.unspaced_letters(text) to sluice_member;

CREATE OR REPLACE FUNCTION private.uuid_v7()
 RETURNS uuid
 LANGUAGE sql
 PARALLEL SAFE
AS $function$select uuidv7()$function$
;
grant execute on function private.uuid_v7() to authenticated;
grant execute on function private.uuid_v7() to sluice_member;

CREATE OR REPLACE FUNCTION private.wake_watching()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if not exists (select from public.waits where event = 'contact_changed') then
    return null;
  end if;
  -- Whoever holds one of these rows is a worker that has the execution in hand, and looks at the contact once more before
  -- it lets it rest (engine/sql/watches.ts). So nobody waits here, and a change of many contacts stands in nobody's way.
  with watching as materialized (
    select w.flow_execution_id from changed c
    join public.waits w on w.contact_id = c.id and w.workspace_id = c.workspace_id and w.event = 'contact_changed'
  ), asleep as materialized (
    select e.id from watching join public.flow_executions e on e.id = watching.flow_execution_id
    where e.wake_at > now() for update of e skip locked
  ), moved as (
    update public.flow_executions e set wake_at = now() from asleep where e.id = asleep.id
  ), due as materialized (
    select u.flow_execution_id from asleep join public.wake_ups u on u.flow_execution_id = asleep.id for update of u skip locked
  )
  update public.wake_ups u set due_at = now() from due where u.flow_execution_id = due.flow_execution_id;
  return null;
end $function$
;
grant  on function private.wake_watching() to ;

create table private.accounts (
  id uuid default private.uuid_v7() not null,
  user_id uuid not null,
  account_id text not null,
  provider_id text not null,
  issuer text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamp with time zone,
  refresh_token_expires_at timestamp with time zone,
  scope text,
  password text,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint accounts_pkey PRIMARY KEY (id),
  constraint accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES private.users(id) ON DELETE CASCADE
);
CREATE INDEX accounts_user ON private.accounts USING btree (user_id);
alter table private.accounts enable row level security;

create table private.alerts (
  code text not null,
  workspace_id text,
  subject text default ''::text not null,
  send_id uuid,
  text text not null,
  who text not null,
  since timestamp with time zone not null,
  seen_at timestamp with time zone default now() not null,
  is_steady boolean default false not null,
  told_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint alerts_code_workspace_id_subject_key UNIQUE NULLS NOT DISTINCT (code, workspace_id, subject),
  constraint alerts_who_check CHECK ((who = ANY (ARRAY['operator'::text, 'owner'::text, 'editor'::text]))),
  constraint alerts_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
alter table private.alerts enable row level security;

create table private.channel_gates (
  workspace_id text not null,
  channel text not null,
  per_minute integer,
  tokens double precision default 0 not null,
  refilled_at timestamp with time zone default now() not null,
  closed_until timestamp with time zone,
  failures integer default 0 not null,
  trouble_reason text,
  trouble_text text,
  trouble_since timestamp with time zone,
  troubled_at timestamp with time zone,
  constraint channel_gates_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint channel_gates_per_minute_check CHECK (((per_minute >= 1) AND (per_minute <= 1000000))),
  constraint channel_gates_pkey PRIMARY KEY (workspace_id, channel),
  constraint channel_gates_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
alter table private.channel_gates enable row level security;

create table private.claim (
  only_row boolean default true not null,
  token_hash bytea not null,
  expires_at timestamp with time zone not null,
  claimed_at timestamp with time zone,
  claimed_by uuid,
  constraint claim_only_row_check CHECK (only_row),
  constraint claim_pkey PRIMARY KEY (only_row)
);
alter table private.claim enable row level security;

create table private.ended_sessions (
  id uuid not null,
  forget_at timestamp with time zone not null,
  constraint ended_sessions_pkey PRIMARY KEY (id)
);
CREATE INDEX ended_sessions_forget ON private.ended_sessions USING btree (forget_at);
alter table private.ended_sessions enable row level security;

create table private.instance (
  only_row boolean default true not null,
  place text not null,
  files text,
  fenced_at timestamp with time zone,
  confirmed_at timestamp with time zone,
  confirmed_by uuid,
  constraint instance_only_row_check CHECK (only_row),
  constraint instance_pkey PRIMARY KEY (only_row)
);
alter table private.instance enable row level security;

create view private.member_contacts as
 SELECT id,
    phone_number,
    workspace_id,
    name,
    email,
    firstname,
    lastname,
    lead_status,
    conversation_status,
    metadata,
    created_at,
    updated_at,
    phone_e164,
    time_zone,
    sms_opted_out_at,
    email_opted_out_at,
    opt_out_source,
    dnc,
    search_text,
    sort_name,
    sort_email,
    email_usable,
    source,
    source_id
   FROM public.contacts
  WHERE (workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces)));
grant select on private.member_contacts to authenticated;
grant select on private.member_contacts to sluice_member;

create table private.mended_time_zones (
  id uuid default private.uuid_v7() not null,
  workspace_id text not null,
  contact_id uuid,
  before text not null,
  after text,
  mended_at timestamp with time zone default now() not null,
  constraint mended_time_zones_pkey PRIMARY KEY (id),
  constraint mended_time_zones_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES public.contacts(workspace_id, id) ON DELETE CASCADE,
  constraint mended_time_zones_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
CREATE INDEX mended_time_zones_contact ON private.mended_time_zones USING btree (workspace_id, contact_id);
alter table private.mended_time_zones enable row level security;

create table private.migration_checksums (
  version text not null,
  checksum text not null,
  recorded_at timestamp with time zone default now() not null,
  constraint migration_checksums_pkey PRIMARY KEY (version)
);
alter table private.migration_checksums enable row level security;

create table private.rate_limits (
  id uuid default private.uuid_v7() not null,
  key text not null,
  count integer not null,
  last_request bigint not null,
  constraint rate_limits_key_key UNIQUE (key),
  constraint rate_limits_pkey PRIMARY KEY (id)
);
alter table private.rate_limits enable row level security;

create table private.refusal_key (
  only_row boolean default true not null,
  key bytea default decode(replace(((gen_random_uuid())::text || (gen_random_uuid())::text), '-'::text, ''::text), 'hex'::text) not null,
  constraint refusal_key_only_row_check CHECK (only_row),
  constraint refusal_key_pkey PRIMARY KEY (only_row)
);
alter table private.refusal_key enable row level security;

create table private.refused_addresses (
  workspace_id text not null,
  channel text not null,
  address_hash bytea not null,
  suppressed_as text,
  suppressed_by text,
  suppressed_at timestamp with time zone,
  opted_out_at timestamp with time zone,
  opt_out_source text,
  dnc boolean default false not null,
  constraint refused_addresses_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint refused_addresses_pkey PRIMARY KEY (workspace_id, channel, address_hash),
  constraint refused_addresses_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
alter table private.refused_addresses enable row level security;

create table private.send_lanes (
  send_id uuid not null,
  lane integer not null,
  workspace_id text not null,
  from_seq integer not null,
  ready_at timestamp with time zone not null,
  turn_id uuid,
  upto_seq integer,
  tries integer default 0 not null,
  failures integer default 0 not null,
  served_at timestamp with time zone not null,
  constraint send_lanes_pkey PRIMARY KEY (send_id, lane),
  constraint send_lanes_send_id_fkey FOREIGN KEY (send_id) REFERENCES public.flow_sends(id) ON DELETE CASCADE
) with (fillfactor=50, autovacuum_vacuum_threshold=200, autovacuum_vacuum_scale_factor=0.2);
CREATE INDEX send_lanes_workspace ON private.send_lanes USING btree (workspace_id, served_at);
alter table private.send_lanes enable row level security;

create table private.sessions (
  id uuid default private.uuid_v7() not null,
  user_id uuid not null,
  token text not null,
  expires_at timestamp with time zone not null,
  ip_address text,
  user_agent text,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_token_key UNIQUE (token),
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES private.users(id) ON DELETE CASCADE
);
CREATE INDEX sessions_user ON private.sessions USING btree (user_id);
alter table private.sessions enable row level security;

create table private.supabase_people (
  id uuid not null,
  email text not null,
  name text not null,
  created_at timestamp with time zone default now() not null,
  seen_at timestamp with time zone default now() not null,
  constraint supabase_people_pkey PRIMARY KEY (id)
);
CREATE INDEX supabase_people_email ON private.supabase_people USING btree (lower(email));
alter table private.supabase_people enable row level security;

create table private.trigger_relay (
  one boolean default true not null,
  holder text not null,
  until timestamp with time zone not null,
  constraint trigger_relay_one_check CHECK (one),
  constraint trigger_relay_pkey PRIMARY KEY (one)
);
alter table private.trigger_relay enable row level security;

create table private.trigger_runs (
  id uuid default private.uuid_v7() not null,
  key text,
  workspace_id text,
  execution_id uuid,
  job jsonb not null,
  priority integer not null,
  due_at timestamp with time zone not null,
  generation integer default 0 not null,
  sent_at timestamp with time zone,
  run_id text,
  looked_at timestamp with time zone,
  losses integer default 0 not null,
  began_at timestamp with time zone,
  holder text,
  attempt integer,
  tries integer default 0 not null,
  constraint trigger_runs_key_key UNIQUE (key),
  constraint trigger_runs_pkey PRIMARY KEY (id),
  constraint trigger_runs_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
) with (fillfactor=50, autovacuum_vacuum_threshold=200, autovacuum_vacuum_scale_factor=0.2);
CREATE INDEX trigger_runs_begun ON private.trigger_runs USING btree (began_at) WHERE (began_at IS NOT NULL);
CREATE INDEX trigger_runs_execution ON private.trigger_runs USING btree (execution_id) WHERE (execution_id IS NOT NULL);
CREATE INDEX trigger_runs_sent ON private.trigger_runs USING btree (due_at) WHERE ((sent_at IS NOT NULL) AND (began_at IS NULL));
CREATE INDEX trigger_runs_unsent ON private.trigger_runs USING btree (priority, due_at) WHERE ((sent_at IS NULL) AND (began_at IS NULL));
CREATE INDEX trigger_runs_workspace ON private.trigger_runs USING btree (workspace_id);
alter table private.trigger_runs enable row level security;

create table private.trigger_troubles (
  code text not null,
  text text not null,
  since timestamp with time zone default clock_timestamp() not null,
  constraint trigger_troubles_pkey PRIMARY KEY (code)
);
alter table private.trigger_troubles enable row level security;

create table private.turns (
  id uuid not null,
  workspace_id text not null,
  worker_id uuid not null,
  is_quick boolean not null,
  began_at timestamp with time zone not null,
  constraint turns_pkey PRIMARY KEY (id),
  constraint turns_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
CREATE INDEX turns_workspace ON private.turns USING btree (workspace_id);
alter table private.turns enable row level security;

create table private.unknown_messages (
  message_id uuid not null,
  workspace_id text not null,
  became_at timestamp with time zone default clock_timestamp() not null,
  constraint unknown_messages_pkey PRIMARY KEY (message_id),
  constraint unknown_messages_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
CREATE INDEX unknown_messages_workspace ON private.unknown_messages USING btree (workspace_id, became_at);
alter table private.unknown_messages enable row level security;

create table private.users (
  id uuid default private.uuid_v7() not null,
  name text not null,
  email text not null,
  email_verified boolean default false not null,
  image text,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint users_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX users_email ON private.users USING btree (lower(email));
alter table private.users enable row level security;

create table private.verifications (
  id uuid default private.uuid_v7() not null,
  identifier text not null,
  value text not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint verifications_pkey PRIMARY KEY (id)
);
CREATE INDEX verifications_identifier ON private.verifications USING btree (identifier);
alter table private.verifications enable row level security;

create table private.workers (
  id uuid not null,
  pool_id text,
  host text,
  pid integer,
  started_at timestamp with time zone default now() not null,
  seen_at timestamp with time zone default now() not null,
  constraint workers_pkey PRIMARY KEY (id)
);
alter table private.workers enable row level security;

create table private.workspace_limits (
  workspace_id text not null,
  lanes integer not null,
  updated_at timestamp with time zone default now() not null,
  constraint workspace_limits_lanes_check CHECK (((lanes >= 1) AND (lanes <= 64))),
  constraint workspace_limits_pkey PRIMARY KEY (workspace_id),
  constraint workspace_limits_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
alter table private.workspace_limits enable row level security;

create table public.api_keys (
  id text not null,
  workspace_id text not null,
  member_id uuid not null,
  name text not null,
  secret_hash bytea not null,
  scopes text[] not null,
  created_by uuid,
  created_at timestamp with time zone default now() not null,
  last_used_at timestamp with time zone,
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  constraint api_keys_id_check CHECK ((id ~ '^[a-zA-Z0-9]{8}$'::text)),
  constraint api_keys_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE,
  constraint api_keys_workspace_id_member_id_fkey FOREIGN KEY (workspace_id, member_id) REFERENCES public.workspace_members(workspace_id, user_id) ON DELETE CASCADE
);
CREATE INDEX api_keys_member ON public.api_keys USING btree (workspace_id, member_id);
CREATE INDEX api_keys_workspace ON public.api_keys USING btree (workspace_id, created_at DESC);
alter table public.api_keys enable row level security;
create policy api_keys_delete on public.api_keys for delete to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
create policy api_keys_insert on public.api_keys for insert to sluice_member
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
create policy api_keys_read on public.api_keys for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
create policy api_keys_update on public.api_keys for update to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))))
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
grant delete, insert, update on public.api_keys to sluice_member;
grant select (created_at) on public.api_keys to authenticated;
grant select (created_at) on public.api_keys to sluice_member;
grant select (created_by) on public.api_keys to authenticated;
grant select (created_by) on public.api_keys to sluice_member;
grant select (expires_at) on public.api_keys to authenticated;
grant select (expires_at) on public.api_keys to sluice_member;
grant select (id) on public.api_keys to authenticated;
grant select (id) on public.api_keys to sluice_member;
grant select (last_used_at) on public.api_keys to authenticated;
grant select (last_used_at) on public.api_keys to sluice_member;
grant select (member_id) on public.api_keys to authenticated;
grant select (member_id) on public.api_keys to sluice_member;
grant select (name) on public.api_keys to authenticated;
grant select (name) on public.api_keys to sluice_member;
grant select (revoked_at) on public.api_keys to authenticated;
grant select (revoked_at) on public.api_keys to sluice_member;
grant select (scopes) on public.api_keys to authenticated;
grant select (scopes) on public.api_keys to sluice_member;
grant select (workspace_id) on public.api_keys to authenticated;
grant select (workspace_id) on public.api_keys to sluice_member;

create table public.audit_log (
  id uuid default private.uuid_v7() not null,
  workspace_id text not null,
  actor_id uuid,
  actor_name text,
  action text not null,
  subject_type text,
  subject_id text,
  details jsonb default '{}'::jsonb not null,
  created_at timestamp with time zone default now() not null,
  constraint audit_log_pkey PRIMARY KEY (id),
  constraint audit_log_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
CREATE INDEX audit_log_created ON public.audit_log USING btree (workspace_id, created_at DESC);
alter table public.audit_log enable row level security;
create policy audit_log_insert on public.audit_log for insert to sluice_member
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
create policy audit_log_read on public.audit_log for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
grant insert, select on public.audit_log to sluice_member;
grant select on public.audit_log to authenticated;

create table public.contact_consents (
  id uuid default private.uuid_v7() not null,
  workspace_id text not null,
  contact_id uuid not null,
  channel text not null,
  state text not null,
  source text,
  evidence text,
  given_at timestamp with time zone not null,
  actor_id uuid,
  actor_name text,
  created_at timestamp with time zone default now() not null,
  constraint contact_consents_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text, 'all'::text]))),
  constraint contact_consents_evidence_check CHECK (((length(evidence) >= 1) AND (length(evidence) <= 500))),
  constraint contact_consents_pkey PRIMARY KEY (id),
  constraint contact_consents_source_check CHECK (((length(source) >= 1) AND (length(source) <= 100))),
  constraint contact_consents_state_check CHECK ((state = ANY (ARRAY['opted_out'::text, 'opted_in'::text]))),
  constraint contact_consents_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES public.contacts(workspace_id, id) ON DELETE CASCADE,
  constraint contact_consents_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
CREATE INDEX contact_consents_contact ON public.contact_consents USING btree (workspace_id, contact_id, id DESC);
alter table public.contact_consents enable row level security;
create policy contact_consents_insert on public.contact_consents for insert to sluice_member
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy contact_consents_read on public.contact_consents for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant insert, select on public.contact_consents to sluice_member;
grant select on public.contact_consents to authenticated;

create table public.contact_import_changes (
  id uuid default private.uuid_v7() not null,
  workspace_id text not null,
  import_id uuid not null,
  contact_id uuid not null,
  line integer not null,
  created boolean not null,
  apart_from uuid,
  apart_reason text,
  before jsonb default '{}'::jsonb not null,
  after jsonb default '{}'::jsonb not null,
  overwrites jsonb default '[]'::jsonb not null,
  at timestamp with time zone default now() not null,
  constraint contact_import_changes_apart_reason_check CHECK ((apart_reason = ANY (ARRAY['other_id'::text, 'other_email'::text, 'other_phone'::text, 'other_name'::text]))),
  constraint contact_import_changes_pkey PRIMARY KEY (id),
  constraint contact_import_changes_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES public.contacts(workspace_id, id) ON DELETE CASCADE,
  constraint contact_import_changes_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE,
  constraint contact_import_changes_workspace_id_import_id_fkey FOREIGN KEY (workspace_id, import_id) REFERENCES public.contact_imports(workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_import_changes_at ON public.contact_import_changes USING btree (at);
CREATE INDEX contact_import_changes_contact ON public.contact_import_changes USING btree (workspace_id, contact_id);
CREATE INDEX contact_import_changes_import ON public.contact_import_changes USING btree (workspace_id, import_id, line, id);
alter table public.contact_import_changes enable row level security;
create policy contact_import_changes_insert on public.contact_import_changes for insert to sluice_member
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy contact_import_changes_read on public.contact_import_changes for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant insert, select on public.contact_import_changes to sluice_member;
grant select on public.contact_import_changes to authenticated;

create table public.contact_imports (
  id uuid not null,
  workspace_id text not null,
  state text default 'running'::text not null,
  file_name text,
  options jsonb default '{}'::jsonb not null,
  rows_read integer default 0 not null,
  created integer default 0 not null,
  updated integer default 0 not null,
  refused integer default 0 not null,
  problems jsonb default '[]'::jsonb not null,
  error_message text,
  created_by uuid,
  created_at timestamp with time zone default now() not null,
  finished_at timestamp with time zone,
  kept_apart integer default 0 not null,
  overwritten integer default 0 not null,
  undone_at timestamp with time zone,
  removed integer default 0 not null,
  restored integer default 0 not null,
  changed_since integer default 0 not null,
  constraint contact_imports_pkey PRIMARY KEY (id),
  constraint contact_imports_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text]))),
  constraint contact_imports_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE,
  constraint contact_imports_workspace_id_id_key UNIQUE (workspace_id, id)
);
CREATE INDEX contact_imports_workspace ON public.contact_imports USING btree (workspace_id, created_at DESC);
alter table public.contact_imports enable row level security;
create policy contact_imports_delete on public.contact_imports for delete to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy contact_imports_insert on public.contact_imports for insert to sluice_member
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy contact_imports_read on public.contact_imports for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
create policy contact_imports_update on public.contact_imports for update to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))))
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
grant delete, insert, select, update on public.contact_imports to sluice_member;
grant select on public.contact_imports to authenticated;

create table public.contacts (
  id uuid default private.uuid_v7() not null,
  phone_number text,
  workspace_id text not null,
  name text,
  email text,
  firstname character varying not null,
  lastname character varying not null,
  lead_status character varying,
  conversation_status text default 'New'::text,
  metadata jsonb default '{}'::jsonb not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  phone_e164 text,
  time_zone text,
  sms_opted_out_at timestamp with time zone,
  email_opted_out_at timestamp with time zone,
  opt_out_source text,
  dnc boolean default false not null,
  search_text text generated always as (lower((((((((((((' '::text || COALESCE(name, ''::text)) || ' '::text) || (firstname)::text) || ' '::text) || (lastname)::text) || ' '::text) || COALESCE(email, ''::text)) || ' '::text) || COALESCE(phone_e164, ''::text)) || ' '::text) || regexp_replace(COALESCE(phone_number, ''::text), '[^0-9]'::text, ''::text, 'g'::text)))) stored,
  sort_name text generated always as (lower(NULLIF(btrim(COALESCE(NULLIF(btrim(name), ''::text), (((firstname)::text || ' '::text) || (lastname)::text))), ''::text))) stored,
  sort_email text generated always as (lower(NULLIF(btrim(email), ''::text))) stored,
  email_usable boolean generated always as (COALESCE(((length(email) <= 254) AND (strpos(email, '@'::text) <= 65) AND (email ~ '^[A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+([.][A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?[.])+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]$'::text)), false)) stored not null,
  source text,
  source_id text,
  constraint contacts_pkey PRIMARY KEY (id),
  constraint contacts_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE,
  constraint contacts_workspace_id_id_key UNIQUE (workspace_id, id)
);
CREATE INDEX contacts_created ON public.contacts USING btree (workspace_id, created_at DESC, id DESC);
CREATE INDEX contacts_email ON public.contacts USING btree (workspace_id, sort_email, id);
CREATE INDEX contacts_lead_status ON public.contacts USING btree (workspace_id, lower((lead_status)::text), id);
CREATE INDEX contacts_letters ON public.contacts USING gin (private.unspaced_letters(search_text)) WHERE (search_text ~ '[\u0E00-\u0EFF\u1000-\u11FF\u1780-\u17FF\u3040-\u318F\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\U00020000-\U0003134F]'::text);
CREATE INDEX contacts_name ON public.contacts USING btree (workspace_id, sort_name, id);
CREATE INDEX contacts_phone ON public.contacts USING btree (workspace_id, phone_e164, id);
CREATE INDEX contacts_search ON public.contacts USING gin (search_text extensions.gin_trgm_ops);
CREATE INDEX contacts_updated ON public.contacts USING btree (workspace_id, updated_at DESC, id DESC);
CREATE UNIQUE INDEX contacts_source ON public.contacts USING btree (workspace_id, source, source_id) WHERE (source_id IS NOT NULL);
alter table public.contacts enable row level security;
create policy contacts_delete on public.contacts for delete to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy contacts_insert on public.contacts for insert to sluice_member
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy contacts_read on public.contacts for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
create policy contacts_update on public.contacts for update to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))))
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
CREATE TRIGGER contacts_compose BEFORE INSERT OR UPDATE OF name, firstname, lastname, email, phone_number, lead_status, conversation_status ON public.contacts FOR EACH ROW WHEN (((NOT (new.name IS NFC NORMALIZED)) OR (NOT (new.firstname IS NFC NORMALIZED)) OR (NOT (new.lastname IS NFC NORMALIZED)) OR (NOT (new.email IS NFC NORMALIZED)) OR (NOT (new.phone_number IS NFC NORMALIZED)) OR (NOT (new.lead_status IS NFC NORMALIZED)) OR (NOT (new.conversation_status IS NFC NORMALIZED)))) EXECUTE FUNCTION private.compose_contact();
CREATE TRIGGER contacts_keep_opt_outs BEFORE UPDATE ON public.contacts FOR EACH ROW WHEN ((((old.sms_opted_out_at IS NOT NULL) AND (new.sms_opted_out_at IS NULL)) OR ((old.email_opted_out_at IS NOT NULL) AND (new.email_opted_out_at IS NULL)) OR (old.dnc AND (NOT new.dnc)))) EXECUTE FUNCTION private.keep_opt_outs();
CREATE TRIGGER contacts_note_opt_outs AFTER UPDATE ON public.contacts FOR EACH ROW WHEN ((((old.sms_opted_out_at IS NULL) AND (new.sms_opted_out_at IS NOT NULL)) OR ((old.email_opted_out_at IS NULL) AND (new.email_opted_out_at IS NOT NULL)) OR (new.dnc AND (NOT old.dnc)))) EXECUTE FUNCTION private.note_opt_outs();
CREATE TRIGGER contacts_note_opt_outs_insert AFTER INSERT ON public.contacts FOR EACH ROW WHEN (((new.sms_opted_out_at IS NOT NULL) OR (new.email_opted_out_at IS NOT NULL) OR new.dnc)) EXECUTE FUNCTION private.note_opt_outs();
CREATE TRIGGER contacts_recall BEFORE INSERT OR UPDATE OF email, phone_e164 ON public.contacts FOR EACH ROW EXECUTE FUNCTION private.recall_refusals();
CREATE TRIGGER contacts_touch BEFORE UPDATE ON public.contacts FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at();
CREATE TRIGGER contacts_wake AFTER UPDATE ON public.contacts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION private.wake_watching();
grant delete, insert, select, update on public.contacts to sluice_member;
grant select on public.contacts to authenticated;

create table public.flow_execution_steps (
  id uuid default private.uuid_v7() not null,
  flow_execution_id uuid not null,
  workspace_id text not null,
  node_id text not null,
  node_type text not null,
  visit integer not null,
  attempt integer default 1 not null,
  status text not null,
  exit text,
  reason text,
  result jsonb,
  error_message text,
  wake_at timestamp with time zone,
  started_at timestamp with time zone default now() not null,
  completed_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  is_retried boolean default false not null,
  constraint flow_execution_steps_pkey PRIMARY KEY (id),
  constraint flow_execution_steps_status_check CHECK ((status = ANY (ARRAY['running'::text, 'waiting'::text, 'completed'::text, 'skipped'::text, 'failed'::text]))),
  constraint flow_execution_steps_workspace_id_flow_execution_id_fkey FOREIGN KEY (workspace_id, flow_execution_id) REFERENCES public.flow_executions(workspace_id, id) ON DELETE CASCADE
) with (fillfactor=90);
CREATE UNIQUE INDEX flow_execution_steps_visit ON public.flow_execution_steps USING btree (flow_execution_id, visit, attempt);
alter table public.flow_execution_steps enable row level security;
create policy flow_execution_steps_read on public.flow_execution_steps for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.flow_execution_steps to authenticated;
grant select on public.flow_execution_steps to sluice_member;

create table public.flow_executions (
  id uuid default private.uuid_v7() not null,
  flow_id uuid not null,
  contact_id uuid,
  workspace_id text not null,
  status text default 'pending'::text not null,
  source text,
  started_at timestamp with time zone,
  completed_at timestamp with time zone,
  result jsonb,
  error_message text,
  execution_time integer,
  metadata jsonb,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  send_id uuid not null,
  seq integer not null,
  flow_version_id uuid not null,
  current_node_id text,
  visit integer default 0 not null,
  attempt integer default 1 not null,
  wake_at timestamp with time zone,
  waiting_for text,
  ended_reason text,
  variables jsonb,
  cancel_reason text,
  engine_run_id text,
  parent_execution_id uuid,
  parent_visit integer,
  parent_waits boolean default false not null,
  depth smallint default 0 not null,
  trigger_data jsonb,
  reached boolean default false not null,
  missed text[],
  retried_visit integer,
  constraint flow_executions_pkey PRIMARY KEY (id),
  constraint flow_executions_send_id_seq_key UNIQUE (send_id, seq),
  constraint flow_executions_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'running'::text, 'completed'::text, 'failed'::text, 'cancelled'::text, 'partial_failure'::text]))),
  constraint flow_executions_waiting_for_check CHECK ((waiting_for = ANY (ARRAY['time'::text, 'reply'::text, 'event'::text, 'window'::text, 'capacity'::text, 'hold'::text, 'call'::text, 'child'::text]))),
  constraint flow_executions_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES public.contacts(workspace_id, id) ON DELETE SET NULL (contact_id),
  constraint flow_executions_workspace_id_flow_id_fkey FOREIGN KEY (workspace_id, flow_id) REFERENCES public.flows(workspace_id, id) ON DELETE CASCADE,
  constraint flow_executions_workspace_id_id_key UNIQUE (workspace_id, id),
  constraint flow_executions_workspace_id_parent_execution_id_fkey FOREIGN KEY (workspace_id, parent_execution_id) REFERENCES public.flow_executions(workspace_id, id) ON DELETE SET NULL (parent_execution_id),
  constraint flow_executions_workspace_id_send_id_fkey FOREIGN KEY (workspace_id, send_id) REFERENCES public.flow_sends(workspace_id, id) ON DELETE CASCADE
) with (fillfactor=40);
CREATE INDEX flow_executions_contact ON public.flow_executions USING btree (contact_id, created_at DESC);
CREATE INDEX flow_executions_flow ON public.flow_executions USING btree (workspace_id, flow_id, created_at DESC, id DESC);
CREATE INDEX flow_executions_missed ON public.flow_executions USING btree (send_id, seq) WHERE (missed IS NOT NULL);
CREATE UNIQUE INDEX flow_executions_parent ON public.flow_executions USING btree (parent_execution_id, parent_visit) WHERE (parent_execution_id IS NOT NULL);
alter table public.flow_executions enable row level security;
create policy flow_executions_read on public.flow_executions for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
CREATE TRIGGER flow_executions_uncompleted AFTER UPDATE OF status ON public.flow_executions FOR EACH ROW WHEN (((old.status IS DISTINCT FROM new.status) AND ((new.status = ANY (ARRAY['failed'::text, 'partial_failure'::text, 'cancelled'::text])) OR (old.status = ANY (ARRAY['failed'::text, 'partial_failure'::text, 'cancelled'::text]))))) EXECUTE FUNCTION private.note_uncompleted_execution();
CREATE TRIGGER flow_executions_uncompleted_insert AFTER INSERT ON public.flow_executions FOR EACH ROW WHEN ((new.status = ANY (ARRAY['failed'::text, 'partial_failure'::text, 'cancelled'::text]))) EXECUTE FUNCTION private.note_uncompleted_execution();
grant select on public.flow_executions to authenticated;
grant select on public.flow_executions to sluice_member;

create table public.flow_folders (
  id uuid default private.uuid_v7() not null,
  name text not null,
  workspace_id text not null,
  parent_id uuid,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint flow_folders_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint flow_folders_pkey PRIMARY KEY (id),
  constraint flow_folders_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE,
  constraint flow_folders_workspace_id_id_key UNIQUE (workspace_id, id),
  constraint flow_folders_workspace_id_parent_id_fkey FOREIGN KEY (workspace_id, parent_id) REFERENCES public.flow_folders(workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX flow_folders_parent ON public.flow_folders USING btree (workspace_id, parent_id);
alter table public.flow_folders enable row level security;
create policy flow_folders_delete on public.flow_folders for delete to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy flow_folders_insert on public.flow_folders for insert to sluice_member
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy flow_folders_read on public.flow_folders for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
create policy flow_folders_update on public.flow_folders for update to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))))
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
CREATE TRIGGER flow_folders_touch BEFORE UPDATE ON public.flow_folders FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at();
grant delete, insert, select, update on public.flow_folders to sluice_member;
grant select on public.flow_folders to authenticated;

create table public.flow_send_skips (
  send_id uuid not null,
  workspace_id text not null,
  contact_id uuid not null,
  reason text not null,
  created_at timestamp with time zone default now() not null,
  constraint flow_send_skips_pkey PRIMARY KEY (send_id, contact_id),
  constraint flow_send_skips_workspace_id_send_id_fkey FOREIGN KEY (workspace_id, send_id) REFERENCES public.flow_sends(workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX flow_send_skips_send ON public.flow_send_skips USING btree (workspace_id, send_id);
alter table public.flow_send_skips enable row level security;
create policy flow_send_skips_read on public.flow_send_skips for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.flow_send_skips to authenticated;
grant select on public.flow_send_skips to sluice_member;

create table public.flow_sends (
  id uuid default private.uuid_v7() not null,
  workspace_id text not null,
  flow_id uuid not null,
  flow_version_id uuid not null,
  source text default 'manual'::text not null,
  state text default 'enrolling'::text not null,
  selection jsonb not null,
  options jsonb default '{}'::jsonb not null,
  is_test boolean default false not null,
  launched_by uuid,
  launched_by_name text,
  launched_from text,
  chunk_size integer default 500 not null,
  lanes integer default 2 not null,
  expected integer default 0 not null,
  enrolled integer default 0 not null,
  not_enrolled integer default 0 not null,
  completed integer default 0 not null,
  failed integer default 0 not null,
  partial_failure integer default 0 not null,
  cancelled integer default 0 not null,
  created_at timestamp with time zone default now() not null,
  enrolled_at timestamp with time zone,
  ended_at timestamp with time zone,
  undo_until timestamp with time zone,
  start jsonb,
  start_at timestamp with time zone,
  drip jsonb,
  next_at timestamp with time zone,
  drip_round_at timestamp with time zone,
  drip_used integer default 0 not null,
  changed_at timestamp with time zone,
  changed_by uuid,
  changed_by_name text,
  parent_send_id uuid,
  parent_waits boolean default false not null,
  address_scope uuid,
  reached integer default 0,
  unreached integer default 0,
  constraint flow_sends_chunk_size_check CHECK (((chunk_size >= 1) AND (chunk_size <= 1000))),
  constraint flow_sends_lanes_check CHECK (((lanes >= 1) AND (lanes <= 16))),
  constraint flow_sends_pkey PRIMARY KEY (id),
  constraint flow_sends_state_check CHECK ((state = ANY (ARRAY['enrolling'::text, 'running'::text, 'paused'::text, 'stopped'::text, 'undone'::text, 'done'::text]))),
  constraint flow_sends_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE,
  constraint flow_sends_workspace_id_flow_id_fkey FOREIGN KEY (workspace_id, flow_id) REFERENCES public.flows(workspace_id, id) ON DELETE CASCADE,
  constraint flow_sends_workspace_id_flow_version_id_fkey FOREIGN KEY (workspace_id, flow_version_id) REFERENCES public.flow_versions(workspace_id, id) ON DELETE CASCADE,
  constraint flow_sends_workspace_id_id_key UNIQUE (workspace_id, id),
  constraint flow_sends_workspace_id_parent_send_id_fkey FOREIGN KEY (workspace_id, parent_send_id) REFERENCES public.flow_sends(workspace_id, id) ON DELETE SET NULL (parent_send_id)
) with (fillfactor=50);
CREATE INDEX flow_sends_created ON public.flow_sends USING btree (workspace_id, created_at DESC, id DESC);
CREATE INDEX flow_sends_flow ON public.flow_sends USING btree (workspace_id, flow_id);
CREATE INDEX flow_sends_open ON public.flow_sends USING btree (created_at) WHERE (ended_at IS NULL);
CREATE INDEX flow_sends_parent ON public.flow_sends USING btree (parent_send_id) WHERE (parent_send_id IS NOT NULL);
CREATE INDEX flow_sends_version ON public.flow_sends USING btree (workspace_id, flow_version_id);
alter table public.flow_sends enable row level security;
create policy flow_sends_read on public.flow_sends for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.flow_sends to authenticated;
grant select on public.flow_sends to sluice_member;

create table public.flow_versions (
  id uuid default private.uuid_v7() not null,
  workspace_id text not null,
  flow_id uuid not null,
  number integer not null,
  hash text not null,
  name text not null,
  nodes jsonb not null,
  edges jsonb not null,
  settings jsonb default '{}'::jsonb not null,
  created_by uuid,
  created_at timestamp with time zone default now() not null,
  constraint flow_versions_flow_id_hash_key UNIQUE (flow_id, hash),
  constraint flow_versions_flow_id_number_key UNIQUE (flow_id, number),
  constraint flow_versions_pkey PRIMARY KEY (id),
  constraint flow_versions_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE,
  constraint flow_versions_workspace_id_flow_id_fkey FOREIGN KEY (workspace_id, flow_id) REFERENCES public.flows(workspace_id, id) ON DELETE CASCADE,
  constraint flow_versions_workspace_id_id_key UNIQUE (workspace_id, id)
);
CREATE INDEX flow_versions_flow ON public.flow_versions USING btree (workspace_id, flow_id);
alter table public.flow_versions enable row level security;
create policy flow_versions_read on public.flow_versions for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.flow_versions to authenticated;
grant select on public.flow_versions to sluice_member;

create table public.flows (
  id uuid default private.uuid_v7() not null,
  name text not null,
  workspace_id text not null,
  folder_id uuid,
  nodes jsonb default '[]'::jsonb not null,
  edges jsonb default '[]'::jsonb not null,
  settings jsonb default '{}'::jsonb not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint flows_pkey PRIMARY KEY (id),
  constraint flows_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE,
  constraint flows_workspace_id_folder_id_fkey FOREIGN KEY (workspace_id, folder_id) REFERENCES public.flow_folders(workspace_id, id) ON DELETE SET NULL (folder_id),
  constraint flows_workspace_id_id_key UNIQUE (workspace_id, id)
);
CREATE INDEX flows_name ON public.flows USING btree (workspace_id, lower(name), id);
CREATE INDEX flows_workspace_folder ON public.flows USING btree (workspace_id, folder_id);
alter table public.flows enable row level security;
create policy flows_delete on public.flows for delete to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy flows_insert on public.flows for insert to sluice_member
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy flows_read on public.flows for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
create policy flows_update on public.flows for update to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))))
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
CREATE TRIGGER flows_touch BEFORE UPDATE ON public.flows FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at();
grant delete, insert, select, update on public.flows to sluice_member;
grant select on public.flows to authenticated;

create table public.idempotency_keys (
  workspace_id text not null,
  principal_id uuid not null,
  route text not null,
  key text not null,
  request_hash text not null,
  status_code integer,
  response jsonb,
  created_at timestamp with time zone default now() not null,
  subject_id text,
  constraint idempotency_keys_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255))),
  constraint idempotency_keys_pkey PRIMARY KEY (workspace_id, principal_id, route, key),
  constraint idempotency_keys_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
CREATE INDEX idempotency_keys_created ON public.idempotency_keys USING btree (created_at);
CREATE INDEX idempotency_keys_subject ON public.idempotency_keys USING btree (workspace_id, subject_id) WHERE (subject_id IS NOT NULL);
alter table public.idempotency_keys enable row level security;
create policy idempotency_keys_own on public.idempotency_keys for all to sluice_member
  using (((principal_id = ( SELECT private.current_user_id() AS current_user_id)) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces)))))
  with check (((principal_id = ( SELECT private.current_user_id() AS current_user_id)) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces)))));
grant delete, insert, select, update on public.idempotency_keys to sluice_member;

create table public.messages (
  id uuid default private.uuid_v7() not null,
  workspace_id text not null,
  flow_execution_id uuid,
  send_id uuid,
  contact_id uuid,
  visit integer,
  node_id text,
  channel text not null,
  provider text not null,
  to_address text,
  from_address text,
  subject text,
  body text,
  html text,
  segments integer,
  is_test boolean default false not null,
  status text default 'sending'::text not null,
  reason text,
  error_message text,
  provider_message_id text,
  attempt integer default 1 not null,
  lease_until timestamp with time zone,
  sent_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  was_in_doubt boolean default false not null,
  address_scope uuid,
  constraint messages_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint messages_flow_execution_id_visit_channel_key UNIQUE (flow_execution_id, visit, channel),
  constraint messages_pkey PRIMARY KEY (id),
  constraint messages_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'delivered'::text, 'undelivered'::text, 'failed'::text, 'unknown'::text, 'held'::text]))),
  constraint messages_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES public.contacts(workspace_id, id) ON DELETE SET NULL (contact_id),
  constraint messages_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE,
  constraint messages_workspace_id_flow_execution_id_fkey FOREIGN KEY (workspace_id, flow_execution_id) REFERENCES public.flow_executions(workspace_id, id) ON DELETE CASCADE
) with (fillfactor=50);
CREATE INDEX messages_contact ON public.messages USING btree (contact_id, created_at DESC);
CREATE INDEX messages_created ON public.messages USING btree (workspace_id, created_at DESC, id DESC);
CREATE INDEX messages_provider_id ON public.messages USING btree (provider_message_id) WHERE (provider_message_id IS NOT NULL);
CREATE INDEX messages_send ON public.messages USING btree (send_id);
CREATE UNIQUE INDEX messages_address ON public.messages USING btree (address_scope, channel, lower(to_address)) WHERE (address_scope IS NOT NULL);
alter table public.messages enable row level security;
create policy messages_read on public.messages for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
CREATE TRIGGER messages_unknown AFTER UPDATE OF status ON public.messages FOR EACH ROW WHEN (((old.status IS DISTINCT FROM new.status) AND ((old.status = 'unknown'::text) OR (new.status = 'unknown'::text)))) EXECUTE FUNCTION private.note_unknown_message();
grant select on public.messages to authenticated;
grant select on public.messages to sluice_member;

create table public.providers (
  workspace_id text not null,
  channel text not null,
  provider text not null,
  settings jsonb default '{}'::jsonb not null,
  secrets text,
  has_secret boolean generated always as ((secrets IS NOT NULL)) stored not null,
  updated_by uuid,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint providers_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint providers_pkey PRIMARY KEY (workspace_id, channel),
  constraint providers_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
alter table public.providers enable row level security;
create policy providers_delete on public.providers for delete to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
create policy providers_insert on public.providers for insert to sluice_member
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
create policy providers_read on public.providers for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
create policy providers_update on public.providers for update to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))))
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
CREATE TRIGGER providers_touch BEFORE UPDATE ON public.providers FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at();
grant delete, insert, update on public.providers to sluice_member;
grant select (channel) on public.providers to authenticated;
grant select (channel) on public.providers to sluice_member;
grant select (created_at) on public.providers to authenticated;
grant select (created_at) on public.providers to sluice_member;
grant select (has_secret) on public.providers to authenticated;
grant select (has_secret) on public.providers to sluice_member;
grant select (provider) on public.providers to authenticated;
grant select (provider) on public.providers to sluice_member;
grant select (settings) on public.providers to authenticated;
grant select (settings) on public.providers to sluice_member;
grant select (updated_at) on public.providers to authenticated;
grant select (updated_at) on public.providers to sluice_member;
grant select (updated_by) on public.providers to authenticated;
grant select (updated_by) on public.providers to sluice_member;
grant select (workspace_id) on public.providers to authenticated;
grant select (workspace_id) on public.providers to sluice_member;

create table public.send_message_counts (
  send_id uuid not null,
  workspace_id text not null,
  channel text not null,
  outcome text not null,
  reason text default ''::text not null,
  count integer not null,
  constraint send_message_counts_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint send_message_counts_outcome_check CHECK ((outcome = ANY (ARRAY['sent'::text, 'skipped'::text, 'failed'::text]))),
  constraint send_message_counts_pkey PRIMARY KEY (send_id, channel, outcome, reason),
  constraint send_message_counts_workspace_id_send_id_fkey FOREIGN KEY (workspace_id, send_id) REFERENCES public.flow_sends(workspace_id, id) ON DELETE CASCADE
) with (fillfactor=50);
CREATE INDEX send_message_counts_send ON public.send_message_counts USING btree (workspace_id, send_id);
alter table public.send_message_counts enable row level security;
create policy send_message_counts_read on public.send_message_counts for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.send_message_counts to authenticated;
grant select on public.send_message_counts to sluice_member;

create table public.suppressions (
  workspace_id text not null,
  channel text not null,
  address text not null,
  reason text not null,
  created_at timestamp with time zone default now() not null,
  id uuid default gen_random_uuid() not null,
  source text default 'provider'::text not null,
  detail text,
  constraint suppressions_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint suppressions_id_key UNIQUE (id),
  constraint suppressions_pkey PRIMARY KEY (workspace_id, channel, address),
  constraint suppressions_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
CREATE INDEX suppressions_newest ON public.suppressions USING btree (workspace_id, created_at DESC, id DESC);
alter table public.suppressions enable row level security;
create policy suppressions_read on public.suppressions for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.suppressions to authenticated;
grant select on public.suppressions to sluice_member;

create table public.uncompleted_executions (
  execution_id uuid not null,
  workspace_id text not null,
  flow_id uuid not null,
  send_id uuid not null,
  seq integer not null,
  status text not null,
  created_at timestamp with time zone not null,
  constraint uncompleted_executions_pkey PRIMARY KEY (execution_id),
  constraint uncompleted_executions_workspace_id_execution_id_fkey FOREIGN KEY (workspace_id, execution_id) REFERENCES public.flow_executions(workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX uncompleted_executions_flow ON public.uncompleted_executions USING btree (workspace_id, flow_id, status, created_at DESC, execution_id DESC);
CREATE INDEX uncompleted_executions_send ON public.uncompleted_executions USING btree (send_id, status, seq DESC);
CREATE INDEX uncompleted_executions_workspace ON public.uncompleted_executions USING btree (workspace_id, status, created_at DESC, execution_id DESC);
alter table public.uncompleted_executions enable row level security;
create policy uncompleted_executions_read on public.uncompleted_executions for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.uncompleted_executions to authenticated;
grant select on public.uncompleted_executions to sluice_member;

create table public.waits (
  id uuid default private.uuid_v7() not null,
  workspace_id text not null,
  flow_execution_id uuid not null,
  contact_id uuid not null,
  channel text,
  event text,
  node_id text not null,
  created_at timestamp with time zone default now() not null,
  constraint waits_pkey PRIMARY KEY (id),
  constraint waits_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES public.contacts(workspace_id, id) ON DELETE CASCADE,
  constraint waits_workspace_id_flow_execution_id_fkey FOREIGN KEY (workspace_id, flow_execution_id) REFERENCES public.flow_executions(workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX waits_contact ON public.waits USING btree (contact_id, channel);
CREATE INDEX waits_execution ON public.waits USING btree (flow_execution_id);
CREATE UNIQUE INDEX waits_changed ON public.waits USING btree (flow_execution_id) WHERE (event = 'contact_changed'::text);
alter table public.waits enable row level security;

create table public.wake_ups (
  flow_execution_id uuid not null,
  workspace_id text not null,
  flow_version_id uuid not null,
  due_at timestamp with time zone not null,
  node_id text not null,
  generation integer default 1 not null,
  turn_id uuid,
  failures integer default 0 not null,
  call jsonb,
  call_lease timestamp with time zone,
  constraint wake_ups_pkey PRIMARY KEY (flow_execution_id),
  constraint wake_ups_workspace_id_flow_execution_id_fkey FOREIGN KEY (workspace_id, flow_execution_id) REFERENCES public.flow_executions(workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX wake_ups_due ON public.wake_ups USING btree (workspace_id, due_at);
alter table public.wake_ups enable row level security;

create table public.workspace_invitations (
  id uuid default private.uuid_v7() not null,
  workspace_id text not null,
  email text not null,
  role text not null,
  token_hash bytea not null,
  invited_by uuid not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  accepted_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint workspace_invitations_pkey PRIMARY KEY (id),
  constraint workspace_invitations_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'editor'::text, 'viewer'::text]))),
  constraint workspace_invitations_token_hash_key UNIQUE (token_hash),
  constraint workspace_invitations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
CREATE INDEX workspace_invitations_workspace ON public.workspace_invitations USING btree (workspace_id, created_at DESC);
alter table public.workspace_invitations enable row level security;
create policy workspace_invitations_delete on public.workspace_invitations for delete to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
create policy workspace_invitations_insert on public.workspace_invitations for insert to sluice_member
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
create policy workspace_invitations_read on public.workspace_invitations for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
create policy workspace_invitations_update on public.workspace_invitations for update to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))))
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
grant delete, insert, update on public.workspace_invitations to sluice_member;
grant select (accepted_at) on public.workspace_invitations to authenticated;
grant select (accepted_at) on public.workspace_invitations to sluice_member;
grant select (created_at) on public.workspace_invitations to authenticated;
grant select (created_at) on public.workspace_invitations to sluice_member;
grant select (email) on public.workspace_invitations to authenticated;
grant select (email) on public.workspace_invitations to sluice_member;
grant select (expires_at) on public.workspace_invitations to authenticated;
grant select (expires_at) on public.workspace_invitations to sluice_member;
grant select (id) on public.workspace_invitations to authenticated;
grant select (id) on public.workspace_invitations to sluice_member;
grant select (invited_by) on public.workspace_invitations to authenticated;
grant select (invited_by) on public.workspace_invitations to sluice_member;
grant select (revoked_at) on public.workspace_invitations to authenticated;
grant select (revoked_at) on public.workspace_invitations to sluice_member;
grant select (role) on public.workspace_invitations to authenticated;
grant select (role) on public.workspace_invitations to sluice_member;
grant select (workspace_id) on public.workspace_invitations to authenticated;
grant select (workspace_id) on public.workspace_invitations to sluice_member;

create table public.workspace_members (
  workspace_id text not null,
  user_id uuid not null,
  kind text default 'user'::text not null,
  role text not null,
  created_at timestamp with time zone default now() not null,
  last_used_at timestamp with time zone,
  constraint workspace_members_kind_check CHECK ((kind = ANY (ARRAY['user'::text, 'key'::text]))),
  constraint workspace_members_pkey PRIMARY KEY (workspace_id, user_id),
  constraint workspace_members_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'editor'::text, 'viewer'::text]))),
  constraint workspace_members_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
CREATE INDEX workspace_members_user ON public.workspace_members USING btree (user_id);
alter table public.workspace_members enable row level security;
create policy workspace_members_delete on public.workspace_members for delete to sluice_member
  using (((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))) OR (user_id = ( SELECT private.current_user_id() AS current_user_id))));
create policy workspace_members_insert on public.workspace_members for insert to sluice_member
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
create policy workspace_members_read on public.workspace_members for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
create policy workspace_members_update on public.workspace_members for update to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))))
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
grant delete, insert, select on public.workspace_members to sluice_member;
grant select on public.workspace_members to authenticated;
grant update (role) on public.workspace_members to sluice_member;

create table public.workspace_secrets (
  workspace_id text not null,
  name text not null,
  secret text not null,
  updated_by uuid,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint workspace_secrets_name_check CHECK ((name ~ '^[a-zA-Z][a-zA-Z0-9_]{0,59}$'::text)),
  constraint workspace_secrets_pkey PRIMARY KEY (workspace_id, name),
  constraint workspace_secrets_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
alter table public.workspace_secrets enable row level security;
create policy workspace_secrets_delete on public.workspace_secrets for delete to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
create policy workspace_secrets_insert on public.workspace_secrets for insert to sluice_member
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
create policy workspace_secrets_read on public.workspace_secrets for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy workspace_secrets_update on public.workspace_secrets for update to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))))
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
CREATE TRIGGER workspace_secrets_touch BEFORE UPDATE ON public.workspace_secrets FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at();
grant delete, insert, update on public.workspace_secrets to sluice_member;
grant select (created_at) on public.workspace_secrets to authenticated;
grant select (created_at) on public.workspace_secrets to sluice_member;
grant select (name) on public.workspace_secrets to authenticated;
grant select (name) on public.workspace_secrets to sluice_member;
grant select (updated_at) on public.workspace_secrets to authenticated;
grant select (updated_at) on public.workspace_secrets to sluice_member;
grant select (updated_by) on public.workspace_secrets to authenticated;
grant select (updated_by) on public.workspace_secrets to sluice_member;
grant select (workspace_id) on public.workspace_secrets to authenticated;
grant select (workspace_id) on public.workspace_secrets to sluice_member;

create table public.workspaces (
  id text default (private.uuid_v7())::text not null,
  name text not null,
  time_zone text default 'UTC'::text not null,
  country text default 'US'::text not null,
  is_demo boolean default false not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  undo_seconds integer default 10 not null,
  email_in_doubt text default 'hold'::text not null,
  sms_in_doubt text default 'hold'::text not null,
  constraint workspaces_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
  constraint workspaces_email_in_doubt_check CHECK ((email_in_doubt = ANY (ARRAY['hold'::text, 'resend'::text]))),
  constraint workspaces_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint workspaces_pkey PRIMARY KEY (id),
  constraint workspaces_sms_in_doubt_check CHECK ((sms_in_doubt = ANY (ARRAY['hold'::text, 'resend'::text]))),
  constraint workspaces_undo_seconds_check CHECK (((undo_seconds >= 0) AND (undo_seconds <= 60)))
);
alter table public.workspaces enable row level security;
create policy workspaces_read on public.workspaces for select to authenticated, sluice_member
  using ((id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
create policy workspaces_update on public.workspaces for update to sluice_member
  using ((id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))))
  with check ((id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
grant select on public.workspaces to authenticated;
grant select on public.workspaces to sluice_member;
grant update (country) on public.workspaces to sluice_member;
grant update (email_in_doubt) on public.workspaces to sluice_member;
grant update (name) on public.workspaces to sluice_member;
grant update (sms_in_doubt) on public.workspaces to sluice_member;
grant update (time_zone) on public.workspaces to sluice_member;
grant update (undo_seconds) on public.workspaces to sluice_member;
