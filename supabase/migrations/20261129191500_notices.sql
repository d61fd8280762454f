-- What the people of a workspace should know of: one row for each cause, however often it happens. Rows name no person but by
-- the id of a contact, and go with the contact.
create table public.notices (
  id uuid primary key default private.uuid_v7(),
  workspace_id text not null references public.workspaces (id) on delete cascade,
  kind text not null check (kind in ('provider_down', 'mail_guard', 'send_errors', 'maybe_stop')),
  -- What it is about; the same cause is the same notice.
  cause text not null check (length(cause) between 1 and 200),
  channel text check (channel in ('sms', 'email')),
  -- The code of the alert, or how far the guard rail went.
  detail text check (length(detail) <= 50),
  send_id uuid,
  contact_id uuid,
  times integer not null default 1,
  created_at timestamptz not null default now(),
  -- In milliseconds, as it is told and sent back.
  last_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  mailed_at timestamptz,
  unique (workspace_id, id),
  unique (workspace_id, kind, cause),
  foreign key (workspace_id, send_id) references public.flow_sends (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references public.contacts (workspace_id, id) on delete cascade
);
create index notices_newest on public.notices (workspace_id, last_at desc, id desc);
create index notices_send on public.notices (send_id) where send_id is not null;
create index notices_contact on public.notices (contact_id) where contact_id is not null;
create index notices_unmailed on public.notices (created_at) where mailed_at is null;
alter table public.notices enable row level security;
revoke all on public.notices from public, anon, authenticated, sluice_member;
grant select on public.notices to authenticated, sluice_member;
create policy notices_read on public.notices for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));

-- What a member has read, and up to when.
create table public.notice_reads (
  workspace_id text not null,
  user_id uuid not null,
  notice_id uuid not null,
  read_upto timestamptz not null,
  primary key (workspace_id, user_id, notice_id),
  foreign key (workspace_id, user_id) references public.workspace_members (workspace_id, user_id) on delete cascade,
  foreign key (workspace_id, notice_id) references public.notices (workspace_id, id) on delete cascade
);
create index notice_reads_notice on public.notice_reads (workspace_id, notice_id);
alter table public.notice_reads enable row level security;
revoke all on public.notice_reads from public, anon, authenticated, sluice_member;
grant select on public.notice_reads to authenticated;
grant select, insert, update, delete on public.notice_reads to sluice_member;
create policy notice_reads_own on public.notice_reads for all to authenticated, sluice_member
  using (user_id = (select private.current_user_id()) and workspace_id = any (array(select private.member_workspaces())))
  with check (user_id = (select private.current_user_id()) and workspace_id = any (array(select private.member_workspaces())));

-- Which members want their notices by e-mail too.
create table public.notice_settings (
  workspace_id text not null,
  user_id uuid not null,
  by_email boolean not null default false,
  primary key (workspace_id, user_id),
  foreign key (workspace_id, user_id) references public.workspace_members (workspace_id, user_id) on delete cascade
);
alter table public.notice_settings enable row level security;
revoke all on public.notice_settings from public, anon, authenticated, sluice_member;
grant select on public.notice_settings to authenticated;
grant select, insert, update, delete on public.notice_settings to sluice_member;
create policy notice_settings_own on public.notice_settings for all to authenticated, sluice_member
  using (user_id = (select private.current_user_id()) and workspace_id = any (array(select private.member_workspaces())))
  with check (user_id = (select private.current_user_id()) and workspace_id = any (array(select private.member_workspaces())));

-- A send that ends with errors is told in the transaction that ends it. Sends of programs may be many and small: those of one flow
-- are one notice a day. What flows start by themselves shows in the send above.
create function private.note_send_errors() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.notices (workspace_id, kind, cause, send_id)
  values (new.workspace_id, 'send_errors',
    case when new.source in ('manual', 'bulk') then new.id::text
      else coalesce(new.flow_id::text, new.id::text) || ' ' || to_char(now() at time zone 'UTC', 'YYYY-MM-DD') end,
    new.id)
  on conflict (workspace_id, kind, cause) do update
    set times = notices.times + 1, send_id = excluded.send_id, last_at = excluded.last_at;
  return null;
end $$;
revoke all on function private.note_send_errors() from public, anon, authenticated, sluice_member;
create trigger flow_sends_note_errors after update on public.flow_sends for each row
  when (old.ended_at is null and new.ended_at is not null and new.state = 'done' and not new.is_test and new.source <> 'flow'
    and new.failed + new.partial_failure > 0)
  execute function private.note_send_errors();
