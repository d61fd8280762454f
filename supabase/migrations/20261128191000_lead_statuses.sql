-- The lead statuses of a workspace, in their order. The contacts themselves hold the text, so a value that an import or the
-- API brings stays, in the list or not. Names are compared folded (contract/fold.ts); the index keeps the simplest doubles out.
create table public.lead_statuses (
  id uuid primary key default private.uuid_v7(),
  workspace_id text not null references public.workspaces (id) on delete cascade,
  name text not null check (btrim(name) <> '' and length(name) <= 100),
  color text not null default 'grey' check (color in ('grey', 'blue', 'green', 'yellow', 'orange', 'red')),
  kind text not null default 'open' check (kind in ('open', 'won', 'lost')),
  is_default boolean not null default false,
  place integer not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index lead_statuses_name on public.lead_statuses (workspace_id, lower(name));
create unique index lead_statuses_default on public.lead_statuses (workspace_id) where is_default;
create trigger lead_statuses_touch before update on public.lead_statuses for each row execute function private.touch_updated_at();

alter table public.lead_statuses enable row level security;
revoke all on public.lead_statuses from public, anon, authenticated, sluice_member;
grant select on public.lead_statuses to authenticated, sluice_member;
grant insert, update, delete on public.lead_statuses to sluice_member;
create policy lead_statuses_read on public.lead_statuses for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));
create policy lead_statuses_insert on public.lead_statuses for insert to sluice_member
  with check (workspace_id = any (array(select private.member_workspaces_as('admin'))));
create policy lead_statuses_update on public.lead_statuses for update to sluice_member
  using (workspace_id = any (array(select private.member_workspaces_as('admin'))))
  with check (workspace_id = any (array(select private.member_workspaces_as('admin'))));
create policy lead_statuses_delete on public.lead_statuses for delete to sluice_member
  using (workspace_id = any (array(select private.member_workspaces_as('admin'))));

-- Every workspace begins with these.
create function private.begin_lead_statuses() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.lead_statuses (workspace_id, name, color, kind, is_default, place)
  values (new.id, 'New', 'blue', 'open', true, 0), (new.id, 'Contacted', 'yellow', 'open', false, 1),
    (new.id, 'Qualified', 'orange', 'open', false, 2), (new.id, 'Proposal sent', 'orange', 'open', false, 3),
    (new.id, 'Customer', 'green', 'won', false, 4), (new.id, 'Lost', 'grey', 'lost', false, 5);
  return new;
end $$;
revoke all on function private.begin_lead_statuses() from public, anon, authenticated, sluice_member;

-- A workspace that has contacts gets the values that they have: the usual ones in the usual order, then the others by how
-- many have them. One without any begins like a new one. The trigger is made afterwards.
with used as (
  select workspace_id, lower(lead_status) as key, mode() within group (order by btrim(lead_status)) as name, count(*) as uses
  from public.contacts where btrim(coalesce(lead_status, '')) <> '' and length(btrim(lead_status)) <= 100 and deleted_at is null
  group by workspace_id, lower(lead_status)
), usual (key, name, color, kind, place) as (
  values ('new', 'New', 'blue', 'open', 0), ('contacted', 'Contacted', 'yellow', 'open', 1), ('qualified', 'Qualified', 'orange', 'open', 2),
    ('proposal sent', 'Proposal sent', 'orange', 'open', 3), ('customer', 'Customer', 'green', 'won', 4), ('lost', 'Lost', 'grey', 'lost', 5)
), wanted as (
  select u.workspace_id, lower(btrim(u.name)) as key, min(u.name) as name, coalesce(min(x.color), 'grey') as color,
    coalesce(min(x.kind), 'open') as kind, min(x.place) as usual_place, sum(u.uses) as uses
  from used u left join usual x on x.key = lower(btrim(u.name)) group by u.workspace_id, lower(btrim(u.name))
  union all
  select w.id, x.key, x.name, x.color, x.kind, x.place, 0 from public.workspaces w cross join usual x
  where not exists (select from used u where u.workspace_id = w.id)
), placed as (
  select *, row_number() over (partition by workspace_id order by usual_place nulls last, uses desc, key) - 1 as place from wanted
)
insert into public.lead_statuses (workspace_id, name, color, kind, is_default, place)
select workspace_id, name, color, kind, key = 'new', place from placed where place < 100;

create trigger workspaces_lead_statuses after insert on public.workspaces
  for each row execute function private.begin_lead_statuses();
