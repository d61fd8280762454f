-- Acts that concern every workspace (letting a restored copy send, naming instance admins, who may create workspaces)
-- are judged by a role of the instance. A role in one workspace says nothing about the others, because people can be
-- given one, or make one, in any of them.

create table private.instance_admins (
  user_id uuid primary key,
  named_by uuid,
  created_at timestamptz not null default now()
);
alter table private.instance_admins enable row level security;

create table private.instance_settings (
  only_row boolean primary key default true check (only_row),
  members_may_create_workspaces boolean not null
);
alter table private.instance_settings enable row level security;

-- What was done to the instance. An entry of the workspace's audit log would be seen by one workspace only.
create table private.instance_log (
  id uuid primary key default private.uuid_v7(),
  actor_id uuid,
  actor_name text,
  action text not null,
  subject_id text,
  details jsonb not null default '{}',
  created_at timestamptz not null default now()
);
alter table private.instance_log enable row level security;

-- An instance that is in use keeps what its members can do. A new one begins with the narrower rule.
insert into private.instance_settings (members_may_create_workspaces)
select exists (select from private.claim where claimed_at is not null);

-- Who claimed the instance is its first admin. Where that account is unknown, the owners of the oldest workspace are.
insert into private.instance_admins (user_id)
select c.claimed_by from private.claim c
where c.claimed_at is not null and c.claimed_by is not null and exists (
  select from private.users where id = c.claimed_by union all select from private.supabase_people where id = c.claimed_by);

insert into private.instance_admins (user_id)
select m.user_id from public.workspace_members m
where m.kind = 'user' and m.role = 'owner'
  and m.workspace_id = (select w.id from public.workspaces w order by w.created_at, w.id limit 1)
  and exists (select from private.claim where claimed_at is not null)
  and not exists (select from private.instance_admins)
on conflict do nothing;

alter table private.alerts drop constraint alerts_who_check;
update private.alerts set who = 'instance_admin' where code = 'sending_held';
alter table private.alerts add constraint alerts_who_check check (who in ('operator', 'instance_admin', 'owner', 'editor'));
