-- What somebody asked for under an address that the contact had before: a reason of the suppression list. It closes the contact's channel as the list closes
-- the address, whatever address the contact gets, until there is a consent for that one (docs/decisions/0068).
alter table public.contacts add column sms_refused_as text, add column email_refused_as text;

create or replace view private.member_contacts as
  select * from public.contacts where deleted_at is null and workspace_id = any (array(select private.member_workspaces()));
create or replace view private.member_bin as
  select * from public.contacts where deleted_at is not null and workspace_id = any (array(select private.member_workspaces()));
create or replace view private.editor_bin as
  select * from public.contacts where deleted_at is not null and workspace_id = any (array(select private.member_workspaces_as('editor')));

-- expand: Earlier code writes neither column, and the trigger fills them for it.
create function private.move_refusals() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  moved record;
begin
  for moved in
    select a.channel, a.address, a.before, s.reason, s.created_at as refused_at
    from (values ('sms', old.phone_e164, new.phone_e164, old.sms_refused_as),
      ('email', lower(nullif(btrim(old.email), '')), lower(nullif(btrim(new.email), '')), old.email_refused_as)) as a (channel, before, address, refused_as)
    left join public.suppressions s on s.workspace_id = new.workspace_id and s.channel = a.channel and s.address = a.before
      and s.reason not in ('bounced_before', 'manual') and s.source <> 'trial'
    where a.address is distinct from a.before and (s.reason is not null or a.refused_as is not null)
  loop
    -- The change itself may bring the consent for the new address along.
    if exists (
      select from public.contact_consents e
      where e.workspace_id = new.workspace_id and e.contact_id = new.id and e.channel = moved.channel and e.state = 'opted_in' and e.source <> 'keyword'
        and e.address = moved.address and e.created_at = now())
    then
      if moved.channel = 'sms' then
        new.sms_refused_as := null;
      else
        new.email_refused_as := null;
      end if;
    elsif moved.reason is not null then
      if moved.channel = 'sms' then
        new.sms_refused_as := case when coalesce(new.sms_refused_as, 'maybe_stop') = 'maybe_stop' then moved.reason else new.sms_refused_as end;
      else
        new.email_refused_as := case when coalesce(new.email_refused_as, 'maybe_stop') = 'maybe_stop' then moved.reason else new.email_refused_as end;
      end if;
      if moved.reason <> 'maybe_stop' then
        insert into public.contact_consents (workspace_id, contact_id, channel, state, source, address, given_at)
        values (new.workspace_id, new.id, moved.channel, 'opted_out', 'moved', moved.before, moved.refused_at);
      end if;
    end if;
  end loop;
  return new;
end $$;
revoke all on function private.move_refusals() from public, anon, authenticated, sluice_member;
create trigger contacts_move_refusals before update on public.contacts for each row
  when (old.phone_e164 is distinct from new.phone_e164 or old.email is distinct from new.email) execute function private.move_refusals();

-- What the person agrees to for the address that the contact has, and START from it, end what was asked for under an earlier one.
create function private.end_moved_refusals() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update public.contacts c set sms_refused_as = case new.channel when 'sms' then null else c.sms_refused_as end,
    email_refused_as = case new.channel when 'email' then null else c.email_refused_as end
  where c.workspace_id = new.workspace_id and c.id = new.contact_id
    and (new.channel = 'sms' and c.sms_refused_as is not null and c.phone_e164 = new.address
      or new.channel = 'email' and c.email_refused_as is not null and c.sort_email = new.address);
  return null;
end $$;
revoke all on function private.end_moved_refusals() from public, anon, authenticated, sluice_member;
create trigger contact_consents_end_moved after insert on public.contact_consents for each row
  when (new.state = 'opted_in' and new.channel in ('sms', 'email')) execute function private.end_moved_refusals();

-- Nothing else takes it away, as nothing takes an opt-out away.
create function private.keep_moved_refusals() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  given text[] := array(
    select e.channel from public.contact_consents e
    where e.workspace_id = new.workspace_id and e.contact_id = new.id and e.state = 'opted_in' and e.created_at = now());
begin
  if new.sms_refused_as is null and not 'sms' = any (given) then
    new.sms_refused_as := old.sms_refused_as;
  end if;
  if new.email_refused_as is null and not 'email' = any (given) then
    new.email_refused_as := old.email_refused_as;
  end if;
  return new;
end $$;
revoke all on function private.keep_moved_refusals() from public, anon, authenticated, sluice_member;
create trigger contacts_keep_moved before update on public.contacts for each row
  when (old.sms_refused_as is not null and new.sms_refused_as is null or old.email_refused_as is not null and new.email_refused_as is null)
  execute function private.keep_moved_refusals();

-- A refusal that moved along is not the person's word on the address of now, so a consent for that one can be written down.
create or replace function private.has_stopped(of_workspace text, of_contact uuid, of_channel text) returns boolean
  language sql stable security definer set search_path = '' as $$
  select exists (
    select from public.contacts c
    join public.suppressions s on s.workspace_id = c.workspace_id and s.channel = of_channel
      and s.address = case of_channel when 'sms' then c.phone_e164 else c.sort_email end
    where c.workspace_id = of_workspace and c.id = of_contact and s.reason not in ('bounced_before', 'manual', 'dnc', 'maybe_stop')
      and s.source not in ('decided', 'undecided')
  ) or coalesce((
    select e.state = 'opted_out'
    from public.contact_consents e
    join public.contacts c on c.workspace_id = e.workspace_id and c.id = e.contact_id
    where e.workspace_id = of_workspace and e.contact_id = of_contact and e.channel = of_channel
      and (e.state = 'opted_in' or e.source not in ('manual', 'import', 'flow', 'moved') and (of_channel = 'all' or e.address is null
        or e.address = case of_channel when 'sms' then c.phone_e164 else c.sort_email end))
    order by e.id desc limit 1
  ), false)
$$;

create or replace function private.note_binned_refusals() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if new.deleted_at is null then
    delete from private.binned_refusals r where r.contact_id = new.id;
  else
    insert into private.binned_refusals (workspace_id, channel, address, contact_id, opted_out_at, opt_out_source, dnc)
    select new.workspace_id, a.channel, a.address, new.id, a.opted_out_at, case when a.opted_out_at is not null then coalesce(new.opt_out_source, 'moved') end, new.dnc
    from (values ('sms', new.phone_e164, coalesce(new.sms_opted_out_at, case when new.sms_refused_as is not null then now() end)),
      ('email', new.sort_email, coalesce(new.email_opted_out_at, case when new.email_refused_as is not null then now() end))) as a (channel, address, opted_out_at)
    where a.address is not null and (a.opted_out_at is not null or new.dnc)
    on conflict do nothing;
  end if;
  return null;
end $$;
drop trigger contacts_note_binned on public.contacts;
create trigger contacts_note_binned after update of deleted_at on public.contacts for each row
  when ((old.deleted_at is null) <> (new.deleted_at is null) and (new.dnc or new.sms_opted_out_at is not null or new.email_opted_out_at is not null
    or old.dnc or old.sms_opted_out_at is not null or old.email_opted_out_at is not null or new.sms_refused_as is not null
    or new.email_refused_as is not null or old.sms_refused_as is not null or old.email_refused_as is not null))
  execute function private.note_binned_refusals();
