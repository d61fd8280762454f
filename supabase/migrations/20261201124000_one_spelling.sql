-- A subscriber of Argentina is known under one number: from abroad it has a 9 behind the country code, which carriers leave out (contract/one-spelling.ts).
-- What was stored without it gets it, wherever numbers are compared.
update public.contacts set phone_e164 = '+549' || substr(phone_e164, 4) where phone_e164 ~ '^[+]54(11[0-9]{8}|[23][0-9]{9})$';

insert into public.suppressions as s (workspace_id, channel, address, reason, created_at, source, detail)
select workspace_id, channel, '+549' || substr(address, 4), reason, created_at, source, detail from public.suppressions
where channel = 'sms' and address ~ '^[+]54(11[0-9]{8}|[23][0-9]{9})$'
-- Where both stood there, what the person asked for stays.
on conflict (workspace_id, channel, address) do update set reason = excluded.reason, created_at = excluded.created_at, source = excluded.source,
    detail = excluded.detail
  where (s.reason in ('bounced_before', 'manual', 'maybe_stop') or s.source = 'trial')
    and excluded.reason not in ('bounced_before', 'manual', 'maybe_stop') and excluded.source <> 'trial';
delete from public.suppressions where channel = 'sms' and address ~ '^[+]54(11[0-9]{8}|[23][0-9]{9})$';

update public.inbound_messages set from_address = '+549' || substr(from_address, 4)
where channel = 'sms' and from_address ~ '^[+]54(11[0-9]{8}|[23][0-9]{9})$';
update public.contact_consents set address = '+549' || substr(address, 4)
where channel = 'sms' and address ~ '^[+]54(11[0-9]{8}|[23][0-9]{9})$';
insert into private.binned_refusals (workspace_id, channel, address, contact_id, opted_out_at, opt_out_source, dnc)
select workspace_id, channel, '+549' || substr(address, 4), contact_id, opted_out_at, opt_out_source, dnc from private.binned_refusals
where channel = 'sms' and address ~ '^[+]54(11[0-9]{8}|[23][0-9]{9})$'
on conflict do nothing;
delete from private.binned_refusals where channel = 'sms' and address ~ '^[+]54(11[0-9]{8}|[23][0-9]{9})$';

-- expand: What erased contacts refused is kept as a hash, of the form that their number had then.
create function private.former_spelling(e164 text) returns text language sql immutable parallel safe set search_path = '' as $$
  select case when e164 ~ '^[+]549(11[0-9]{8}|[23][0-9]{9})$' then '+54' || substr(e164, 5) end
$$;
revoke all on function private.former_spelling(text) from public, anon, authenticated, sluice_member;

create or replace function private.recall_refusals() returns trigger language plpgsql security definer set search_path = ''
  set enable_seqscan = off as $$
declare
  known private.refused_addresses;
  binned private.binned_refusals;
  has_new_address boolean := tg_op = 'INSERT' or new.phone_e164 is distinct from old.phone_e164 or new.email is distinct from old.email;
begin
  if has_new_address and exists (select from private.binned_refusals) then
    for binned in
      select r.* from private.binned_refusals r
      where r.workspace_id = new.workspace_id and r.channel = 'sms' and r.address = new.phone_e164
      union all
      select r.* from private.binned_refusals r
      where r.workspace_id = new.workspace_id and r.channel = 'email' and r.address = lower(btrim(new.email))
      order by contact_id
    loop
      if binned.opted_out_at is not null and binned.channel = 'sms' and new.sms_opted_out_at is null then
        new.sms_opted_out_at := binned.opted_out_at;
        new.opt_out_source := coalesce(new.opt_out_source, binned.opt_out_source);
      end if;
      if binned.opted_out_at is not null and binned.channel = 'email' and new.email_opted_out_at is null then
        new.email_opted_out_at := binned.opted_out_at;
        new.opt_out_source := coalesce(new.opt_out_source, binned.opt_out_source);
      end if;
      new.dnc := new.dnc or binned.dnc;
    end loop;
  end if;
  -- A contact that comes back from the bin may have missed what was erased meanwhile.
  if not (has_new_address or old.deleted_at is not null) or not exists (select from private.refused_addresses) then
    return new;
  end if;
  for known in
    select r.* from private.refused_addresses r
    join (values ('sms', new.phone_e164), ('sms', private.former_spelling(new.phone_e164)), ('email', new.email)) as a (channel, address)
      on r.channel = a.channel and r.address_hash = private.address_hash(new.workspace_id, a.channel, a.address)
    where r.workspace_id = new.workspace_id and a.address is not null
  loop
    if known.suppressed_as is not null then
      insert into public.suppressions (workspace_id, channel, address, reason, source, created_at)
      values (new.workspace_id, known.channel,
        case known.channel when 'sms' then new.phone_e164 else lower(btrim(new.email)) end, known.suppressed_as, known.suppressed_by,
        known.suppressed_at)
      on conflict do nothing;
      -- Otherwise the address would be on the list again after an admin took it off.
      update private.refused_addresses r set suppressed_as = null, suppressed_by = null, suppressed_at = null
      where r.workspace_id = known.workspace_id and r.channel = known.channel and r.address_hash = known.address_hash;
      delete from private.refused_addresses r
      where r.workspace_id = known.workspace_id and r.channel = known.channel and r.address_hash = known.address_hash
        and r.opted_out_at is null and not r.dnc;
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
end $$;

create or replace function private.lift_kept_refusals() returns trigger language plpgsql security definer set search_path = ''
  set enable_seqscan = off as $$
begin
  if not exists (select from private.refused_addresses) then
    return null;
  end if;
  update private.refused_addresses r
  set opted_out_at = case when a.lifted then null else r.opted_out_at end,
    opt_out_source = case when a.lifted then null else r.opt_out_source end,
    dnc = r.dnc and not (old.dnc and not new.dnc)
  from (values
    ('sms', new.phone_e164, old.sms_opted_out_at is not null and new.sms_opted_out_at is null),
    ('sms', private.former_spelling(new.phone_e164), old.sms_opted_out_at is not null and new.sms_opted_out_at is null),
    ('email', new.email, old.email_opted_out_at is not null and new.email_opted_out_at is null)) as a (channel, address, lifted)
  where a.address is not null and r.workspace_id = new.workspace_id and r.channel = a.channel
    and r.address_hash = private.address_hash(new.workspace_id, a.channel, a.address);
  delete from private.refused_addresses r
  using (values ('sms', new.phone_e164), ('sms', private.former_spelling(new.phone_e164)), ('email', new.email)) as a (channel, address)
  where a.address is not null and r.workspace_id = new.workspace_id and r.channel = a.channel
    and r.address_hash = private.address_hash(new.workspace_id, a.channel, a.address)
    and r.opted_out_at is null and not r.dnc and r.suppressed_as is null;
  return null;
end $$;
