-- What a contact has allowed and forbidden, in the order in which it became known. Entries are only ever added. The columns
-- of contacts (sms_opted_out_at, email_opted_out_at, dnc) hold what follows from them now. `all` is do-not-contact.
create table public.contact_consents (
  id uuid primary key default private.uuid_v7(),
  workspace_id text not null references public.workspaces (id) on delete cascade,
  contact_id uuid not null,
  channel text not null check (channel in ('sms', 'email', 'all')),
  state text not null check (state in ('opted_out', 'opted_in')),
  -- How it is known: manual, import, flow, or the contact's own act, such as stop. Null where nobody wrote it down.
  source text check (length(source) between 1 and 100),
  -- Where the contact gave it, in the words of the person who recorded it.
  evidence text check (length(evidence) between 1 and 500),
  given_at timestamptz not null,
  actor_id uuid,
  actor_name text,
  created_at timestamptz not null default now(),
  foreign key (workspace_id, contact_id) references public.contacts (workspace_id, id) on delete cascade
);
create index contact_consents_contact on public.contact_consents (workspace_id, contact_id, id desc);
alter table public.contact_consents enable row level security;
revoke all on public.contact_consents from public, anon, authenticated, sluice_member;
grant select on public.contact_consents to authenticated, sluice_member;
grant insert on public.contact_consents to sluice_member;
create policy contact_consents_read on public.contact_consents for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));
create policy contact_consents_insert on public.contact_consents for insert to sluice_member
  with check (workspace_id = any (array(select private.member_workspaces_as('editor'))));

insert into public.contact_consents (workspace_id, contact_id, channel, state, source, given_at)
select c.workspace_id, c.id, s.channel, 'opted_out', left(nullif(s.source, ''), 100), s.given_at
from public.contacts c
cross join lateral (values
  ('sms', c.opt_out_source, c.sms_opted_out_at),
  ('email', c.opt_out_source, c.email_opted_out_at),
  ('all', null, case when c.dnc then c.updated_at end)) as s (channel, source, given_at)
where s.given_at is not null;

-- Whether the contact forbade this channel by an act of their own: a STOP, an unsubscription, a complaint. Only they
-- themselves can take that back.
create function private.has_stopped(of_workspace text, of_contact uuid, of_channel text) returns boolean
language sql stable security definer set search_path = '' as $$
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
$$;
revoke all on function private.has_stopped(text, uuid, text) from public, anon, authenticated;
grant execute on function private.has_stopped(text, uuid, text) to sluice_member;

-- Consent never gets looser by itself: whoever writes contacts (an import, its undo, a merge, a form) keeps an opt-out, unless
-- this transaction has recorded where and when the contact gave consent again.
create function private.keep_opt_outs() returns trigger
language plpgsql security definer set search_path = '' as $$
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
end $$;
revoke all on function private.keep_opt_outs() from public, anon, authenticated, sluice_member;
create trigger contacts_keep_opt_outs before update on public.contacts for each row
  when ((old.sms_opted_out_at is not null and new.sms_opted_out_at is null)
    or (old.email_opted_out_at is not null and new.email_opted_out_at is null) or (old.dnc and not new.dnc))
  execute function private.keep_opt_outs();

-- Every opt-out is written down, whoever made it.
create function private.note_opt_outs() returns trigger
language plpgsql security definer set search_path = '' as $$
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
end $$;
revoke all on function private.note_opt_outs() from public, anon, authenticated, sluice_member;
create trigger contacts_note_opt_outs_insert after insert on public.contacts for each row
  when (new.sms_opted_out_at is not null or new.email_opted_out_at is not null or new.dnc) execute function private.note_opt_outs();
create trigger contacts_note_opt_outs after update on public.contacts for each row
  when ((old.sms_opted_out_at is null and new.sms_opted_out_at is not null)
    or (old.email_opted_out_at is null and new.email_opted_out_at is not null) or (new.dnc and not old.dnc))
  execute function private.note_opt_outs();
