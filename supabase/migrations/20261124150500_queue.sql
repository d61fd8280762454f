-- What an operator and an admin see of the queue, and the limits they set.

-- Messages of which nobody knows whether they arrived, apart: a table of a few rows, kept by a trigger. An index on the
-- messages themselves by status would make every change of a message write to all of its indexes.
create table private.unknown_messages (
  message_id uuid primary key,
  workspace_id text not null references public.workspaces (id) on delete cascade,
  became_at timestamptz not null default clock_timestamp()
);
create index unknown_messages_workspace on private.unknown_messages (workspace_id, became_at);

create function private.note_unknown_message() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if new.status = 'unknown' then
    insert into private.unknown_messages (message_id, workspace_id) values (new.id, new.workspace_id) on conflict do nothing;
  else
    delete from private.unknown_messages where message_id = new.id;
  end if;
  return null;
end $$;
revoke all on function private.note_unknown_message() from public, anon, authenticated, sluice_member;
create trigger messages_unknown after update of status on public.messages for each row
  when (old.status is distinct from new.status and (old.status = 'unknown' or new.status = 'unknown'))
  execute function private.note_unknown_message();

-- What does not mend itself. Every process looks, one at a time; the row is what makes a process tell of it once.
create table private.alerts (
  code text not null,
  -- Null: of the whole instance.
  workspace_id text references public.workspaces (id) on delete cascade,
  -- What it is about within its code: a send, a channel.
  subject text not null default '',
  send_id uuid,
  text text not null,
  who text not null check (who in ('operator', 'owner', 'editor')),
  since timestamptz not null,
  -- Steady once it has been so for a while; before, it may be a passing moment.
  seen_at timestamptz not null default now(),
  is_steady boolean not null default false,
  told_at timestamptz,
  -- No longer so; the row goes when that has been told, too.
  ended_at timestamptz,
  unique nulls not distinct (code, workspace_id, subject)
);

alter table private.unknown_messages enable row level security;
alter table private.alerts enable row level security;
revoke all on private.unknown_messages, private.alerts from public, anon, authenticated, sluice_member;

-- Limits are set by admins, as themselves. By function, because what the engine keeps beside them is its own.
create function private.set_lane_limit(of_workspace text, wanted integer) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if not of_workspace = any (array(select private.member_workspaces_as('admin'))) then
    raise insufficient_privilege using message = 'Only an admin of the workspace sets its limits.';
  end if;
  insert into private.workspace_limits (workspace_id, lanes) values (of_workspace, wanted)
  on conflict (workspace_id) do update set lanes = excluded.lanes, updated_at = now();
end $$;

create function private.set_channel_rate(of_workspace text, of_channel text, wanted integer) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if not of_workspace = any (array(select private.member_workspaces_as('admin'))) then
    raise insufficient_privilege using message = 'Only an admin of the workspace sets its limits.';
  end if;
  insert into private.channel_gates (workspace_id, channel, per_minute) values (of_workspace, of_channel, wanted)
  on conflict (workspace_id, channel) do update set per_minute = excluded.per_minute;
end $$;
revoke all on function private.set_lane_limit(text, integer), private.set_channel_rate(text, text, integer) from public, anon, authenticated;
grant execute on function private.set_lane_limit(text, integer), private.set_channel_rate(text, text, integer) to sluice_member;
