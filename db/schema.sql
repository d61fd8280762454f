-- The schema as the migrations leave it: what a reviewer reads to see what a migration changes, and what a test
-- compares with a migrated database. Made by "npm run db:dump"; changes begin in supabase/migrations.

create role sluice_api login noinherit in role authenticated, sluice_member;
create role sluice_member nologin noinherit;
create role sluice_reader nologin noinherit;

create schema private;
grant usage on schema private to authenticated;
grant usage on schema private to sluice_member;
grant usage on schema private to sluice_reader;
grant usage on schema public to authenticated;
grant usage on schema public to public;
grant usage on schema public to sluice_member;
grant usage on schema public to sluice_reader;

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

CREATE OR REPLACE FUNCTION private.audit_subject_name(in_workspace text, of_type text, of_id text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  subject uuid;
begin
  if of_id is null then
    return null;
  end if;
  if of_type = 'api_key' then
    return (select k.name from public.api_keys k where k.workspace_id = in_workspace and k.id::text = of_id);
  elsif of_type = 'workspace' then
    return (select w.name from public.workspaces w where w.id = in_workspace and w.id = of_id);
  end if;
  if of_id !~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' then
    return null;
  end if;
  subject := of_id::uuid;
  return case of_type
    when 'flow' then (select f.name from public.flows f where f.workspace_id = in_workspace and f.id = subject)
    when 'send' then (
      select f.name from public.flow_sends s join public.flows f on f.workspace_id = s.workspace_id and f.id = s.flow_id
      where s.workspace_id = in_workspace and s.id = subject)
    when 'execution' then (
      select f.name from public.flow_executions e join public.flows f on f.workspace_id = e.workspace_id and f.id = e.flow_id
      where e.workspace_id = in_workspace and e.id = subject)
    when 'lead_status' then (
      select l.name from public.lead_statuses l where l.workspace_id = in_workspace and l.id = subject)
    else
      case when of_type in ('member', 'account', 'session', 'instance') then coalesce(
        (select u.name from private.users u where u.id = subject),
        (select p.name from private.supabase_people p where p.id = subject))
      end
  end;
end $function$
;
grant  on function private.audit_subject_name(text,text,text) to ;

CREATE OR REPLACE FUNCTION private.begin_lead_statuses()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  insert into public.lead_statuses (workspace_id, name, color, kind, is_default, place)
  values (new.id, 'New', 'blue', 'open', true, 0), (new.id, 'Contacted', 'yellow', 'open', false, 1),
    (new.id, 'Qualified', 'orange', 'open', false, 2), (new.id, 'Proposal sent', 'orange', 'open', false, 3),
    (new.id, 'Customer', 'green', 'won', false, 4), (new.id, 'Lost', 'grey', 'lost', false, 5);
  return new;
end $function$
;
grant  on function private.begin_lead_statuses() to ;

CREATE OR REPLACE FUNCTION private.bin_deleted_flow()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if not exists (select from public.workspaces where id = old.workspace_id) then
    return old;
  end if;
  if old.deleted_at is not null
    and not exists (select from public.flow_sends where workspace_id = old.workspace_id and flow_id = old.id) then
    return old;
  end if;
  update public.flows set deleted_at = now() where workspace_id = old.workspace_id and id = old.id and deleted_at is null;
  return null;
end $function$
;
grant  on function private.bin_deleted_flow() to ;

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

CREATE OR REPLACE FUNCTION private.decide_stops()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  update public.suppressions s set reason = a.reason, source = 'decided'
  from (values ('sms', new.phone_e164, 'stop', new.sms_opted_out_at is not null or new.dnc),
    ('email', new.sort_email, 'unsubscribe', new.email_opted_out_at is not null or new.dnc)) as a (channel, address, reason, is_closed)
  where a.is_closed and s.workspace_id = new.workspace_id and s.channel = a.channel and s.address = a.address and s.reason = 'maybe_stop'
    and s.source <> 'trial';
  return null;
end $function$
;
grant  on function private.decide_stops() to ;

CREATE OR REPLACE FUNCTION private.empty_deleted_folder()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if exists (select from public.workspaces where id = old.workspace_id) then
    update public.flows set folder_id = old.parent_id where workspace_id = old.workspace_id and folder_id = old.id;
    update public.flow_folders set parent_id = old.parent_id where workspace_id = old.workspace_id and parent_id = old.id;
  end if;
  return old;
end $function$
;
grant  on function private.empty_deleted_folder() to ;

CREATE OR REPLACE FUNCTION private.end_grants()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  ranks constant text[] := array['viewer', 'editor', 'admin', 'owner'];
  left_with int := case when tg_op = 'DELETE' then 0 else array_position(ranks, new.role) end;
begin
  if old.kind <> 'user' or tg_op = 'UPDATE' and left_with >= array_position(ranks, old.role) then
    return null;
  end if;
  delete from private.password_resets where created_by = old.user_id;
  if left_with < array_position(ranks, 'admin') then
    update public.workspace_invitations set revoked_at = now()
    where workspace_id = old.workspace_id and invited_by = old.user_id and accepted_at is null and revoked_at is null;
  end if;
  update public.api_keys k set revoked_at = now()
  from public.workspace_members m
  where k.workspace_id = old.workspace_id and k.created_by = old.user_id and k.revoked_at is null
    and m.workspace_id = k.workspace_id and m.user_id = k.member_id and array_position(ranks, m.role) > left_with;
  return null;
end $function$
;
grant  on function private.end_grants() to ;

CREATE OR REPLACE FUNCTION private.end_moved_refusals()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  update public.contacts c set sms_refused_as = case new.channel when 'sms' then null else c.sms_refused_as end,
    email_refused_as = case new.channel when 'email' then null else c.email_refused_as end
  where c.workspace_id = new.workspace_id and c.id = new.contact_id
    and (new.channel = 'sms' and c.sms_refused_as is not null and c.phone_e164 = new.address
      or new.channel = 'email' and c.email_refused_as is not null and c.sort_email = new.address);
  return null;
end $function$
;
grant  on function private.end_moved_refusals() to ;

CREATE OR REPLACE FUNCTION private.flow_mark(name text, nodes jsonb, edges jsonb, settings jsonb)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$ select encode(sha256(convert_to(jsonb_build_array(name, nodes, edges, settings)::text, 'UTF8')), 'hex') $function$
;
grant execute on function private.flow_mark(text,jsonb,jsonb,jsonb) to authenticated;
grant execute on function private.flow_mark(text,jsonb,jsonb,jsonb) to sluice_member;

CREATE OR REPLACE FUNCTION private.folded_name(value text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO ''
AS $function$
begin
  if octet_length(value) = length(value) then
    return btrim(regexp_replace(lower(value), '[\u0001-\u0020\u007f]+', ' ', 'g'), ' ');
  end if;
  return btrim(
    regexp_replace(
      normalize(
        replace(
          replace(
            lower(
              regexp_replace(normalize(value, nfkd), '[' ||
      '\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670' ||
      '\u06d6-\u06dc\u06df-\u06e4\u06e7-\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3\u07fd' ||
      '\u0816-\u0819\u081b-\u0823\u0825-\u0827\u0829-\u082d\u0859-\u085b\u0897-\u089f\u08ca-\u08e1\u08e3-\u0903' ||
      '\u093a-\u093c\u093e-\u094f\u0951-\u0957\u0962-\u0963\u0981-\u0983\u09bc\u09be-\u09c4\u09c7-\u09c8\u09cb-\u09cd' ||
      '\u09d7\u09e2-\u09e3\u09fe\u0a01-\u0a03\u0a3c\u0a3e-\u0a42\u0a47-\u0a48\u0a4b-\u0a4d\u0a51\u0a70-\u0a71\u0a75' ||
      '\u0a81-\u0a83\u0abc\u0abe-\u0ac5\u0ac7-\u0ac9\u0acb-\u0acd\u0ae2-\u0ae3\u0afa-\u0aff\u0b01-\u0b03\u0b3c' ||
      '\u0b3e-\u0b44\u0b47-\u0b48\u0b4b-\u0b4d\u0b55-\u0b57\u0b62-\u0b63\u0b82\u0bbe-\u0bc2\u0bc6-\u0bc8\u0bca-\u0bcd' ||
      '\u0bd7\u0c00-\u0c04\u0c3c\u0c3e-\u0c44\u0c46-\u0c48\u0c4a-\u0c4d\u0c55-\u0c56\u0c62-\u0c63\u0c81-\u0c83\u0cbc' ||
      '\u0cbe-\u0cc4\u0cc6-\u0cc8\u0cca-\u0ccd\u0cd5-\u0cd6\u0ce2-\u0ce3\u0cf3\u0d00-\u0d03\u0d3b-\u0d3c\u0d3e-\u0d44' ||
      '\u0d46-\u0d48\u0d4a-\u0d4d\u0d57\u0d62-\u0d63\u0d81-\u0d83\u0dca\u0dcf-\u0dd4\u0dd6\u0dd8-\u0ddf\u0df2-\u0df3' ||
      '\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u0f18-\u0f19\u0f35\u0f37\u0f39\u0f3e-\u0f3f' ||
      '\u0f71-\u0f84\u0f86-\u0f87\u0f8d-\u0f97\u0f99-\u0fbc\u0fc6\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064' ||
      '\u1067-\u106d\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d\u135d-\u135f\u1712-\u1715\u1732-\u1734\u1752-\u1753' ||
      '\u1772-\u1773\u17b4-\u17d3\u17dd\u180b-\u180d\u180f\u1885-\u1886\u18a9\u1920-\u192b\u1930-\u193b\u1a17-\u1a1b' ||
      '\u1a55-\u1a5e\u1a60-\u1a7c\u1a7f\u1ab0-\u1add\u1ae0-\u1aeb\u1b00-\u1b04\u1b34-\u1b44\u1b6b-\u1b73\u1b80-\u1b82' ||
      '\u1ba1-\u1bad\u1be6-\u1bf3\u1c24-\u1c37\u1cd0-\u1cd2\u1cd4-\u1ce8\u1ced\u1cf4\u1cf7-\u1cf9\u1dc0-\u1dff' ||
      '\u20d0-\u20f0\u2cef-\u2cf1\u2d7f\u2de0-\u2dff\u302a-\u302f\u3099-\u309a\ua66f-\ua672\ua674-\ua67d\ua69e-\ua69f' ||
      '\ua6f0-\ua6f1\ua802\ua806\ua80b\ua823-\ua827\ua82c\ua880-\ua881\ua8b4-\ua8c5\ua8e0-\ua8f1\ua8ff\ua926-\ua92d' ||
      '\ua947-\ua953\ua980-\ua983\ua9b3-\ua9c0\ua9e5\uaa29-\uaa36\uaa43\uaa4c-\uaa4d\uaa7b-\uaa7d\uaab0\uaab2-\uaab4' ||
      '\uaab7-\uaab8\uaabe-\uaabf\uaac1\uaaeb-\uaaef\uaaf5-\uaaf6\uabe3-\uabea\uabec-\uabed\ufb1e\ufe00-\ufe0f' ||
      '\ufe20-\ufe2f\U000101fd\U000102e0\U00010376-\U0001037a\U00010a01-\U00010a03\U00010a05-\U00010a06' ||
      '\U00010a0c-\U00010a0f\U00010a38-\U00010a3a\U00010a3f\U00010ae5-\U00010ae6\U00010d24-\U00010d27' ||
      '\U00010d69-\U00010d6d\U00010eab-\U00010eac\U00010efa-\U00010eff\U00010f46-\U00010f50\U00010f82-\U00010f85' ||
      '\U00011000-\U00011002\U00011038-\U00011046\U00011070\U00011073-\U00011074\U0001107f-\U00011082' ||
      '\U000110b0-\U000110ba\U000110c2\U00011100-\U00011102\U00011127-\U00011134\U00011145-\U00011146\U00011173' ||
      '\U00011180-\U00011182\U000111b3-\U000111c0\U000111c9-\U000111cc\U000111ce-\U000111cf\U0001122c-\U00011237' ||
      '\U0001123e\U00011241\U000112df-\U000112ea\U00011300-\U00011303\U0001133b-\U0001133c\U0001133e-\U00011344' ||
      '\U00011347-\U00011348\U0001134b-\U0001134d\U00011357\U00011362-\U00011363\U00011366-\U0001136c' ||
      '\U00011370-\U00011374\U000113b8-\U000113c0\U000113c2\U000113c5\U000113c7-\U000113ca\U000113cc-\U000113d0' ||
      '\U000113d2\U000113e1-\U000113e2\U00011435-\U00011446\U0001145e\U000114b0-\U000114c3\U000115af-\U000115b5' ||
      '\U000115b8-\U000115c0\U000115dc-\U000115dd\U00011630-\U00011640\U000116ab-\U000116b7\U0001171d-\U0001172b' ||
      '\U0001182c-\U0001183a\U00011930-\U00011935\U00011937-\U00011938\U0001193b-\U0001193e\U00011940' ||
      '\U00011942-\U00011943\U000119d1-\U000119d7\U000119da-\U000119e0\U000119e4\U00011a01-\U00011a0a' ||
      '\U00011a33-\U00011a39\U00011a3b-\U00011a3e\U00011a47\U00011a51-\U00011a5b\U00011a8a-\U00011a99' ||
      '\U00011b60-\U00011b67\U00011c2f-\U00011c36\U00011c38-\U00011c3f\U00011c92-\U00011ca7\U00011ca9-\U00011cb6' ||
      '\U00011d31-\U00011d36\U00011d3a\U00011d3c-\U00011d3d\U00011d3f-\U00011d45\U00011d47\U00011d8a-\U00011d8e' ||
      '\U00011d90-\U00011d91\U00011d93-\U00011d97\U00011ef3-\U00011ef6\U00011f00-\U00011f01\U00011f03' ||
      '\U00011f34-\U00011f3a\U00011f3e-\U00011f42\U00011f5a\U00013440\U00013447-\U00013455\U0001611e-\U0001612f' ||
      '\U00016af0-\U00016af4\U00016b30-\U00016b36\U00016f4f\U00016f51-\U00016f87\U00016f8f-\U00016f92\U00016fe4' ||
      '\U00016ff0-\U00016ff1\U0001bc9d-\U0001bc9e\U0001cf00-\U0001cf2d\U0001cf30-\U0001cf46\U0001d165-\U0001d169' ||
      '\U0001d16d-\U0001d172\U0001d17b-\U0001d182\U0001d185-\U0001d18b\U0001d1aa-\U0001d1ad\U0001d242-\U0001d244' ||
      '\U0001da00-\U0001da36\U0001da3b-\U0001da6c\U0001da75\U0001da84\U0001da9b-\U0001da9f\U0001daa1-\U0001daaf' ||
      '\U0001e000-\U0001e006\U0001e008-\U0001e018\U0001e01b-\U0001e021\U0001e023-\U0001e024\U0001e026-\U0001e02a' ||
      '\U0001e08f\U0001e130-\U0001e136\U0001e2ae\U0001e2ec-\U0001e2ef\U0001e4ec-\U0001e4ef\U0001e5ee-\U0001e5ef' ||
      '\U0001e6e3\U0001e6e6\U0001e6ee-\U0001e6ef\U0001e6f5\U0001e8d0-\U0001e8d6\U0001e944-\U0001e94a' ||
      '\U000e0100-\U000e01ef' ||
      ']', '', 'g')),
            'ß', 'ss'),
          'ς', 'σ'),
        nfkc),
      '[\u0001-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+', ' ', 'g'),
    U&' \FEFF');
end $function$
;
grant execute on function private.folded_name(text) to authenticated;
grant execute on function private.folded_name(text) to sluice_member;
grant execute on function private.folded_name(text) to sluice_reader;

CREATE OR REPLACE FUNCTION private.forget_private_launches()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  delete from public.saved_launches where workspace_id = old.workspace_id and made_by = old.user_id and not is_shared;
  return old;
end $function$
;
grant  on function private.forget_private_launches() to ;

CREATE OR REPLACE FUNCTION private.former_spelling(e164 text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$
  select case when e164 ~ '^[+]549(11[0-9]{8}|[23][0-9]{9})$' then '+54' || substr(e164, 5) end
$function$
;
grant  on function private.former_spelling(text) to ;

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
$function$
;
grant execute on function private.has_stopped(text,uuid,text) to sluice_member;
grant execute on function private.has_stopped(text,uuid,text) to sluice_reader;

CREATE OR REPLACE FUNCTION private.keep_former_provider(of_workspace text, of_channel text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if not of_workspace = any (array(select private.member_workspaces_as('admin'))) then
    raise insufficient_privilege using message = 'Only an admin of the workspace changes its providers.';
  end if;
  insert into private.former_providers (workspace_id, channel, provider, settings, secrets)
  select p.workspace_id, p.channel, p.provider, p.settings, p.secrets
  from public.providers p where p.workspace_id = of_workspace and p.channel = of_channel and p.secrets is not null;
end $function$
;
grant execute on function private.keep_former_provider(text,text) to sluice_member;

CREATE OR REPLACE FUNCTION private.keep_moved_refusals()
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
  if new.sms_refused_as is null and not 'sms' = any (given) then
    new.sms_refused_as := old.sms_refused_as;
  end if;
  if new.email_refused_as is null and not 'email' = any (given) then
    new.email_refused_as := old.email_refused_as;
  end if;
  return new;
end $function$
;
grant  on function private.keep_moved_refusals() to ;

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

CREATE OR REPLACE FUNCTION private.lift_kept_refusals()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
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
end $function$
;
grant  on function private.lift_kept_refusals() to ;

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
    where s.workspace_id = of_workspace and s.id = of_id
      and (s.reason in ('bounced_before', 'manual', 'maybe_stop') or s.source in ('decided', 'undecided')) returning s.*;
end $function$
;
grant execute on function private.lift_suppression(text,uuid) to sluice_member;

CREATE OR REPLACE FUNCTION private.mail_domain(of_workspace text)
 RETURNS TABLE(domain text, is_proven boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select p.domain, coalesce(d.good_at > now() - interval '30 days' or d.stated_at is not null, false)
  from (
    select workspace_id, lower(substring(settings ->> 'fromAddress' from '@([^@]+)$')) as domain from public.providers
    where workspace_id = of_workspace and channel = 'email'
      and of_workspace = coalesce(nullif((select private.reader_workspace()), ''), of_workspace)
  ) p
  left join private.sending_domains d on d.workspace_id = p.workspace_id and d.domain = p.domain
  where p.domain is not null
$function$
;
grant execute on function private.mail_domain(text) to sluice_reader;

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

CREATE OR REPLACE FUNCTION private.message_words(address text, subject text, body text, created_at timestamp with time zone)
 RETURNS tsvector
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE COST 1000
 SET search_path TO ''
AS $function$
declare
  week constant text := private.week_key(created_at);
  texts constant text := private.unaccented(lower(left(coalesce(subject, ''), 1000) || ' ' || left(coalesce(body, ''), 50000)));
  place constant text := private.unaccented(lower(left(coalesce(address, ''), 300)));
  found text[] := regexp_split_to_array(texts || ' ' || place,
    '[\u0001-/:-@\[-`{-\u00A9\u00AB-\u00B1\u00B4\u00B6-\u00B8\u00BB-\u00BF\u00D7\u00F7\u0149\u02B0-\u02FF\u0E00-\u0EFF\u1000-\u11FF\u1780-\u17FF\u2000-\u206F\u20A0-\u20CF\u2100-\u214F\u2190-\u2BFF\u3000-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFE00-\uFE0F\uFE30-\uFE6F\uFF00-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65\U0001F000-\U0001FAFF\U00020000-\U0003134F]+')
    || place;
begin
  if octet_length(texts) <> length(texts) then
    found := found || private.unspaced_letters(texts);
  end if;
  if strpos(texts, '@') > 0 then
    found := found || array(
      select btrim(mentioned[1], '.-!?*_~''') from regexp_matches(texts, '[^\s<>()\[\]",;:]+@[^\s<>()\[\]",;:@]+', 'g') as mentioned);
  end if;
  if strpos(place, '@') > 0 then
    found := found || substr(place, strpos(place, '@'));
  elsif left(place, 1) = '+' then
    found := found || ('-' || reverse(substr(place, 2)));
  end if;
  if length(texts) > 500 then
    found := array(select left(word, 60) from unnest(found) as word);
  end if;
  return array_to_tsvector(array(select week || word from unnest(found) as word where word <> ''));
end
$function$
;
grant execute on function private.message_words(text,text,text,timestamp with time zone) to authenticated;
grant execute on function private.message_words(text,text,text,timestamp with time zone) to sluice_member;

CREATE OR REPLACE FUNCTION private.move_refusals()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
end $function$
;
grant  on function private.move_refusals() to ;

CREATE OR REPLACE FUNCTION private.note_binned_refusals()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
end $function$
;
grant  on function private.note_binned_refusals() to ;

CREATE OR REPLACE FUNCTION private.note_consent_address()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  -- Empty is said by who knows that there was none. An entry that is copied keeps its own.
  if new.address is null and new.channel <> 'all' then
    select case new.channel when 'sms' then c.phone_e164 else c.sort_email end into new.address
    from public.contacts c where c.workspace_id = new.workspace_id and c.id = new.contact_id;
  end if;
  new.address := nullif(new.address, '');
  return new;
end $function$
;
grant  on function private.note_consent_address() to ;

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

CREATE OR REPLACE FUNCTION private.note_send_errors()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  insert into public.notices (workspace_id, kind, cause, send_id)
  values (new.workspace_id, 'send_errors',
    case when new.source in ('manual', 'bulk') then new.id::text
      else coalesce(new.flow_id::text, new.id::text) || ' ' || to_char(now() at time zone 'UTC', 'YYYY-MM-DD') end,
    new.id)
  on conflict (workspace_id, kind, cause) do update
    set times = notices.times + 1, send_id = excluded.send_id, last_at = excluded.last_at;
  return null;
end $function$
;
grant  on function private.note_send_errors() to ;

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

CREATE OR REPLACE FUNCTION private.phone_country(e164 text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO ''
AS $function$
declare
  digits constant text := substr(e164, 2);
  code constant text := left(digits, case when left(digits, 1) in ('1', '7') then 1
    when left(digits, 2) in ('20', '27', '30', '31', '32', '33', '34', '36', '39', '40', '41', '43', '44', '45', '46', '47', '48', '49', '51', '52', '53', '54', '55', '56', '57', '58', '60', '61', '62', '63', '64', '65', '66', '81', '82', '84', '86', '90', '91', '92', '93', '94', '95', '98') then 2 else 3 end);
  n constant text := substr(digits, length(code) + 1);
  found text;
begin
  if e164 !~ '^[+][1-9][0-9]{6,14}$' then
    return null;
  end if;
  case code
    when '1' then
      found := case
        when left(n, 3) in ('268') then 'AG'
        when left(n, 3) in ('264') then 'AI'
        when left(n, 3) in ('684') then 'AS'
        when left(n, 3) in ('246') then 'BB'
        when left(n, 3) in ('441') then 'BM'
        when left(n, 3) in ('242') then 'BS'
        when n ~ '^(?:(?:2(?:04|[23]6|[48]9|5[07]|[67]3)|3(?:06|43|54|6[578]|82)|4(?:03|1[68]|[26]8|3[178]|50|74)|5(?:06|1[49]|48|79|8[147])|6(?:04|[18]3|39|47|72)|7(?:0[59]|42|53|78|8[02])|8(?:[06]7|19|25|7[39])|9(?:0[25]|42))[2-9]\d{6}|8(?:00|33|44|55|66|77|88)[2-9]\d{6}|900[2-9]\d{6}|52(?:3(?:[2-46-9][02-9]\d|5(?:[02-46-9]\d|5[0-46-9]))|4(?:[2-478][02-9]\d|5(?:[034]\d|2[024-9]|5[0-46-9])|6(?:0[1-9]|[2-9]\d)|9(?:[05-9]\d|2[0-5]|49)))\d{4}|52[34][2-9]1[02-9]\d{4}|(?:5(?:2[125-9]|3[23]|44|66|77|88)|6(?:22|33))[2-9]\d{6}|310\d{4}|600[2-9]\d{6})$' then 'CA'
        when left(n, 3) in ('767') then 'DM'
        when n ~ '^(?:8001|8[024]9)' then 'DO'
        when left(n, 3) in ('473') then 'GD'
        when left(n, 3) in ('671') then 'GU'
        when left(n, 3) in ('658', '876') then 'JM'
        when left(n, 3) in ('869') then 'KN'
        when left(n, 3) in ('345') then 'KY'
        when left(n, 3) in ('758') then 'LC'
        when left(n, 3) in ('670') then 'MP'
        when left(n, 3) in ('664') then 'MS'
        when left(n, 3) in ('787', '939') then 'PR'
        when left(n, 3) in ('721') then 'SX'
        when left(n, 3) in ('649') then 'TC'
        when left(n, 3) in ('868') then 'TT'
        when left(n, 3) in ('784') then 'VC'
        when left(n, 3) in ('284') then 'VG'
        when left(n, 3) in ('340') then 'VI' end;
      return case when found is null or n ~ '^(?:983[2-57-9]\d{6}|(?:2(?:0[1-35-9]|1[02-9]|2[03-57-9]|3[1459]|4[08]|5[1-46]|6[0279]|7[02469]|8[13])|3(?:0[1-57-9]|1[02-9]|2[013-79]|3[0-24679]|4[167]|5[0-3]|6[01349]|8[056])|4(?:0[124-9]|1[02-579]|2[3-5]|3[0245]|4[023578]|58|6[349]|7[02589]|8[04])|5(?:0[1-57-9]|1[0235-8]|20|3[0149]|4[01]|5[179]|6[1-47]|7[0-5]|8[0256])|6(?:0[1-35-9]|1[024-9]|2[03689]|3[016]|4[0156]|5[01679]|6[0-279]|78|8[0-269])|7(?:0[1-46-8]|1[2-9]|2[04-8]|3[0-2478]|4[0378]|5[47]|6[02359]|7[0-59]|8[156])|8(?:0[1-68]|1[02-8]|2[0168]|3[0-2589]|4[03578]|5[046-9]|6[02-5]|7[028])|9(?:0[1346-9]|1[02-9]|2[0589]|3[0146-8]|4[01357-9]|5[12469]|7[0-3589]|8[04-69]))[2-9]\d{6}|8(?:00|33|44|55|66|77|88)[2-9]\d{6}|900[2-9]\d{6}|52(?:3(?:[2-46-9][02-9]\d|5(?:[02-46-9]\d|5[0-46-9]))|4(?:[2-478][02-9]\d|5(?:[034]\d|2[024-9]|5[0-46-9])|6(?:0[1-9]|[2-9]\d)|9(?:[05-9]\d|2[0-5]|49)))\d{4}|52[34][2-9]1[02-9]\d{4}|5(?:00|2[125-9]|3[23]|44|66|77|88)[2-9]\d{6})$' then 'US' else found end;
    when '7' then
      found := case
        when left(n, 1) in ('7') then 'KZ' end;
      return case when found is null or n ~ '^(?:[3489])' then 'RU' else found end;
    when '39' then
      found := case
        when left(n, 5) in ('06698') then 'VA' end;
      return case when found is null or n ~ '^(?:0(?:669[0-79]\d{1,6}|831\d{2,8})|0(?:1(?:[0159]\d|[27][1-5]|31|4[1-4]|6[1356]|8[2-57])|2\d\d|3(?:[0159]\d|2[1-4]|3[12]|[48][1-6]|6[2-59]|7[1-7])|4(?:[0159]\d|[23][1-9]|4[245]|6[1-5]|7[1-4]|81)|5(?:[0159]\d|2[1-5]|3[2-6]|4[1-79]|6[4-6]|7[1-578]|8[3-8])|6(?:[0-57-9]\d|6[0-8])|7(?:[0159]\d|2[12]|3[1-7]|4[2-46]|6[13569]|7[13-6]|8[1-59])|8(?:[0159]\d|2[3-578]|3[2356]|[6-8][1-5])|9(?:[0159]\d|[238][1-5]|4[12]|6[1-8]|7[1-6]))\d{2,7}|3[2-9]\d{7,8}|(?:31|43)\d{8}|80(?:0\d{3}|3)\d{3}|(?:0878\d{3}|89(?:2\d|3[04]|4(?:[0-4]|[5-9]\d\d)|5[0-4]))\d\d|(?:1(?:44|6[346])|89(?:38|5[5-9]|9))\d{6}|1(?:78\d|99)\d{6}|3[2-8]\d{9,10}|55\d{8}|84(?:[08]\d{3}|[17])\d{3})$' then 'IT' else found end;
    when '44' then
      found := case
        when n ~ '^(?:1481[25-9]\d{5}|7(?:(?:781|839)\d|911[17])\d{5}|80[08]\d{7}|800\d{6}|8001111|(?:8(?:4[2-5]|7[0-3])|9(?:[01]\d|8[0-3]))\d{7}|845464\d|70\d{8}|(?:3[0347]|55)\d{8}|76(?:464|652)\d{5}|76(?:0[0-28]|2[356]|34|4[01347]|5[49]|6[0-369]|77|8[14]|9[139])\d{6}|56\d{8})$' then 'GG'
        when n ~ '^(?:74576|(?:16|7[56])24)' then 'IM'
        when n ~ '^(?:1534[0-24-8]\d{5}|7(?:(?:(?:50|82)9|937)\d|7(?:00[378]|97\d))\d{5}|80(?:07(?:35|81)|8901)\d{4}|(?:8(?:4(?:4(?:4(?:05|42|69)|703)|5(?:041|800))|7(?:0002|1206))|90(?:066[59]|1810|71(?:07|55)))\d{4}|701511\d{4}|(?:3(?:0(?:07(?:35|81)|8901)|3\d{4}|4(?:4(?:4(?:05|42|69)|703)|5(?:041|800))|7(?:0002|1206))|55\d{4})\d{4}|76(?:464|652)\d{5}|76(?:0[0-28]|2[356]|34|4[01347]|5[49]|6[0-369]|77|8[14]|9[139])\d{6}|56\d{8})$' then 'JE' end;
      return case when found is null or n ~ '^(?:(?:1(?:1(?:3(?:[0-58]\d\d|73[0-5])|4(?:(?:[0-5]\d|70)\d|69[7-9])|(?:(?:5[0-26-9]|[78][0-49])\d|6(?:[0-4]\d|5[01]))\d)|(?:2(?:(?:0[024-9]|2[3-9]|3[3-79]|4[1-689]|[58][02-9]|6[0-47-9]|7[013-9]|9\d)\d|1(?:[0-7]\d|8[0-3]))|(?:3(?:0\d|1[0-8]|[25][02-9]|3[02-579]|[468][0-46-9]|7[1-35-79]|9[2-578])|4(?:0[03-9]|[137]\d|[28][02-57-9]|4[02-69]|5[0-8]|[69][0-79])|5(?:0[1-35-9]|[16]\d|2[024-9]|3[015689]|4[02-9]|5[03-9]|7[0-35-9]|8[0-468]|9[0-57-9])|6(?:0[034689]|1\d|2[0-35689]|[38][013-9]|4[1-467]|5[0-69]|6[13-9]|7[0-8]|9[0-24578])|7(?:0[0246-9]|2\d|3[0236-8]|4[03-9]|5[0-46-9]|6[013-9]|7[0-35-9]|8[024-9]|9[02-9])|8(?:0[35-9]|2[1-57-9]|3[02-578]|4[0-578]|5[124-9]|6[2-69]|7\d|8[02-9]|9[02569])|9(?:0[02-589]|[18]\d|2[02-689]|3[1-57-9]|4[2-9]|5[0-579]|6[2-47-9]|7[0-24578]|9[2-57]))\d)\d)|2(?:0[013478]|3[0189]|4[017]|8[0-46-9]|9[0-2])\d{3})\d{4}|1(?:2(?:0(?:46[1-4]|87[2-9])|545[1-79]|76(?:2\d|3[1-8]|6[1-6])|9(?:7(?:2[0-4]|3[2-5])|8(?:2[2-8]|7[0-47-9]|8[3-5])))|3(?:6(?:38[2-5]|47[23])|8(?:47[04-9]|64[0157-9]))|4(?:044[1-7]|20(?:2[23]|8\d)|6(?:0(?:30|5[2-57]|6[1-8]|7[2-8])|140)|8(?:052|87[1-3]))|5(?:2(?:4(?:3[2-79]|6\d)|76\d)|6(?:26[06-9]|686))|6(?:06(?:4\d|7[4-79])|295[5-7]|35[34]\d|47(?:24|61)|59(?:5[08]|6[67]|74)|9(?:55[0-4]|77[23]))|7(?:26(?:6[13-9]|7[0-7])|(?:442|688)\d|50(?:2[0-3]|[3-68]2|76))|8(?:27[56]\d|37(?:5[2-5]|8[239])|843[2-58])|9(?:0(?:0(?:6[1-8]|85)|52\d)|3583|4(?:66[1-8]|9(?:2[01]|81))|63(?:23|3[1-4])|9561))\d{3}|7(?:457[0-57-9]|700[01]|911[028])\d{5}|7(?:[1-3]\d\d|4(?:[0-46-9]\d|5[0-689])|5(?:0[0-8]|[13-9]\d|2[0-35-9])|7(?:0[1-9]|[1-7]\d|8[02-9]|9[0-689])|8(?:[014-9]\d|[23][0-8])|9(?:[024-9]\d|1[02-9]|3[0-689]))\d{6}|80[08]\d{7}|800\d{6}|8001111|(?:8(?:4[2-5]|7[0-3])|9(?:[01]\d|8[2-49]))\d{7}|845464\d|70\d{8}|(?:3[0347]|55)\d{8}|76(?:464|652)\d{5}|76(?:0[0-28]|2[356]|34|4[01347]|5[49]|6[0-369]|77|8[14]|9[139])\d{6}|56\d{8})$' then 'GB' else found end;
    when '47' then
      found := case
        when left(n, 2) in ('79') then 'SJ' end;
      return case when found is null or n ~ '^(?:[02-689]|7[0-8])' then 'NO' else found end;
    when '61' then
      found := case
        when n ~ '^(?:8(?:51(?:0(?:02|31|60|89)|1(?:18|76)|223)|91(?:0(?:1[0-2]|29)|1(?:[28]2|50|79)|2(?:10|64)|3(?:[06]8|22)|4[29]8|62\d|70[23]|959))\d{3}|4(?:79[01]|83[0-36-9]|9(?:5[0-3]|6[0-4]))\d{5}|4(?:[0-36]\d|4[047-9]|[58][0-24-9]|7[02-8]|9[0-47-9])\d{6}|180(?:0\d{3}|2)\d{3}|190[0-26]\d{6}|14(?:5(?:1[0458]|[23][458])|71\d)\d{4}|13(?:00\d{6}(?:\d{2})?|45[0-4]\d{3})|13\d{4})$' then 'CC'
        when n ~ '^(?:8(?:51(?:0(?:01|30|59|88)|1(?:17|46|75)|2(?:22|35))|91(?:00[6-9]|1(?:[28]1|49|78)|2(?:09|63)|3(?:12|26|75)|4(?:56|97)|64\d|7(?:0[01]|1[0-2])|958))\d{3}|4(?:79[01]|83[0-36-9]|9(?:5[0-3]|6[0-4]))\d{5}|4(?:[0-36]\d|4[047-9]|[58][0-24-9]|7[02-8]|9[0-47-9])\d{6}|180(?:0\d{3}|2)\d{3}|190[0-26]\d{6}|14(?:5(?:1[0458]|[23][458])|71\d)\d{4}|13(?:00\d{6}(?:\d{2})?|45[0-4]\d{3})|13\d{4})$' then 'CX' end;
      return case when found is null or n ~ '^(?:(?:(?:241|349)0\d\d|8(?:51(?:0(?:0[03-9]|[12479]\d|3[2-9]|5[0-8]|6[1-9]|8[0-7])|1(?:[0235689]\d|1[0-69]|4[0-589]|7[0-47-9])|2(?:0[0-79]|[18][13579]|2[14-9]|3[0-46-9]|[4-6]\d|7[89]|9[0-4])|[34]\d\d)|91(?:(?:[0-58]\d|6[0135-9])\d|7(?:0[0-24-9]|[1-9]\d)|9(?:[0-46-9]\d|5[0-79]))))\d{3}|(?:2(?:[0-26-9]\d|3[0-8]|4[02-9]|5[0135-9])|3(?:[0-3589]\d|4[0-578]|6[1-9]|7[0-35-9])|7(?:[013-57-9]\d|2[0-8])|8(?:55|6[0-8]|[78]\d|9[02-9]))\d{6}|4(?:79[01]|83[0-36-9]|9(?:5[0-3]|6[0-4]))\d{5}|4(?:[0-36]\d|4[047-9]|[58][0-24-9]|7[02-8]|9[0-47-9])\d{6}|180(?:0\d{3}|2)\d{3}|190[0-26]\d{6}|163\d{2,6}|14(?:5(?:1[0458]|[23][458])|71\d)\d{4}|13(?:00\d{6}(?:\d{2})?|45[0-4]\d{3})|13\d{4})$' then 'AU' else found end;
    when '212' then
      found := case
        when n ~ '^(?:528[89]\d{5}|(?:6(?:[0-79]\d|8[0-247-9])|7(?:[016-8]\d|2[0-8]|3[01]|5[0-5]))\d{6}|80[0-7]\d{6}|89\d{7}|(?:592(?:4[0-2]|93)|80[89]\d\d)\d{4})$' then 'EH' end;
      return case when found is null or n ~ '^(?:[5-8])' then 'MA' else found end;
    when '262' then
      found := case
        when n ~ '^(?:26(?:89\d|9(?:0[0-467]|15|5[0-4]|6\d|[78]0))\d{4}|(?:639(?:0[0-79]|1[019]|[267]\d|3[09]|40|5[05-9]|9[04-79])|7093[5-7])\d{4}|80\d{7}|9(?:(?:39|47)8[01]|769\d)\d{4})$' then 'YT' end;
      return case when found is null or n ~ '^(?:2631[0-6]\d{4}|26(?:2\d|30|88)\d{5}|(?:69(?:2\d\d|3(?:[06][0-6]|1[0-3]|2[0-2]|3[0-39]|4\d|5[0-5]|7[0-37]|8[0-8]|9[0-479]))|7092[0-3])\d{4}|80\d{7}|89[1-37-9]\d{6}|9(?:399[0-3]|479[0-6]|76(?:2[278]|3[0-37]))\d{4}|8(?:1[019]|2[0156]|84|90)\d{6})$' then 'RE' else found end;
    when '290' then
      found := case
        when left(n, 1) in ('8') then 'TA' end;
      return case when found is null or n ~ '^(?:[2569])' then 'SH' else found end;
    when '358' then
      found := case
        when left(n, 2) in ('18') then 'AX' end;
      return case when found is null or n ~ '^(?:1[03-79]|[2-9])' then 'FI' else found end;
    when '590' then
      found := case
        when n ~ '^(?:(?:59(?:0(?:2[7-9]|3[3-7]|5[12]|87)|87\d)|80[6-9]\d\d)\d{4}|(?:69(?:0\d\d|1(?:2[2-9]|3[0-5]))|7090[0-4])\d{4}|80[0-5]\d{6}|8[129]\d{7}|9(?:(?:39[5-7]|76[018])\d|475[0-6])\d{4})$' then 'BL'
        when n ~ '^(?:(?:59(?:0(?:0[079]|[14]3|[27][79]|3[03-7]|5[0-268]|87)|87\d)|80[6-9]\d\d)\d{4}|(?:69(?:0\d\d|1(?:2[2-9]|3[0-5]))|7090[0-4])\d{4}|80[0-5]\d{6}|8[129]\d{7}|9(?:(?:39[5-7]|76[018])\d|475[0-6])\d{4})$' then 'MF' end;
      return case when found is null or n ~ '^(?:(?:59(?:0(?:0[1-68]|[14][0-24-9]|2[0-68]|3[1-9]|5[3-579]|[68][0-689]|7[08]|9\d)|87\d)|80[6-9]\d\d)\d{4}|(?:69(?:0\d\d|1(?:2[2-9]|3[0-5]))|7090[0-4])\d{4}|80[0-5]\d{6}|8[129]\d{7}|9(?:(?:39[5-7]|76[018])\d|475[0-6])\d{4})$' then 'GP' else found end;
    when '599' then
      found := case
        when n ~ '^(?:[347])' then 'BQ' end;
      return case when found is null or n ~ '^(?:[69])' then 'CW' else found end;
    else
      return '{"20":"EG","27":"ZA","30":"GR","31":"NL","32":"BE","33":"FR","34":"ES","36":"HU","40":"RO","41":"CH","43":"AT","45":"DK","46":"SE","48":"PL","49":"DE","51":"PE","52":"MX","53":"CU","54":"AR","55":"BR","56":"CL","57":"CO","58":"VE","60":"MY","62":"ID","63":"PH","64":"NZ","65":"SG","66":"TH","81":"JP","82":"KR","84":"VN","86":"CN","90":"TR","91":"IN","92":"PK","93":"AF","94":"LK","95":"MM","98":"IR","211":"SS","213":"DZ","216":"TN","218":"LY","220":"GM","221":"SN","222":"MR","223":"ML","224":"GN","225":"CI","226":"BF","227":"NE","228":"TG","229":"BJ","230":"MU","231":"LR","232":"SL","233":"GH","234":"NG","235":"TD","236":"CF","237":"CM","238":"CV","239":"ST","240":"GQ","241":"GA","242":"CG","243":"CD","244":"AO","245":"GW","246":"IO","247":"AC","248":"SC","249":"SD","250":"RW","251":"ET","252":"SO","253":"DJ","254":"KE","255":"TZ","256":"UG","257":"BI","258":"MZ","260":"ZM","261":"MG","263":"ZW","264":"NA","265":"MW","266":"LS","267":"BW","268":"SZ","269":"KM","291":"ER","297":"AW","298":"FO","299":"GL","350":"GI","351":"PT","352":"LU","353":"IE","354":"IS","355":"AL","356":"MT","357":"CY","359":"BG","370":"LT","371":"LV","372":"EE","373":"MD","374":"AM","375":"BY","376":"AD","377":"MC","378":"SM","380":"UA","381":"RS","382":"ME","383":"XK","385":"HR","386":"SI","387":"BA","389":"MK","420":"CZ","421":"SK","423":"LI","500":"FK","501":"BZ","502":"GT","503":"SV","504":"HN","505":"NI","506":"CR","507":"PA","508":"PM","509":"HT","591":"BO","592":"GY","593":"EC","594":"GF","595":"PY","596":"MQ","597":"SR","598":"UY","670":"TL","672":"NF","673":"BN","674":"NR","675":"PG","676":"TO","677":"SB","678":"VU","679":"FJ","680":"PW","681":"WF","682":"CK","683":"NU","685":"WS","686":"KI","687":"NC","688":"TV","689":"PF","690":"TK","691":"FM","692":"MH","850":"KP","852":"HK","853":"MO","855":"KH","856":"LA","880":"BD","886":"TW","960":"MV","961":"LB","962":"JO","963":"SY","964":"IQ","965":"KW","966":"SA","967":"YE","968":"OM","970":"PS","971":"AE","972":"IL","973":"BH","974":"QA","975":"BT","976":"MN","977":"NP","992":"TJ","993":"TM","994":"AZ","995":"GE","996":"KG","998":"UZ"}'::jsonb ->> code;
  end case;
end $function$
;
grant execute on function private.phone_country(text) to authenticated;
grant execute on function private.phone_country(text) to sluice_member;
grant execute on function private.phone_country(text) to sluice_reader;

CREATE OR REPLACE FUNCTION private.reader_workspace()
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select current_setting('sluice.reader_workspace', true)
$function$
;
grant execute on function private.reader_workspace() to sluice_reader;

CREATE OR REPLACE FUNCTION private.recall_refusals()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
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

CREATE OR REPLACE FUNCTION private.set_contact_day_limit(of_workspace text, wanted integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if not of_workspace = any (array(select private.member_workspaces_as('admin'))) then
    raise insufficient_privilege using message = 'Only an admin of the workspace sets its limits.';
  end if;
  insert into private.workspace_limits (workspace_id, messages_per_contact_day) values (of_workspace, wanted)
  on conflict (workspace_id) do update set messages_per_contact_day = excluded.messages_per_contact_day, updated_at = now();
end $function$
;
grant execute on function private.set_contact_day_limit(text,integer) to sluice_member;

CREATE OR REPLACE FUNCTION private.set_day_limit(of_workspace text, wanted integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if not of_workspace = any (array(select private.member_workspaces_as('admin'))) then
    raise insufficient_privilege using message = 'Only an admin of the workspace sets its limits.';
  end if;
  insert into private.workspace_limits (workspace_id, messages_per_day) values (of_workspace, wanted)
  on conflict (workspace_id) do update set messages_per_day = excluded.messages_per_day, updated_at = now();
end $function$
;
grant execute on function private.set_day_limit(text,integer) to sluice_member;

CREATE OR REPLACE FUNCTION private.set_decide_by()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  new.decide_by := case when new.reason = 'maybe_stop' and new.source <> 'trial'
    then private.two_working_days_after(new.workspace_id, new.created_at) end;
  return new;
end $function$
;
grant  on function private.set_decide_by() to ;

CREATE OR REPLACE FUNCTION private.set_hour_limit(of_workspace text, wanted integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if not of_workspace = any (array(select private.member_workspaces_as('admin'))) then
    raise insufficient_privilege using message = 'Only an admin of the workspace sets its limits.';
  end if;
  insert into private.workspace_limits (workspace_id, messages_per_hour) values (of_workspace, wanted)
  on conflict (workspace_id) do update set messages_per_hour = excluded.messages_per_hour, updated_at = now();
end $function$
;
grant execute on function private.set_hour_limit(text,integer) to sluice_member;

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

CREATE OR REPLACE FUNCTION private.sign_audit_entry()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if current_setting('role') = 'sluice_member' then
    new.created_at := now();
    new.times := 1;
    new.last_at := null;
    new.repeat_key := null;
    new.actor_name := coalesce(
      (select u.name from private.users u where u.id = new.actor_id),
      (select p.name from private.supabase_people p where p.id = new.actor_id),
      (select 'API key ' || k.name from public.api_keys k where k.workspace_id = new.workspace_id and k.member_id = new.actor_id limit 1),
      new.actor_name);
  end if;
  if new.subject_type in ('contact', 'contacts', 'bin', 'suppression', 'invitation') then
    new.subject_name := null;
  else
    new.subject_name := coalesce(private.audit_subject_name(new.workspace_id, new.subject_type, new.subject_id), new.subject_name);
  end if;
  return new;
end $function$
;
grant  on function private.sign_audit_entry() to ;

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

CREATE OR REPLACE FUNCTION private.two_working_days_after(of_workspace text, at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select (l.here + case extract(isodow from l.here)::int when 4 then 4 when 5 then 4 when 6 then 4 when 7 then 3 else 2 end * interval '1 day')
    at time zone l.zone
  from (select coalesce(w.time_zone, 'UTC') as zone, at at time zone coalesce(w.time_zone, 'UTC') as here
    from public.workspaces w where w.id = of_workspace) l
$function$
;
grant  on function private.two_working_days_after(text,timestamp with time zone) to ;

CREATE OR REPLACE FUNCTION private.unaccented(of_text text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if octet_length(of_text) = length(of_text) then
    return of_text;
  end if;
  return replace(extensions.unaccent('extensions.unaccent'::regdictionary, of_text), U&'\03c2', U&'\03c3');
end
$function$
;
grant execute on function private.unaccented(text) to authenticated;
grant execute on function private.unaccented(text) to sluice_member;
grant execute on function private.unaccented(text) to sluice_reader;

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
grant execute on function private.unspaced_letters(text) to sluice_reader;

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

CREATE OR REPLACE FUNCTION private.week_key(of_moment timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$
  select lpad(to_hex(greatest(floor(extract(epoch from of_moment) / 604800)::int, 0)), 4, '0')
$function$
;
grant execute on function private.week_key(timestamp with time zone) to authenticated;
grant execute on function private.week_key(timestamp with time zone) to sluice_member;

CREATE OR REPLACE FUNCTION private.word_query(week text, word text, is_whole boolean)
 RETURNS tsquery
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$
  select ('''' || replace(replace(week || private.unaccented(lower(word)), '\', '\\'), '''', '''''') || case when is_whole then '''' else ''':*' end)::tsquery
$function$
;
grant execute on function private.word_query(text,text,boolean) to authenticated;
grant execute on function private.word_query(text,text,boolean) to sluice_member;

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
  constraint alerts_who_check CHECK ((who = ANY (ARRAY['operator'::text, 'instance_admin'::text, 'owner'::text, 'editor'::text]))),
  constraint alerts_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
alter table private.alerts enable row level security;

create table private.binned_refusals (
  workspace_id text not null,
  channel text not null,
  address text not null,
  contact_id uuid not null,
  opted_out_at timestamp with time zone,
  opt_out_source text,
  dnc boolean not null,
  constraint binned_refusals_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint binned_refusals_pkey PRIMARY KEY (workspace_id, channel, address, contact_id),
  constraint binned_refusals_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES public.contacts(workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX binned_refusals_contact ON private.binned_refusals USING btree (contact_id);
alter table private.binned_refusals enable row level security;

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

create view private.contact_names as
 SELECT id,
    workspace_id,
    name,
    firstname,
    lastname,
    deleted_at
   FROM public.contacts
  WHERE (workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces)));
grant select on private.contact_names to authenticated;
grant select on private.contact_names to sluice_member;

create table private.delivery_reports (
  id uuid default private.uuid_v7() not null,
  workspace_id text not null,
  channel text not null,
  provider text not null,
  key text not null,
  report jsonb not null,
  received_at timestamp with time zone default clock_timestamp() not null,
  handled_at timestamp with time zone,
  constraint delivery_reports_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint delivery_reports_key_check CHECK ((length(key) <= 200)),
  constraint delivery_reports_pkey PRIMARY KEY (id),
  constraint delivery_reports_workspace_id_channel_provider_key_key UNIQUE (workspace_id, channel, provider, key),
  constraint delivery_reports_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
CREATE INDEX delivery_reports_newest ON private.delivery_reports USING btree (workspace_id, channel, received_at DESC);
CREATE INDEX delivery_reports_old ON private.delivery_reports USING btree (received_at);
CREATE INDEX delivery_reports_open ON private.delivery_reports USING btree (workspace_id, id) WHERE (handled_at IS NULL);
alter table private.delivery_reports enable row level security;

create view private.editor_bin as
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
    source_id,
    deleted_at,
    deleted_by,
    deleted_by_name,
    phone_country,
    sms_refused_as,
    email_refused_as
   FROM public.contacts
  WHERE ((deleted_at IS NOT NULL) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
grant select on private.editor_bin to sluice_member;
grant update (deleted_at) on private.editor_bin to sluice_member;
grant update (deleted_by) on private.editor_bin to sluice_member;
grant update (deleted_by_name) on private.editor_bin to sluice_member;

create view private.editor_flows as
 SELECT id,
    name,
    workspace_id,
    folder_id,
    nodes,
    edges,
    settings,
    created_at,
    updated_at,
    archived_at,
    archived_by_name,
    deleted_at,
    deleted_by,
    deleted_by_name
   FROM public.flows
  WHERE (workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as)));
grant select on private.editor_flows to sluice_member;
grant update (deleted_at) on private.editor_flows to sluice_member;
grant update (deleted_by) on private.editor_flows to sluice_member;
grant update (deleted_by_name) on private.editor_flows to sluice_member;
grant update (name) on private.editor_flows to sluice_member;

create table private.ended_sessions (
  id uuid not null,
  forget_at timestamp with time zone not null,
  constraint ended_sessions_pkey PRIMARY KEY (id)
);
CREATE INDEX ended_sessions_forget ON private.ended_sessions USING btree (forget_at);
alter table private.ended_sessions enable row level security;

create view private.flow_names as
 SELECT id,
    workspace_id,
    name,
    deleted_at
   FROM public.flows
  WHERE ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))) OR (NOT row_security_active('public.flows'::text)));
grant select on private.flow_names to authenticated;
grant select on private.flow_names to sluice_member;

create table private.flow_presence (
  workspace_id text not null,
  flow_id uuid not null,
  user_id uuid not null,
  tab uuid not null,
  name text not null,
  came_at timestamp with time zone default now() not null,
  seen_at timestamp with time zone default now() not null,
  constraint flow_presence_pkey PRIMARY KEY (workspace_id, flow_id, user_id, tab),
  constraint flow_presence_workspace_id_flow_id_fkey FOREIGN KEY (workspace_id, flow_id) REFERENCES public.flows(workspace_id, id) ON DELETE CASCADE,
  constraint flow_presence_workspace_id_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES public.workspace_members(workspace_id, user_id) ON DELETE CASCADE
);
CREATE INDEX flow_presence_user ON private.flow_presence USING btree (workspace_id, user_id);
alter table private.flow_presence enable row level security;

create table private.former_providers (
  id uuid default private.uuid_v7() not null,
  workspace_id text not null,
  channel text not null,
  provider text not null,
  settings jsonb not null,
  secrets text not null,
  ended_at timestamp with time zone default clock_timestamp() not null,
  constraint former_providers_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint former_providers_pkey PRIMARY KEY (id),
  constraint former_providers_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
CREATE INDEX former_providers_channel ON private.former_providers USING btree (workspace_id, channel, ended_at DESC);
CREATE INDEX former_providers_old ON private.former_providers USING btree (ended_at);
alter table private.former_providers enable row level security;

create table private.held_executions (
  flow_execution_id uuid not null,
  held_ms integer not null,
  seen_at timestamp with time zone default now() not null,
  constraint held_executions_pkey PRIMARY KEY (flow_execution_id)
);
alter table private.held_executions enable row level security;

create table private.inbound_arrivals (
  workspace_id text not null,
  channel text not null,
  provider text not null,
  last_at timestamp with time zone default clock_timestamp() not null,
  constraint inbound_arrivals_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint inbound_arrivals_pkey PRIMARY KEY (workspace_id, channel, provider),
  constraint inbound_arrivals_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
alter table private.inbound_arrivals enable row level security;

create table private.instance (
  only_row boolean default true not null,
  place text not null,
  files text,
  fenced_at timestamp with time zone,
  confirmed_at timestamp with time zone,
  confirmed_by uuid,
  former_link_keys text,
  constraint instance_only_row_check CHECK (only_row),
  constraint instance_pkey PRIMARY KEY (only_row)
);
alter table private.instance enable row level security;

create table private.instance_admins (
  user_id uuid not null,
  named_by uuid,
  created_at timestamp with time zone default now() not null,
  constraint instance_admins_pkey PRIMARY KEY (user_id)
);
alter table private.instance_admins enable row level security;

create table private.instance_log (
  id uuid default private.uuid_v7() not null,
  actor_id uuid,
  actor_name text,
  action text not null,
  subject_id text,
  details jsonb default '{}'::jsonb not null,
  created_at timestamp with time zone default now() not null,
  constraint instance_log_pkey PRIMARY KEY (id)
);
alter table private.instance_log enable row level security;

create table private.instance_settings (
  only_row boolean default true not null,
  members_may_create_workspaces boolean not null,
  constraint instance_settings_only_row_check CHECK (only_row),
  constraint instance_settings_pkey PRIMARY KEY (only_row)
);
alter table private.instance_settings enable row level security;

create table private.leases (
  name text not null,
  until timestamp with time zone not null,
  constraint leases_pkey PRIMARY KEY (name)
);
alter table private.leases enable row level security;

create table private.mail_guards (
  workspace_id text not null,
  level text not null,
  sent integer not null,
  bounced integer not null,
  complained integer not null,
  since timestamp with time zone default clock_timestamp() not null,
  constraint mail_guards_level_check CHECK ((level = ANY (ARRAY['warn'::text, 'pause'::text]))),
  constraint mail_guards_pkey PRIMARY KEY (workspace_id),
  constraint mail_guards_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
alter table private.mail_guards enable row level security;

create table private.mailboxes (
  workspace_id text not null,
  channel text not null,
  mailbox text,
  uid_validity text,
  last_uid bigint default 0 not null,
  anew_to bigint,
  anew_since timestamp with time zone,
  read_at timestamp with time zone,
  tried_at timestamp with time zone,
  problem_code text,
  problem text,
  failures integer default 0 not null,
  taken bigint default 0 not null,
  next_at timestamp with time zone default clock_timestamp() not null,
  lease uuid,
  lease_until timestamp with time zone,
  constraint mailboxes_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint mailboxes_mailbox_check CHECK ((length(mailbox) <= 64)),
  constraint mailboxes_pkey PRIMARY KEY (workspace_id, channel),
  constraint mailboxes_problem_check CHECK ((length(problem) <= 500)),
  constraint mailboxes_problem_code_check CHECK ((length(problem_code) <= 50)),
  constraint mailboxes_uid_validity_check CHECK ((length(uid_validity) <= 20)),
  constraint mailboxes_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
alter table private.mailboxes enable row level security;

create view private.member_bin as
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
    source_id,
    deleted_at,
    deleted_by,
    deleted_by_name,
    phone_country,
    sms_refused_as,
    email_refused_as
   FROM public.contacts
  WHERE ((deleted_at IS NOT NULL) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on private.member_bin to authenticated;
grant select on private.member_bin to sluice_member;

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
    source_id,
    deleted_at,
    deleted_by,
    deleted_by_name,
    phone_country,
    sms_refused_as,
    email_refused_as
   FROM public.contacts
  WHERE ((deleted_at IS NULL) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on private.member_contacts to authenticated;
grant select on private.member_contacts to sluice_member;

create view private.member_flow_bin as
 SELECT id,
    name,
    workspace_id,
    folder_id,
    nodes,
    edges,
    settings,
    created_at,
    updated_at,
    archived_at,
    archived_by_name,
    deleted_at,
    deleted_by,
    deleted_by_name
   FROM public.flows
  WHERE ((deleted_at IS NOT NULL) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on private.member_flow_bin to authenticated;
grant select on private.member_flow_bin to sluice_member;

create view private.member_messages as
 SELECT id,
    workspace_id,
    flow_execution_id,
    send_id,
    contact_id,
    visit,
    node_id,
    channel,
    provider,
    to_address,
    from_address,
    subject,
    body,
    html,
    segments,
    is_test,
    status,
    reason,
    error_message,
    provider_message_id,
    attempt,
    lease_until,
    sent_at,
    created_at,
    updated_at,
    was_in_doubt,
    address_scope,
    delivered_at,
    doubt_at,
    kind
   FROM public.messages
  WHERE ((workspace_id || ''::text) = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces)));
grant select on private.member_messages to authenticated;
grant select on private.member_messages to sluice_member;

create table private.member_phones (
  workspace_id text not null,
  user_id uuid not null,
  phone text not null,
  code_hash bytea,
  code_expires_at timestamp with time zone,
  code_tries integer default 0 not null,
  proven_at timestamp with time zone,
  constraint member_phones_check CHECK (((proven_at IS NOT NULL) OR (code_hash IS NOT NULL))),
  constraint member_phones_pkey PRIMARY KEY (workspace_id, user_id),
  constraint member_phones_workspace_id_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES public.workspace_members(workspace_id, user_id) ON DELETE CASCADE
);
alter table private.member_phones enable row level security;

create view private.member_received as
 SELECT id,
    workspace_id,
    contact_id,
    flow_execution_id,
    channel,
    provider,
    from_address AS to_address,
    NULL::text AS subject,
    body,
    received_at AS created_at
   FROM public.inbound_messages
  WHERE ((workspace_id || ''::text) = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces)));
grant select on private.member_received to authenticated;
grant select on private.member_received to sluice_member;

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
  ends_earlier_code boolean default true not null,
  constraint migration_checksums_pkey PRIMARY KEY (version)
);
alter table private.migration_checksums enable row level security;

create table private.orphans (
  key text not null,
  child text not null,
  parent text not null,
  rows bigint not null,
  found_at timestamp with time zone default clock_timestamp() not null,
  constraint orphans_pkey PRIMARY KEY (key)
);
alter table private.orphans enable row level security;

create table private.password_resets (
  token_hash bytea not null,
  user_id uuid not null,
  created_by uuid,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  constraint password_resets_pkey PRIMARY KEY (token_hash),
  constraint password_resets_user_id_fkey FOREIGN KEY (user_id) REFERENCES private.users(id) ON DELETE CASCADE
);
CREATE INDEX password_resets_user ON private.password_resets USING btree (user_id);
alter table private.password_resets enable row level security;

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

create table private.request_rates (
  key character varying(255) not null,
  points integer default 0 not null,
  expire bigint,
  constraint request_rates_pkey PRIMARY KEY (key)
);
alter table private.request_rates enable row level security;

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

create table private.sender_paces (
  workspace_id text not null,
  channel text not null,
  sender text not null,
  state jsonb default '{}'::jsonb not null,
  constraint sender_paces_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint sender_paces_pkey PRIMARY KEY (workspace_id, channel, sender),
  constraint sender_paces_sender_check CHECK (((length(sender) >= 1) AND (length(sender) <= 254))),
  constraint sender_paces_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
alter table private.sender_paces enable row level security;
create policy sender_paces_forecast on private.sender_paces for select to sluice_reader
  using ((workspace_id = ( SELECT private.reader_workspace() AS reader_workspace)));
grant select on private.sender_paces to sluice_reader;

create table private.sending_domains (
  workspace_id text not null,
  domain text not null,
  report jsonb,
  good_at timestamp with time zone,
  tried_at timestamp with time zone,
  statement text,
  stated_by uuid,
  stated_by_name text,
  stated_at timestamp with time zone,
  constraint sending_domains_domain_check CHECK (((length(domain) >= 1) AND (length(domain) <= 253))),
  constraint sending_domains_pkey PRIMARY KEY (workspace_id, domain),
  constraint sending_domains_statement_check CHECK ((length(statement) <= 500)),
  constraint sending_domains_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
alter table private.sending_domains enable row level security;

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
  not_before timestamp with time zone,
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

create table private.unproven_mail (
  workspace_id text not null,
  day_from timestamp with time zone not null,
  used integer default 0 not null,
  granted integer default 0 not null,
  constraint unproven_mail_pkey PRIMARY KEY (workspace_id),
  constraint unproven_mail_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
alter table private.unproven_mail enable row level security;
create policy unproven_mail_forecast on private.unproven_mail for select to sluice_reader
  using ((workspace_id = ( SELECT private.reader_workspace() AS reader_workspace)));
grant select on private.unproven_mail to sluice_reader;

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
  lanes integer,
  updated_at timestamp with time zone default now() not null,
  messages_per_contact_day integer,
  messages_per_hour integer,
  hour_from timestamp with time zone,
  hour_used integer default 0 not null,
  messages_per_day integer,
  day_from timestamp with time zone,
  day_used integer default 0 not null,
  constraint workspace_limits_lanes_check CHECK (((lanes >= 1) AND (lanes <= 64))),
  constraint workspace_limits_messages_per_contact_day_check CHECK (((messages_per_contact_day >= 1) AND (messages_per_contact_day <= 1000))),
  constraint workspace_limits_messages_per_day_check CHECK (((messages_per_day >= 1) AND (messages_per_day <= 100000000))),
  constraint workspace_limits_messages_per_hour_check CHECK (((messages_per_hour >= 1) AND (messages_per_hour <= 100000000))),
  constraint workspace_limits_pkey PRIMARY KEY (workspace_id),
  constraint workspace_limits_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
alter table private.workspace_limits enable row level security;
create policy workspace_limits_forecast on private.workspace_limits for select to sluice_reader
  using ((workspace_id = ( SELECT private.reader_workspace() AS reader_workspace)));
grant select on private.workspace_limits to sluice_reader;

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
  with check (((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))) AND (created_by = ( SELECT private.current_user_id() AS current_user_id))));
create policy api_keys_read on public.api_keys for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
create policy api_keys_update on public.api_keys for update to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))))
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
grant delete, insert on public.api_keys to sluice_member;
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
grant select (revoked_at) on public.api_keys to authenticated;
grant select (scopes) on public.api_keys to authenticated;
grant select (scopes) on public.api_keys to sluice_member;
grant select (workspace_id) on public.api_keys to authenticated;
grant select (workspace_id) on public.api_keys to sluice_member;
grant select, update (name) on public.api_keys to sluice_member;
grant select, update (revoked_at) on public.api_keys to sluice_member;

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
  subject_name text,
  times integer default 1 not null,
  last_at timestamp with time zone,
  repeat_key text,
  constraint audit_log_pkey PRIMARY KEY (id),
  constraint audit_log_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
CREATE INDEX audit_log_created ON public.audit_log USING btree (workspace_id, created_at DESC);
CREATE UNIQUE INDEX audit_log_repeats ON public.audit_log USING btree (workspace_id, repeat_key) WHERE (repeat_key IS NOT NULL);
alter table public.audit_log enable row level security;
create policy audit_log_insert on public.audit_log for insert to sluice_member
  with check (((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))) AND (actor_id = ( SELECT private.current_user_id() AS current_user_id))));
create policy audit_log_read on public.audit_log for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
CREATE TRIGGER audit_log_sign BEFORE INSERT ON public.audit_log FOR EACH ROW EXECUTE FUNCTION private.sign_audit_entry();
grant insert, select on public.audit_log to sluice_member;
grant select on public.audit_log to authenticated;

create table public.bulk_job_items (
  workspace_id text not null,
  job_id uuid not null,
  seq integer not null,
  contact_id uuid not null,
  outcome text,
  reason text,
  before jsonb,
  constraint bulk_job_items_outcome_check CHECK ((outcome = ANY (ARRAY['changed'::text, 'same'::text, 'skipped'::text, 'failed'::text]))),
  constraint bulk_job_items_pkey PRIMARY KEY (job_id, seq),
  constraint bulk_job_items_workspace_id_contact_id_job_id_key UNIQUE (workspace_id, contact_id, job_id),
  constraint bulk_job_items_workspace_id_job_id_fkey FOREIGN KEY (workspace_id, job_id) REFERENCES public.bulk_jobs(workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX bulk_job_items_outcome ON public.bulk_job_items USING btree (job_id, outcome, seq);
alter table public.bulk_job_items enable row level security;
create policy bulk_job_items_read on public.bulk_job_items for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.bulk_job_items to authenticated;
grant select on public.bulk_job_items to sluice_member;

create table public.bulk_jobs (
  id uuid not null,
  workspace_id text not null,
  kind text not null,
  params jsonb default '{}'::jsonb not null,
  state text default 'freezing'::text not null,
  selection jsonb,
  request_hash text not null,
  expected_total integer,
  most integer,
  total integer,
  changed integer default 0 not null,
  same integer default 0 not null,
  skipped integer default 0 not null,
  failed integer default 0 not null,
  error_message text,
  undo_of uuid,
  created_by uuid,
  created_by_name text,
  created_at timestamp with time zone default now() not null,
  running_at timestamp with time zone,
  moved_at timestamp with time zone default now() not null,
  finished_at timestamp with time zone,
  constraint bulk_jobs_kind_check CHECK ((kind = ANY (ARRAY['change_status'::text, 'delete'::text, 'restore'::text, 'replace_status'::text]))),
  constraint bulk_jobs_pkey PRIMARY KEY (id),
  constraint bulk_jobs_state_check CHECK ((state = ANY (ARRAY['freezing'::text, 'asks'::text, 'running'::text, 'done'::text, 'cancelled'::text, 'failed'::text]))),
  constraint bulk_jobs_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE,
  constraint bulk_jobs_workspace_id_id_key UNIQUE (workspace_id, id),
  constraint bulk_jobs_workspace_id_undo_of_fkey FOREIGN KEY (workspace_id, undo_of) REFERENCES public.bulk_jobs(workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX bulk_jobs_active ON public.bulk_jobs USING btree (workspace_id, running_at) WHERE (state = ANY (ARRAY['freezing'::text, 'running'::text]));
CREATE INDEX bulk_jobs_age ON public.bulk_jobs USING btree (created_at);
CREATE INDEX bulk_jobs_newest ON public.bulk_jobs USING btree (workspace_id, created_at DESC, id DESC);
CREATE INDEX bulk_jobs_undo ON public.bulk_jobs USING btree (undo_of) WHERE (undo_of IS NOT NULL);
alter table public.bulk_jobs enable row level security;
create policy bulk_jobs_read on public.bulk_jobs for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.bulk_jobs to authenticated;
grant select on public.bulk_jobs to sluice_member;

create table public.canary_executions (
  flow_execution_id uuid not null,
  send_id uuid not null,
  workspace_id text not null,
  constraint canary_executions_pkey PRIMARY KEY (flow_execution_id),
  constraint canary_executions_workspace_id_flow_execution_id_fkey FOREIGN KEY (workspace_id, flow_execution_id) REFERENCES public.flow_executions(workspace_id, id) ON DELETE CASCADE,
  constraint canary_executions_workspace_id_send_id_fkey FOREIGN KEY (workspace_id, send_id) REFERENCES public.send_canaries(workspace_id, send_id) ON DELETE CASCADE
);
CREATE INDEX canary_executions_send ON public.canary_executions USING btree (send_id);
alter table public.canary_executions enable row level security;
create policy canary_executions_read on public.canary_executions for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.canary_executions to authenticated;
grant select on public.canary_executions to sluice_member;

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
  text_shown text,
  address text,
  constraint contact_consents_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text, 'all'::text]))),
  constraint contact_consents_evidence_check CHECK (((length(evidence) >= 1) AND (length(evidence) <= 500))),
  constraint contact_consents_pkey PRIMARY KEY (id),
  constraint contact_consents_source_check CHECK (((length(source) >= 1) AND (length(source) <= 100))),
  constraint contact_consents_state_check CHECK ((state = ANY (ARRAY['opted_out'::text, 'opted_in'::text]))),
  constraint contact_consents_text_shown_check CHECK (((length(text_shown) >= 1) AND (length(text_shown) <= 2000))),
  constraint contact_consents_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES public.contacts(workspace_id, id) ON DELETE CASCADE,
  constraint contact_consents_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
CREATE INDEX contact_consents_contact ON public.contact_consents USING btree (workspace_id, contact_id, id DESC);
alter table public.contact_consents enable row level security;
create policy contact_consents_forecast on public.contact_consents for select to sluice_reader
  using ((workspace_id = ( SELECT private.reader_workspace() AS reader_workspace)));
create policy contact_consents_insert on public.contact_consents for insert to sluice_member
  with check (((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))) AND ((actor_id IS NULL) OR (actor_id = ( SELECT private.current_user_id() AS current_user_id)))));
create policy contact_consents_read on public.contact_consents for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
CREATE TRIGGER contact_consents_address BEFORE INSERT ON public.contact_consents FOR EACH ROW EXECUTE FUNCTION private.note_consent_address();
CREATE TRIGGER contact_consents_end_moved AFTER INSERT ON public.contact_consents FOR EACH ROW WHEN (((new.state = 'opted_in'::text) AND (new.channel = ANY (ARRAY['sms'::text, 'email'::text])))) EXECUTE FUNCTION private.end_moved_refusals();
grant insert, select on public.contact_consents to sluice_member;
grant select on public.contact_consents to authenticated;
grant select on public.contact_consents to sluice_reader;

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
  from_bin boolean default false not null,
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
  from_bin integer default 0 not null,
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
  deleted_at timestamp with time zone,
  deleted_by uuid,
  deleted_by_name text,
  phone_country text generated always as (private.phone_country(phone_e164)) stored,
  sms_refused_as text,
  email_refused_as text,
  constraint contacts_pkey PRIMARY KEY (id),
  constraint contacts_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE,
  constraint contacts_workspace_id_id_key UNIQUE (workspace_id, id)
);
CREATE INDEX contacts_bin ON public.contacts USING btree (workspace_id, deleted_at DESC, id DESC) WHERE (deleted_at IS NOT NULL);
CREATE INDEX contacts_bin_due ON public.contacts USING btree (deleted_at) WHERE (deleted_at IS NOT NULL);
CREATE INDEX contacts_bin_email ON public.contacts USING btree (workspace_id, sort_email, id) WHERE (deleted_at IS NOT NULL);
CREATE INDEX contacts_bin_phone ON public.contacts USING btree (workspace_id, phone_e164, id) WHERE (deleted_at IS NOT NULL);
CREATE INDEX contacts_created ON public.contacts USING btree (workspace_id, created_at DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX contacts_email ON public.contacts USING btree (workspace_id, sort_email, id) WHERE (deleted_at IS NULL);
CREATE INDEX contacts_lead_status ON public.contacts USING btree (workspace_id, private.folded_name((lead_status)::text), id) WHERE (deleted_at IS NULL);
CREATE INDEX contacts_letters ON public.contacts USING gin (private.unspaced_letters(search_text)) WHERE (search_text ~ '[\u0E00-\u0EFF\u1000-\u11FF\u1780-\u17FF\u3040-\u318F\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\U00020000-\U0003134F]'::text);
CREATE INDEX contacts_name ON public.contacts USING btree (workspace_id, sort_name, id) WHERE (deleted_at IS NULL);
CREATE INDEX contacts_odd_email ON public.contacts USING btree (workspace_id) WHERE ((NOT email_usable) AND (sort_email IS NOT NULL));
CREATE INDEX contacts_phone ON public.contacts USING btree (workspace_id, phone_e164, id) WHERE (deleted_at IS NULL);
CREATE INDEX contacts_search ON public.contacts USING gin (private.unaccented(search_text) extensions.gin_trgm_ops);
CREATE INDEX contacts_updated ON public.contacts USING btree (workspace_id, updated_at DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX contacts_source ON public.contacts USING btree (workspace_id, source, source_id) WHERE (source_id IS NOT NULL);
alter table public.contacts enable row level security;
create policy contacts_delete on public.contacts for delete to sluice_member
  using (((deleted_at IS NULL) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as)))));
create policy contacts_forecast on public.contacts for select to sluice_reader
  using ((workspace_id = ( SELECT private.reader_workspace() AS reader_workspace)));
create policy contacts_insert on public.contacts for insert to sluice_member
  with check (((deleted_at IS NULL) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as)))));
create policy contacts_read on public.contacts for select to authenticated, sluice_member
  using (((deleted_at IS NULL) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces)))));
create policy contacts_update on public.contacts for update to sluice_member
  using (((deleted_at IS NULL) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as)))))
  with check (((deleted_at IS NULL) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as)))));
CREATE TRIGGER contacts_compose BEFORE INSERT OR UPDATE OF name, firstname, lastname, email, phone_number, lead_status, conversation_status ON public.contacts FOR EACH ROW WHEN (((NOT (new.name IS NFC NORMALIZED)) OR (NOT (new.firstname IS NFC NORMALIZED)) OR (NOT (new.lastname IS NFC NORMALIZED)) OR (NOT (new.email IS NFC NORMALIZED)) OR (NOT (new.phone_number IS NFC NORMALIZED)) OR (NOT (new.lead_status IS NFC NORMALIZED)) OR (NOT (new.conversation_status IS NFC NORMALIZED)))) EXECUTE FUNCTION private.compose_contact();
CREATE TRIGGER contacts_decide_stops AFTER UPDATE ON public.contacts FOR EACH ROW WHEN ((((old.sms_opted_out_at IS NULL) AND (new.sms_opted_out_at IS NOT NULL)) OR ((old.email_opted_out_at IS NULL) AND (new.email_opted_out_at IS NOT NULL)) OR (new.dnc AND (NOT old.dnc)))) EXECUTE FUNCTION private.decide_stops();
CREATE TRIGGER contacts_keep_moved BEFORE UPDATE ON public.contacts FOR EACH ROW WHEN ((((old.sms_refused_as IS NOT NULL) AND (new.sms_refused_as IS NULL)) OR ((old.email_refused_as IS NOT NULL) AND (new.email_refused_as IS NULL)))) EXECUTE FUNCTION private.keep_moved_refusals();
CREATE TRIGGER contacts_keep_opt_outs BEFORE UPDATE ON public.contacts FOR EACH ROW WHEN ((((old.sms_opted_out_at IS NOT NULL) AND (new.sms_opted_out_at IS NULL)) OR ((old.email_opted_out_at IS NOT NULL) AND (new.email_opted_out_at IS NULL)) OR (old.dnc AND (NOT new.dnc)))) EXECUTE FUNCTION private.keep_opt_outs();
CREATE TRIGGER contacts_lift_refusals AFTER UPDATE ON public.contacts FOR EACH ROW WHEN ((((old.sms_opted_out_at IS NOT NULL) AND (new.sms_opted_out_at IS NULL)) OR ((old.email_opted_out_at IS NOT NULL) AND (new.email_opted_out_at IS NULL)) OR (old.dnc AND (NOT new.dnc)))) EXECUTE FUNCTION private.lift_kept_refusals();
CREATE TRIGGER contacts_move_refusals BEFORE UPDATE ON public.contacts FOR EACH ROW WHEN (((old.phone_e164 IS DISTINCT FROM new.phone_e164) OR (old.email IS DISTINCT FROM new.email))) EXECUTE FUNCTION private.move_refusals();
CREATE TRIGGER contacts_note_binned AFTER UPDATE OF deleted_at ON public.contacts FOR EACH ROW WHEN ((((old.deleted_at IS NULL) <> (new.deleted_at IS NULL)) AND (new.dnc OR (new.sms_opted_out_at IS NOT NULL) OR (new.email_opted_out_at IS NOT NULL) OR old.dnc OR (old.sms_opted_out_at IS NOT NULL) OR (old.email_opted_out_at IS NOT NULL) OR (new.sms_refused_as IS NOT NULL) OR (new.email_refused_as IS NOT NULL) OR (old.sms_refused_as IS NOT NULL) OR (old.email_refused_as IS NOT NULL)))) EXECUTE FUNCTION private.note_binned_refusals();
CREATE TRIGGER contacts_note_opt_outs AFTER UPDATE ON public.contacts FOR EACH ROW WHEN ((((old.sms_opted_out_at IS NULL) AND (new.sms_opted_out_at IS NOT NULL)) OR ((old.email_opted_out_at IS NULL) AND (new.email_opted_out_at IS NOT NULL)) OR (new.dnc AND (NOT old.dnc)))) EXECUTE FUNCTION private.note_opt_outs();
CREATE TRIGGER contacts_note_opt_outs_insert AFTER INSERT ON public.contacts FOR EACH ROW WHEN (((new.sms_opted_out_at IS NOT NULL) OR (new.email_opted_out_at IS NOT NULL) OR new.dnc)) EXECUTE FUNCTION private.note_opt_outs();
CREATE TRIGGER contacts_recall BEFORE INSERT OR UPDATE OF email, phone_e164, deleted_at ON public.contacts FOR EACH ROW WHEN ((new.deleted_at IS NULL)) EXECUTE FUNCTION private.recall_refusals();
CREATE TRIGGER contacts_touch BEFORE UPDATE ON public.contacts FOR EACH ROW WHEN ((NOT (old.deleted_at IS DISTINCT FROM new.deleted_at))) EXECUTE FUNCTION private.touch_updated_at();
CREATE TRIGGER contacts_wake AFTER UPDATE ON public.contacts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION private.wake_watching();
grant delete, insert, select, update on public.contacts to sluice_member;
grant select on public.contacts to authenticated;
grant select on public.contacts to sluice_reader;

create table public.conversations (
  workspace_id text not null,
  contact_id uuid not null,
  status text default 'open'::text not null,
  assignee_id uuid,
  unread integer default 0 not null,
  last_at timestamp with time zone not null,
  updated_at timestamp with time zone default now() not null,
  constraint conversations_pkey PRIMARY KEY (workspace_id, contact_id),
  constraint conversations_status_check CHECK ((status = ANY (ARRAY['open'::text, 'closed'::text]))),
  constraint conversations_unread_check CHECK ((unread >= 0)),
  constraint conversations_workspace_id_assignee_id_fkey FOREIGN KEY (workspace_id, assignee_id) REFERENCES public.workspace_members(workspace_id, user_id) ON DELETE SET NULL (assignee_id),
  constraint conversations_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES public.contacts(workspace_id, id) ON DELETE CASCADE,
  constraint conversations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
CREATE INDEX conversations_assignee ON public.conversations USING btree (workspace_id, assignee_id) WHERE (assignee_id IS NOT NULL);
CREATE INDEX conversations_changed ON public.conversations USING btree (workspace_id, updated_at DESC, contact_id);
CREATE INDEX conversations_contact ON public.conversations USING btree (contact_id);
CREATE INDEX conversations_last ON public.conversations USING btree (workspace_id, last_at DESC, contact_id DESC);
CREATE INDEX conversations_newest ON public.conversations USING btree (workspace_id, status, last_at DESC, contact_id DESC);
CREATE INDEX conversations_unread ON public.conversations USING btree (workspace_id, contact_id) WHERE ((status = 'open'::text) AND (unread > 0));
alter table public.conversations enable row level security;
create policy conversations_read on public.conversations for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
create policy conversations_update on public.conversations for update to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))))
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
CREATE TRIGGER conversations_touch BEFORE UPDATE ON public.conversations FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION private.touch_updated_at();
grant select on public.conversations to authenticated;
grant select on public.conversations to sluice_member;
grant update (assignee_id) on public.conversations to sluice_member;
grant update (status) on public.conversations to sluice_member;
grant update (unread) on public.conversations to sluice_member;

create table public.flow_discarded_drafts (
  id uuid default private.uuid_v7() not null,
  workspace_id text not null,
  flow_id uuid not null,
  name text not null,
  nodes jsonb not null,
  edges jsonb not null,
  settings jsonb not null,
  discarded_by_name text,
  discarded_at timestamp with time zone default now() not null,
  constraint flow_discarded_drafts_pkey PRIMARY KEY (id),
  constraint flow_discarded_drafts_workspace_id_flow_id_fkey FOREIGN KEY (workspace_id, flow_id) REFERENCES public.flows(workspace_id, id) ON DELETE CASCADE,
  constraint flow_discarded_drafts_workspace_id_id_key UNIQUE (workspace_id, id)
);
CREATE INDEX flow_discarded_drafts_age ON public.flow_discarded_drafts USING btree (discarded_at);
CREATE INDEX flow_discarded_drafts_newest ON public.flow_discarded_drafts USING btree (workspace_id, flow_id, discarded_at DESC, id DESC);
alter table public.flow_discarded_drafts enable row level security;
create policy flow_discarded_drafts_delete on public.flow_discarded_drafts for delete to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy flow_discarded_drafts_insert on public.flow_discarded_drafts for insert to sluice_member
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy flow_discarded_drafts_read on public.flow_discarded_drafts for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant delete, insert, select on public.flow_discarded_drafts to sluice_member;
grant select on public.flow_discarded_drafts to authenticated;

create table public.flow_drafts (
  flow_id uuid not null,
  workspace_id text not null,
  name text not null,
  nodes jsonb not null,
  edges jsonb not null,
  settings jsonb not null,
  revision uuid default private.uuid_v7() not null,
  began_from text not null,
  created_at timestamp with time zone default now() not null,
  updated_by uuid,
  updated_by_name text,
  updated_at timestamp with time zone default now() not null,
  constraint flow_drafts_pkey PRIMARY KEY (flow_id),
  constraint flow_drafts_workspace_id_flow_id_fkey FOREIGN KEY (workspace_id, flow_id) REFERENCES public.flows(workspace_id, id) ON DELETE CASCADE,
  constraint flow_drafts_workspace_id_flow_id_key UNIQUE (workspace_id, flow_id)
);
alter table public.flow_drafts enable row level security;
create policy flow_drafts_delete on public.flow_drafts for delete to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy flow_drafts_insert on public.flow_drafts for insert to sluice_member
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy flow_drafts_read on public.flow_drafts for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
create policy flow_drafts_update on public.flow_drafts for update to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))))
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
grant delete, insert, select, update on public.flow_drafts to sluice_member;
grant select on public.flow_drafts to authenticated;

create table public.flow_execution_moves (
  flow_execution_id uuid not null,
  publication_id uuid not null,
  workspace_id text not null,
  action text not null,
  from_version_id uuid not null,
  from_node_id text,
  to_node_id text,
  visit integer not null,
  moved_at timestamp with time zone not null,
  constraint flow_execution_moves_action_check CHECK ((action = ANY (ARRAY['follow'::text, 'node'::text, 'leave'::text]))),
  constraint flow_execution_moves_pkey PRIMARY KEY (flow_execution_id, publication_id),
  constraint flow_execution_moves_workspace_id_flow_execution_id_fkey FOREIGN KEY (workspace_id, flow_execution_id) REFERENCES public.flow_executions(workspace_id, id) ON DELETE CASCADE,
  constraint flow_execution_moves_workspace_id_publication_id_fkey FOREIGN KEY (workspace_id, publication_id) REFERENCES public.flow_publications(workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX flow_execution_moves_publication ON public.flow_execution_moves USING btree (publication_id, action);
alter table public.flow_execution_moves enable row level security;
create policy flow_execution_moves_read on public.flow_execution_moves for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.flow_execution_moves to authenticated;
grant select on public.flow_execution_moves to sluice_member;

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
CREATE INDEX flow_execution_steps_created ON public.flow_execution_steps USING btree (workspace_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX flow_execution_steps_visit ON public.flow_execution_steps USING btree (flow_execution_id, visit, attempt);
alter table public.flow_execution_steps enable row level security;
create policy flow_execution_steps_read on public.flow_execution_steps for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.flow_execution_steps to authenticated;
grant select on public.flow_execution_steps to sluice_member;

create table public.flow_executions (
  id uuid default private.uuid_v7() not null,
  flow_id uuid,
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
  seen_publication integer,
  skipped_visit integer,
  moved_visit integer,
  constraint flow_executions_pkey PRIMARY KEY (id),
  constraint flow_executions_send_id_seq_key UNIQUE (send_id, seq),
  constraint flow_executions_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'running'::text, 'completed'::text, 'failed'::text, 'cancelled'::text, 'partial_failure'::text]))),
  constraint flow_executions_waiting_for_check CHECK ((waiting_for = ANY (ARRAY['time'::text, 'reply'::text, 'event'::text, 'window'::text, 'pace'::text, 'capacity'::text, 'hold'::text, 'call'::text, 'child'::text]))),
  constraint flow_executions_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES public.contacts(workspace_id, id) ON DELETE SET NULL (contact_id),
  constraint flow_executions_workspace_id_flow_id_fkey FOREIGN KEY (workspace_id, flow_id) REFERENCES public.flows(workspace_id, id) ON DELETE SET NULL (flow_id),
  constraint flow_executions_workspace_id_id_key UNIQUE (workspace_id, id),
  constraint flow_executions_workspace_id_parent_execution_id_fkey FOREIGN KEY (workspace_id, parent_execution_id) REFERENCES public.flow_executions(workspace_id, id) ON DELETE SET NULL (parent_execution_id),
  constraint flow_executions_workspace_id_send_id_fkey FOREIGN KEY (workspace_id, send_id) REFERENCES public.flow_sends(workspace_id, id) ON DELETE CASCADE
) with (fillfactor=40);
CREATE INDEX flow_executions_contact ON public.flow_executions USING btree (contact_id, created_at DESC);
CREATE INDEX flow_executions_flow ON public.flow_executions USING btree (workspace_id, flow_id, created_at DESC, id DESC);
CREATE INDEX flow_executions_missed ON public.flow_executions USING btree (send_id, seq) WHERE (missed IS NOT NULL);
CREATE UNIQUE INDEX flow_executions_parent ON public.flow_executions USING btree (parent_execution_id, parent_visit) WHERE (parent_execution_id IS NOT NULL);
alter table public.flow_executions enable row level security;
create policy flow_executions_forecast on public.flow_executions for select to sluice_reader
  using ((workspace_id = ( SELECT private.reader_workspace() AS reader_workspace)));
create policy flow_executions_read on public.flow_executions for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
CREATE TRIGGER flow_executions_uncompleted AFTER UPDATE OF status ON public.flow_executions FOR EACH ROW WHEN (((old.status IS DISTINCT FROM new.status) AND ((new.status = ANY (ARRAY['failed'::text, 'partial_failure'::text, 'cancelled'::text])) OR (old.status = ANY (ARRAY['failed'::text, 'partial_failure'::text, 'cancelled'::text]))))) EXECUTE FUNCTION private.note_uncompleted_execution();
CREATE TRIGGER flow_executions_uncompleted_insert AFTER INSERT ON public.flow_executions FOR EACH ROW WHEN ((new.status = ANY (ARRAY['failed'::text, 'partial_failure'::text, 'cancelled'::text]))) EXECUTE FUNCTION private.note_uncompleted_execution();
grant select on public.flow_executions to authenticated;
grant select on public.flow_executions to sluice_member;
grant select on public.flow_executions to sluice_reader;

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
CREATE TRIGGER flow_folders_empty BEFORE DELETE ON public.flow_folders FOR EACH ROW EXECUTE FUNCTION private.empty_deleted_folder();
CREATE TRIGGER flow_folders_touch BEFORE UPDATE ON public.flow_folders FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at();
grant delete, insert, select, update on public.flow_folders to sluice_member;
grant select on public.flow_folders to authenticated;

create table public.flow_moves (
  publication_id uuid not null,
  workspace_id text not null,
  from_version_id uuid not null,
  from_node_id text not null,
  action text not null,
  to_node_id text,
  constraint flow_moves_action_check CHECK ((action = ANY (ARRAY['follow'::text, 'node'::text, 'leave'::text]))),
  constraint flow_moves_check CHECK (((action = 'node'::text) = (to_node_id IS NOT NULL))),
  constraint flow_moves_pkey PRIMARY KEY (publication_id, from_version_id, from_node_id),
  constraint flow_moves_workspace_id_from_version_id_fkey FOREIGN KEY (workspace_id, from_version_id) REFERENCES public.flow_versions(workspace_id, id) ON DELETE CASCADE,
  constraint flow_moves_workspace_id_publication_id_fkey FOREIGN KEY (workspace_id, publication_id) REFERENCES public.flow_publications(workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX flow_moves_version ON public.flow_moves USING btree (from_version_id);
alter table public.flow_moves enable row level security;
create policy flow_moves_read on public.flow_moves for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.flow_moves to authenticated;
grant select on public.flow_moves to sluice_member;

create table public.flow_publications (
  id uuid default private.uuid_v7() not null,
  workspace_id text not null,
  flow_id uuid not null,
  version_id uuid not null,
  note text,
  published_by uuid,
  published_by_name text,
  published_at timestamp with time zone default now() not null,
  seq integer generated by default as identity not null,
  people integer,
  moving_at timestamp with time zone,
  moves_ended_at timestamp with time zone,
  tests jsonb,
  constraint flow_publications_pkey PRIMARY KEY (id),
  constraint flow_publications_workspace_id_flow_id_fkey FOREIGN KEY (workspace_id, flow_id) REFERENCES public.flows(workspace_id, id) ON DELETE CASCADE,
  constraint flow_publications_workspace_id_id_key UNIQUE (workspace_id, id),
  constraint flow_publications_workspace_id_version_id_fkey FOREIGN KEY (workspace_id, version_id) REFERENCES public.flow_versions(workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX flow_publications_flow ON public.flow_publications USING btree (workspace_id, flow_id);
CREATE INDEX flow_publications_moving ON public.flow_publications USING btree (moving_at) WHERE ((moving_at IS NOT NULL) AND (moves_ended_at IS NULL));
CREATE INDEX flow_publications_version ON public.flow_publications USING btree (workspace_id, version_id, published_at DESC);
alter table public.flow_publications enable row level security;
create policy flow_publications_forecast on public.flow_publications for select to sluice_reader
  using ((workspace_id = ( SELECT private.reader_workspace() AS reader_workspace)));
create policy flow_publications_read on public.flow_publications for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.flow_publications to authenticated;
grant select on public.flow_publications to sluice_member;
grant select on public.flow_publications to sluice_reader;

create table public.flow_send_skips (
  send_id uuid not null,
  workspace_id text not null,
  contact_id uuid not null,
  reason text not null,
  created_at timestamp with time zone default now() not null,
  variables jsonb,
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
  completed_unreached integer default 0,
  root_send_id uuid,
  captured integer default 0,
  completed_captured integer default 0,
  seen_publication integer,
  guarded_at timestamp with time zone,
  forecast_id uuid,
  not_later_than timestamp with time zone,
  saved_launch_id uuid,
  healing jsonb,
  enroll_after timestamp with time zone,
  constraint flow_sends_chunk_size_check CHECK (((chunk_size >= 1) AND (chunk_size <= 1000))),
  constraint flow_sends_lanes_check CHECK (((lanes >= 1) AND (lanes <= 16))),
  constraint flow_sends_pkey PRIMARY KEY (id),
  constraint flow_sends_state_check CHECK ((state = ANY (ARRAY['enrolling'::text, 'canary'::text, 'running'::text, 'paused'::text, 'stopped'::text, 'undone'::text, 'done'::text, 'awaiting_approval'::text]))),
  constraint flow_sends_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE,
  constraint flow_sends_workspace_id_flow_id_fkey FOREIGN KEY (workspace_id, flow_id) REFERENCES public.flows(workspace_id, id),
  constraint flow_sends_workspace_id_flow_version_id_fkey FOREIGN KEY (workspace_id, flow_version_id) REFERENCES public.flow_versions(workspace_id, id),
  constraint flow_sends_workspace_id_forecast_id_fkey FOREIGN KEY (workspace_id, forecast_id) REFERENCES public.forecasts(workspace_id, id) ON DELETE SET NULL (forecast_id),
  constraint flow_sends_workspace_id_id_key UNIQUE (workspace_id, id),
  constraint flow_sends_workspace_id_parent_send_id_fkey FOREIGN KEY (workspace_id, parent_send_id) REFERENCES public.flow_sends(workspace_id, id) ON DELETE SET NULL (parent_send_id),
  constraint flow_sends_workspace_id_root_send_id_fkey FOREIGN KEY (workspace_id, root_send_id) REFERENCES public.flow_sends(workspace_id, id) ON DELETE SET NULL (root_send_id),
  constraint flow_sends_workspace_id_saved_launch_id_fkey FOREIGN KEY (workspace_id, saved_launch_id) REFERENCES public.saved_launches(workspace_id, id) ON DELETE SET NULL (saved_launch_id)
) with (fillfactor=50);
CREATE INDEX flow_sends_created ON public.flow_sends USING btree (workspace_id, created_at DESC, id DESC);
CREATE INDEX flow_sends_flow ON public.flow_sends USING btree (workspace_id, flow_id);
CREATE INDEX flow_sends_forecast ON public.flow_sends USING btree (forecast_id) WHERE (forecast_id IS NOT NULL);
CREATE INDEX flow_sends_healed ON public.flow_sends USING btree (workspace_id, flow_id) WHERE (healing IS NOT NULL);
CREATE INDEX flow_sends_healing ON public.flow_sends USING btree (id) WHERE ((healing ->> 'stage'::text) = ANY (ARRAY['left_out'::text, 'messages'::text]));
CREATE INDEX flow_sends_open ON public.flow_sends USING btree (created_at) WHERE (ended_at IS NULL);
CREATE INDEX flow_sends_parent ON public.flow_sends USING btree (parent_send_id) WHERE (parent_send_id IS NOT NULL);
CREATE INDEX flow_sends_planned ON public.flow_sends USING btree (enroll_after) WHERE (enroll_after IS NOT NULL);
CREATE INDEX flow_sends_root ON public.flow_sends USING btree (root_send_id) INCLUDE (expected) WHERE (root_send_id IS NOT NULL);
CREATE INDEX flow_sends_saved_launch ON public.flow_sends USING btree (saved_launch_id, created_at) WHERE (saved_launch_id IS NOT NULL);
CREATE INDEX flow_sends_version ON public.flow_sends USING btree (workspace_id, flow_version_id);
alter table public.flow_sends enable row level security;
create policy flow_sends_forecast on public.flow_sends for select to sluice_reader
  using ((workspace_id = ( SELECT private.reader_workspace() AS reader_workspace)));
create policy flow_sends_read on public.flow_sends for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
CREATE TRIGGER flow_sends_note_errors AFTER UPDATE ON public.flow_sends FOR EACH ROW WHEN (((old.ended_at IS NULL) AND (new.ended_at IS NOT NULL) AND (new.state = 'done'::text) AND (NOT new.is_test) AND (new.source <> 'flow'::text) AND ((new.failed + new.partial_failure) > 0))) EXECUTE FUNCTION private.note_send_errors();
grant select on public.flow_sends to authenticated;
grant select on public.flow_sends to sluice_member;
grant select on public.flow_sends to sluice_reader;

create table public.flow_tests (
  id uuid default private.uuid_v7() not null,
  workspace_id text not null,
  flow_id uuid not null,
  contact_id uuid,
  name text not null,
  script jsonb not null,
  expect jsonb not null,
  last_result jsonb,
  created_by uuid,
  created_by_name text,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint flow_tests_pkey PRIMARY KEY (id),
  constraint flow_tests_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES public.contacts(workspace_id, id) ON DELETE CASCADE,
  constraint flow_tests_workspace_id_flow_id_fkey FOREIGN KEY (workspace_id, flow_id) REFERENCES public.flows(workspace_id, id) ON DELETE CASCADE,
  constraint flow_tests_workspace_id_id_key UNIQUE (workspace_id, id)
);
CREATE INDEX flow_tests_contact ON public.flow_tests USING btree (workspace_id, contact_id) WHERE (contact_id IS NOT NULL);
CREATE INDEX flow_tests_flow ON public.flow_tests USING btree (workspace_id, flow_id, created_at, id);
alter table public.flow_tests enable row level security;
create policy flow_tests_delete on public.flow_tests for delete to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy flow_tests_insert on public.flow_tests for insert to sluice_member
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy flow_tests_read on public.flow_tests for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
create policy flow_tests_update on public.flow_tests for update to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))))
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
grant delete, insert, select, update on public.flow_tests to sluice_member;
grant select on public.flow_tests to authenticated;

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
  archived_at timestamp with time zone,
  archived_by_name text,
  deleted_at timestamp with time zone,
  deleted_by uuid,
  deleted_by_name text,
  constraint flows_pkey PRIMARY KEY (id),
  constraint flows_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE,
  constraint flows_workspace_id_folder_id_fkey FOREIGN KEY (workspace_id, folder_id) REFERENCES public.flow_folders(workspace_id, id) ON DELETE SET NULL (folder_id),
  constraint flows_workspace_id_id_key UNIQUE (workspace_id, id)
);
CREATE INDEX flows_bin ON public.flows USING btree (workspace_id, deleted_at DESC, id DESC) WHERE (deleted_at IS NOT NULL);
CREATE INDEX flows_bin_age ON public.flows USING btree (deleted_at) WHERE (deleted_at IS NOT NULL);
CREATE INDEX flows_name ON public.flows USING btree (workspace_id, lower(name), id);
CREATE INDEX flows_workspace_folder ON public.flows USING btree (workspace_id, folder_id);
alter table public.flows enable row level security;
create policy flows_delete on public.flows for delete to sluice_member
  using (((deleted_at IS NULL) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as)))));
create policy flows_forecast on public.flows for select to sluice_reader
  using ((workspace_id = ( SELECT private.reader_workspace() AS reader_workspace)));
create policy flows_insert on public.flows for insert to sluice_member
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy flows_read on public.flows for select to authenticated, sluice_member
  using (((deleted_at IS NULL) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces)))));
create policy flows_update on public.flows for update to sluice_member
  using (((deleted_at IS NULL) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as)))))
  with check (((deleted_at IS NULL) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as)))));
CREATE TRIGGER flows_bin BEFORE DELETE ON public.flows FOR EACH ROW EXECUTE FUNCTION private.bin_deleted_flow();
CREATE TRIGGER flows_touch BEFORE UPDATE ON public.flows FOR EACH ROW WHEN (((NOT (old.deleted_at IS DISTINCT FROM new.deleted_at)) AND (NOT (old.archived_at IS DISTINCT FROM new.archived_at)))) EXECUTE FUNCTION private.touch_updated_at();
grant delete, insert, select, update on public.flows to sluice_member;
grant select on public.flows to authenticated;
grant select on public.flows to sluice_reader;

create table public.forecast_contacts (
  workspace_id text not null,
  forecast_id uuid not null,
  contact_id uuid not null,
  refusal text,
  nothing text,
  way integer,
  messages_at timestamp with time zone[] default '{}'::timestamp with time zone[] not null,
  constraint forecast_contacts_pkey PRIMARY KEY (forecast_id, contact_id),
  constraint forecast_contacts_workspace_id_forecast_id_fkey FOREIGN KEY (workspace_id, forecast_id) REFERENCES public.forecasts(workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX forecast_contacts_contact ON public.forecast_contacts USING btree (contact_id);
alter table public.forecast_contacts enable row level security;
create policy forecast_contacts_read on public.forecast_contacts for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.forecast_contacts to authenticated;
grant select on public.forecast_contacts to sluice_member;

create table public.forecast_ways (
  workspace_id text not null,
  forecast_id uuid not null,
  way integer not null,
  steps jsonb not null,
  constraint forecast_ways_pkey PRIMARY KEY (forecast_id, way),
  constraint forecast_ways_workspace_id_forecast_id_fkey FOREIGN KEY (workspace_id, forecast_id) REFERENCES public.forecasts(workspace_id, id) ON DELETE CASCADE
);
alter table public.forecast_ways enable row level security;
create policy forecast_ways_read on public.forecast_ways for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.forecast_ways to authenticated;
grant select on public.forecast_ways to sluice_member;

create table public.forecasts (
  id uuid not null,
  workspace_id text not null,
  flow_id uuid not null,
  flow_content text,
  state text not null,
  question jsonb,
  question_hash text not null,
  total integer not null,
  looked integer default 0 not null,
  sums jsonb,
  error_message text,
  asked_by text not null,
  walk uuid,
  walks integer default 0 not null,
  created_at timestamp with time zone default now() not null,
  moved_at timestamp with time zone default now() not null,
  finished_at timestamp with time zone,
  constraint forecasts_pkey PRIMARY KEY (id),
  constraint forecasts_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'cancelled'::text, 'failed'::text]))),
  constraint forecasts_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE,
  constraint forecasts_workspace_id_flow_id_fkey FOREIGN KEY (workspace_id, flow_id) REFERENCES public.flows(workspace_id, id) ON DELETE CASCADE,
  constraint forecasts_workspace_id_id_key UNIQUE (workspace_id, id)
);
CREATE INDEX forecasts_age ON public.forecasts USING btree (created_at);
CREATE INDEX forecasts_flow ON public.forecasts USING btree (workspace_id, flow_id);
CREATE INDEX forecasts_under_way ON public.forecasts USING btree (workspace_id) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]));
alter table public.forecasts enable row level security;
create policy forecasts_read on public.forecasts for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.forecasts to authenticated;
grant select on public.forecasts to sluice_member;

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

create table public.inbound_messages (
  id uuid default private.uuid_v7() not null,
  workspace_id text not null,
  channel text not null,
  provider text not null,
  provider_message_id text not null,
  from_address text,
  to_address text not null,
  body text,
  files integer default 0 not null,
  contact_id uuid,
  answers_id uuid,
  word text,
  received_at timestamp with time zone default clock_timestamp() not null,
  handled_at timestamp with time zone,
  automatic boolean default false not null,
  flow_execution_id uuid,
  after_visit integer,
  provider_answers_help boolean default false not null,
  help_answer uuid,
  help_due_at timestamp with time zone,
  provider_heard text,
  written_at timestamp with time zone,
  constraint inbound_messages_answers_id_fkey FOREIGN KEY (answers_id) REFERENCES public.messages(id) ON DELETE SET NULL,
  constraint inbound_messages_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint inbound_messages_execution FOREIGN KEY (workspace_id, flow_execution_id) REFERENCES public.flow_executions(workspace_id, id) ON DELETE SET NULL (flow_execution_id),
  constraint inbound_messages_files_check CHECK ((files >= 0)),
  constraint inbound_messages_pkey PRIMARY KEY (id),
  constraint inbound_messages_provider_heard_check CHECK ((provider_heard = ANY (ARRAY['stop'::text, 'start'::text]))),
  constraint inbound_messages_provider_message_id_check CHECK ((length(provider_message_id) <= 200)),
  constraint inbound_messages_word_check CHECK ((word = ANY (ARRAY['stop'::text, 'start'::text, 'help'::text, 'maybe_stop'::text, 'maybe_start'::text]))),
  constraint inbound_messages_workspace_id_channel_provider_provider_mes_key UNIQUE (workspace_id, channel, provider, provider_message_id),
  constraint inbound_messages_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES public.contacts(workspace_id, id) ON DELETE SET NULL (contact_id),
  constraint inbound_messages_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
CREATE INDEX inbound_messages_address ON public.inbound_messages USING btree (workspace_id, channel, from_address, received_at DESC);
CREATE INDEX inbound_messages_answers ON public.inbound_messages USING btree (answers_id) WHERE (answers_id IS NOT NULL);
CREATE INDEX inbound_messages_contact ON public.inbound_messages USING btree (contact_id, received_at DESC) WHERE (contact_id IS NOT NULL);
CREATE INDEX inbound_messages_execution ON public.inbound_messages USING btree (flow_execution_id) WHERE (flow_execution_id IS NOT NULL);
CREATE INDEX inbound_messages_help_due ON public.inbound_messages USING btree (workspace_id, help_due_at) WHERE (help_due_at IS NOT NULL);
CREATE INDEX inbound_messages_helped ON public.inbound_messages USING btree (workspace_id, from_address, to_address, received_at) WHERE (help_answer IS NOT NULL);
CREATE INDEX inbound_messages_helped_strangers ON public.inbound_messages USING btree (workspace_id, received_at) WHERE ((help_answer IS NOT NULL) AND (contact_id IS NULL));
CREATE INDEX inbound_messages_newest ON public.inbound_messages USING btree (workspace_id, received_at DESC, id DESC);
CREATE INDEX inbound_messages_open ON public.inbound_messages USING btree (workspace_id, id) WHERE (handled_at IS NULL);
CREATE INDEX inbound_messages_words ON public.inbound_messages USING gin (private.message_words(from_address, NULL::text, body, received_at));
alter table public.inbound_messages enable row level security;
create policy inbound_messages_forecast on public.inbound_messages for select to sluice_reader
  using ((workspace_id = ( SELECT private.reader_workspace() AS reader_workspace)));
create policy inbound_messages_read on public.inbound_messages for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.inbound_messages to authenticated;
grant select on public.inbound_messages to sluice_member;
grant select (automatic) on public.inbound_messages to sluice_reader;
grant select (channel) on public.inbound_messages to sluice_reader;
grant select (contact_id) on public.inbound_messages to sluice_reader;
grant select (received_at) on public.inbound_messages to sluice_reader;
grant select (to_address) on public.inbound_messages to sluice_reader;
grant select (workspace_id) on public.inbound_messages to sluice_reader;

create table public.lead_statuses (
  id uuid default private.uuid_v7() not null,
  workspace_id text not null,
  name text not null,
  color text default 'grey'::text not null,
  kind text default 'open'::text not null,
  is_default boolean default false not null,
  place integer not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint lead_statuses_color_check CHECK ((color = ANY (ARRAY['grey'::text, 'blue'::text, 'green'::text, 'yellow'::text, 'orange'::text, 'red'::text]))),
  constraint lead_statuses_kind_check CHECK ((kind = ANY (ARRAY['open'::text, 'won'::text, 'lost'::text]))),
  constraint lead_statuses_name_check CHECK (((btrim(name) <> ''::text) AND (length(name) <= 100))),
  constraint lead_statuses_pkey PRIMARY KEY (id),
  constraint lead_statuses_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX lead_statuses_default ON public.lead_statuses USING btree (workspace_id) WHERE is_default;
CREATE UNIQUE INDEX lead_statuses_name ON public.lead_statuses USING btree (workspace_id, lower(name));
alter table public.lead_statuses enable row level security;
create policy lead_statuses_delete on public.lead_statuses for delete to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
create policy lead_statuses_forecast on public.lead_statuses for select to sluice_reader
  using ((workspace_id = ( SELECT private.reader_workspace() AS reader_workspace)));
create policy lead_statuses_insert on public.lead_statuses for insert to sluice_member
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
create policy lead_statuses_read on public.lead_statuses for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
create policy lead_statuses_update on public.lead_statuses for update to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))))
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
CREATE TRIGGER lead_statuses_touch BEFORE UPDATE ON public.lead_statuses FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at();
grant delete, insert, select, update on public.lead_statuses to sluice_member;
grant select on public.lead_statuses to authenticated;
grant select on public.lead_statuses to sluice_reader;

create table public.member_flows (
  workspace_id text not null,
  user_id uuid not null,
  flow_id uuid not null,
  is_favourite boolean default false not null,
  opened_at timestamp with time zone,
  constraint member_flows_pkey PRIMARY KEY (workspace_id, user_id, flow_id),
  constraint member_flows_workspace_id_flow_id_fkey FOREIGN KEY (workspace_id, flow_id) REFERENCES public.flows(workspace_id, id) ON DELETE CASCADE,
  constraint member_flows_workspace_id_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES public.workspace_members(workspace_id, user_id) ON DELETE CASCADE
);
CREATE INDEX member_flows_flow ON public.member_flows USING btree (workspace_id, flow_id);
alter table public.member_flows enable row level security;
create policy member_flows_own on public.member_flows for all to authenticated, sluice_member
  using (((user_id = ( SELECT private.current_user_id() AS current_user_id)) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces)))))
  with check (((user_id = ( SELECT private.current_user_id() AS current_user_id)) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces)))));
grant delete, insert, select, update on public.member_flows to sluice_member;
grant select on public.member_flows to authenticated;

create table public.message_reports (
  id uuid default private.uuid_v7() not null,
  workspace_id text not null,
  message_id uuid not null,
  provider text not null,
  status text not null,
  reason text,
  error_message text,
  received_at timestamp with time zone not null,
  constraint message_reports_error_message_check CHECK ((length(error_message) <= 500)),
  constraint message_reports_message_id_fkey FOREIGN KEY (message_id) REFERENCES public.messages(id) ON DELETE CASCADE,
  constraint message_reports_pkey PRIMARY KEY (id),
  constraint message_reports_status_check CHECK ((status = ANY (ARRAY['taken'::text, 'sent'::text, 'delivered'::text, 'undelivered'::text, 'complaint'::text, 'unsubscribe'::text])))
);
CREATE INDEX message_reports_message ON public.message_reports USING btree (message_id, received_at, id);
CREATE INDEX message_reports_of_our_domain ON public.message_reports USING btree (workspace_id, received_at) WHERE (reason = 'sender_refused'::text);
alter table public.message_reports enable row level security;
create policy message_reports_read on public.message_reports for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.message_reports to authenticated;
grant select on public.message_reports to sluice_member;

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
  delivered_at timestamp with time zone,
  doubt_at timestamp with time zone,
  kind text default 'marketing'::text not null,
  constraint messages_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint messages_flow_execution_id_visit_channel_key UNIQUE (flow_execution_id, visit, channel),
  constraint messages_kind_check CHECK ((kind = ANY (ARRAY['marketing'::text, 'transactional'::text, 'conversational'::text]))),
  constraint messages_pkey PRIMARY KEY (id),
  constraint messages_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'delivered'::text, 'undelivered'::text, 'failed'::text, 'unknown'::text, 'held'::text]))),
  constraint messages_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES public.contacts(workspace_id, id) ON DELETE SET NULL (contact_id),
  constraint messages_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE,
  constraint messages_workspace_id_flow_execution_id_fkey FOREIGN KEY (workspace_id, flow_execution_id) REFERENCES public.flow_executions(workspace_id, id) ON DELETE CASCADE
) with (fillfactor=50);
CREATE INDEX messages_alone ON public.messages USING btree (created_at) WHERE (flow_execution_id IS NULL);
CREATE INDEX messages_contact ON public.messages USING btree (contact_id, created_at DESC);
CREATE INDEX messages_created ON public.messages USING btree (workspace_id, created_at DESC, id DESC);
CREATE INDEX messages_provider_id ON public.messages USING btree (provider_message_id) WHERE (provider_message_id IS NOT NULL);
CREATE INDEX messages_send ON public.messages USING btree (send_id);
CREATE INDEX messages_tests ON public.messages USING btree (workspace_id) WHERE is_test;
CREATE INDEX messages_to_nobody ON public.messages USING btree (workspace_id, channel, lower(to_address)) WHERE ((contact_id IS NULL) AND (to_address IS NOT NULL));
CREATE INDEX messages_words ON public.messages USING gin (private.message_words(to_address, subject, body, created_at));
CREATE UNIQUE INDEX messages_address ON public.messages USING btree (address_scope, channel, lower(to_address)) WHERE (address_scope IS NOT NULL);
alter table public.messages enable row level security;
create policy messages_forecast on public.messages for select to sluice_reader
  using ((workspace_id = ( SELECT private.reader_workspace() AS reader_workspace)));
create policy messages_read on public.messages for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
CREATE TRIGGER messages_unknown AFTER UPDATE OF status ON public.messages FOR EACH ROW WHEN (((old.status IS DISTINCT FROM new.status) AND ((old.status = 'unknown'::text) OR (new.status = 'unknown'::text)))) EXECUTE FUNCTION private.note_unknown_message();
grant select on public.messages to authenticated;
grant select on public.messages to sluice_member;
grant select on public.messages to sluice_reader;

create table public.notice_reads (
  workspace_id text not null,
  user_id uuid not null,
  notice_id uuid not null,
  read_upto timestamp with time zone not null,
  constraint notice_reads_pkey PRIMARY KEY (workspace_id, user_id, notice_id),
  constraint notice_reads_workspace_id_notice_id_fkey FOREIGN KEY (workspace_id, notice_id) REFERENCES public.notices(workspace_id, id) ON DELETE CASCADE,
  constraint notice_reads_workspace_id_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES public.workspace_members(workspace_id, user_id) ON DELETE CASCADE
);
CREATE INDEX notice_reads_notice ON public.notice_reads USING btree (workspace_id, notice_id);
alter table public.notice_reads enable row level security;
create policy notice_reads_own on public.notice_reads for all to authenticated, sluice_member
  using (((user_id = ( SELECT private.current_user_id() AS current_user_id)) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces)))))
  with check (((user_id = ( SELECT private.current_user_id() AS current_user_id)) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces)))));
grant delete, insert, select, update on public.notice_reads to sluice_member;
grant select on public.notice_reads to authenticated;

create table public.notice_settings (
  workspace_id text not null,
  user_id uuid not null,
  by_email boolean default false not null,
  constraint notice_settings_pkey PRIMARY KEY (workspace_id, user_id),
  constraint notice_settings_workspace_id_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES public.workspace_members(workspace_id, user_id) ON DELETE CASCADE
);
alter table public.notice_settings enable row level security;
create policy notice_settings_own on public.notice_settings for all to authenticated, sluice_member
  using (((user_id = ( SELECT private.current_user_id() AS current_user_id)) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces)))))
  with check (((user_id = ( SELECT private.current_user_id() AS current_user_id)) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces)))));
grant delete, insert, select, update on public.notice_settings to sluice_member;
grant select on public.notice_settings to authenticated;

create table public.notices (
  id uuid default private.uuid_v7() not null,
  workspace_id text not null,
  kind text not null,
  cause text not null,
  channel text,
  detail text,
  send_id uuid,
  contact_id uuid,
  times integer default 1 not null,
  created_at timestamp with time zone default now() not null,
  last_at timestamp with time zone default date_trunc('milliseconds'::text, clock_timestamp()) not null,
  mailed_at timestamp with time zone,
  to_user uuid,
  to_admins boolean default false not null,
  except_user uuid,
  constraint notices_cause_check CHECK (((length(cause) >= 1) AND (length(cause) <= 200))),
  constraint notices_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint notices_detail_check CHECK ((length(detail) <= 50)),
  constraint notices_kind_check CHECK ((kind = ANY (ARRAY['provider_down'::text, 'mail_guard'::text, 'send_errors'::text, 'maybe_stop'::text, 'still_stopped'::text, 'approval_asked'::text, 'approval_decided'::text, 'canary_held'::text]))),
  constraint notices_pkey PRIMARY KEY (id),
  constraint notices_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES public.contacts(workspace_id, id) ON DELETE CASCADE,
  constraint notices_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE,
  constraint notices_workspace_id_id_key UNIQUE (workspace_id, id),
  constraint notices_workspace_id_kind_cause_key UNIQUE (workspace_id, kind, cause),
  constraint notices_workspace_id_send_id_fkey FOREIGN KEY (workspace_id, send_id) REFERENCES public.flow_sends(workspace_id, id) ON DELETE CASCADE,
  constraint notices_workspace_id_to_user_fkey FOREIGN KEY (workspace_id, to_user) REFERENCES public.workspace_members(workspace_id, user_id) ON DELETE CASCADE
);
CREATE INDEX notices_contact ON public.notices USING btree (contact_id) WHERE (contact_id IS NOT NULL);
CREATE INDEX notices_newest ON public.notices USING btree (workspace_id, last_at DESC, id DESC);
CREATE INDEX notices_send ON public.notices USING btree (send_id) WHERE (send_id IS NOT NULL);
CREATE INDEX notices_to_user ON public.notices USING btree (workspace_id, to_user) WHERE (to_user IS NOT NULL);
CREATE INDEX notices_unmailed ON public.notices USING btree (created_at) WHERE (mailed_at IS NULL);
alter table public.notices enable row level security;
create policy notices_read on public.notices for select to authenticated, sluice_member
  using (((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))) AND ((to_user IS NULL) OR (to_user = ( SELECT private.current_user_id() AS current_user_id))) AND ((except_user IS NULL) OR (except_user <> ( SELECT private.current_user_id() AS current_user_id))) AND ((NOT to_admins) OR (workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))))));
grant select on public.notices to authenticated;
grant select on public.notices to sluice_member;

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
  secret_ends jsonb default '{}'::jsonb not null,
  constraint providers_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint providers_pkey PRIMARY KEY (workspace_id, channel),
  constraint providers_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
alter table public.providers enable row level security;
create policy providers_delete on public.providers for delete to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
create policy providers_forecast on public.providers for select to sluice_reader
  using ((workspace_id = ( SELECT private.reader_workspace() AS reader_workspace)));
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
grant select (channel) on public.providers to sluice_reader;
grant select (created_at) on public.providers to authenticated;
grant select (created_at) on public.providers to sluice_member;
grant select (has_secret) on public.providers to authenticated;
grant select (has_secret) on public.providers to sluice_member;
grant select (provider) on public.providers to authenticated;
grant select (provider) on public.providers to sluice_member;
grant select (provider) on public.providers to sluice_reader;
grant select (secret_ends) on public.providers to authenticated;
grant select (secret_ends) on public.providers to sluice_member;
grant select (settings) on public.providers to authenticated;
grant select (settings) on public.providers to sluice_member;
grant select (updated_at) on public.providers to authenticated;
grant select (updated_at) on public.providers to sluice_member;
grant select (updated_by) on public.providers to authenticated;
grant select (updated_by) on public.providers to sluice_member;
grant select (workspace_id) on public.providers to authenticated;
grant select (workspace_id) on public.providers to sluice_member;
grant select (workspace_id) on public.providers to sluice_reader;

create table public.saved_launches (
  id uuid default private.uuid_v7() not null,
  workspace_id text not null,
  flow_id uuid not null,
  name text not null,
  is_shared boolean default false not null,
  terms jsonb not null,
  made_by uuid,
  made_by_name text,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint saved_launches_pkey PRIMARY KEY (id),
  constraint saved_launches_workspace_id_flow_id_fkey FOREIGN KEY (workspace_id, flow_id) REFERENCES public.flows(workspace_id, id) ON DELETE CASCADE,
  constraint saved_launches_workspace_id_id_key UNIQUE (workspace_id, id),
  constraint saved_launches_workspace_id_made_by_fkey FOREIGN KEY (workspace_id, made_by) REFERENCES public.workspace_members(workspace_id, user_id) ON DELETE SET NULL (made_by)
);
CREATE INDEX saved_launches_flow ON public.saved_launches USING btree (workspace_id, flow_id);
CREATE INDEX saved_launches_maker ON public.saved_launches USING btree (workspace_id, made_by);
alter table public.saved_launches enable row level security;
create policy saved_launches_delete on public.saved_launches for delete to sluice_member
  using ((((made_by = ( SELECT private.current_user_id() AS current_user_id)) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as)))) OR (is_shared AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))))));
create policy saved_launches_insert on public.saved_launches for insert to sluice_member
  with check (((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))) AND (made_by = ( SELECT private.current_user_id() AS current_user_id))));
create policy saved_launches_read on public.saved_launches for select to authenticated, sluice_member
  using (((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))) AND (is_shared OR (made_by = ( SELECT private.current_user_id() AS current_user_id)))));
create policy saved_launches_update on public.saved_launches for update to sluice_member
  using ((((made_by = ( SELECT private.current_user_id() AS current_user_id)) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as)))) OR (is_shared AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))))))
  with check ((((made_by = ( SELECT private.current_user_id() AS current_user_id)) AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as)))) OR (is_shared AND (workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))))));
grant delete, insert, select, update on public.saved_launches to sluice_member;
grant select on public.saved_launches to authenticated;

create table public.send_approvals (
  send_id uuid not null,
  workspace_id text not null,
  state text default 'asked'::text not null,
  round integer default 1 not null,
  hash text not null,
  flow_hash text,
  contacts integer not null,
  asked_at timestamp with time zone not null,
  asked_by uuid,
  asked_by_name text,
  returned_because text,
  returned_at timestamp with time zone,
  contacts_before integer,
  decided_at timestamp with time zone,
  decided_by uuid,
  decided_by_name text,
  comment text,
  own_values jsonb,
  started_flows jsonb,
  constraint send_approvals_comment_check CHECK ((length(comment) <= 1000)),
  constraint send_approvals_pkey PRIMARY KEY (send_id),
  constraint send_approvals_returned_because_check CHECK ((returned_because = ANY (ARRAY['audience_moved'::text, 'flow_changed'::text, 'limits_changed'::text]))),
  constraint send_approvals_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'approved'::text, 'refused'::text, 'withdrawn'::text]))),
  constraint send_approvals_workspace_id_send_id_fkey FOREIGN KEY (workspace_id, send_id) REFERENCES public.flow_sends(workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX send_approvals_own_values ON public.send_approvals USING btree (workspace_id) WHERE (own_values IS NOT NULL);
CREATE INDEX send_approvals_workspace ON public.send_approvals USING btree (workspace_id);
alter table public.send_approvals enable row level security;
create policy send_approvals_read on public.send_approvals for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.send_approvals to authenticated;
grant select on public.send_approvals to sluice_member;

create table public.send_canaries (
  send_id uuid not null,
  workspace_id text not null,
  contacts integer,
  percent double precision,
  minutes integer not null,
  failure_percent double precision not null,
  opt_out_percent double precision not null,
  has_messages boolean not null,
  few integer,
  few_begin_by timestamp with time zone,
  seen jsonb default '{}'::jsonb not null,
  watched_since timestamp with time zone,
  held_at timestamp with time zone,
  held_for jsonb,
  opened_at timestamp with time zone,
  opened_by text,
  opened_by_name text,
  constraint send_canaries_check CHECK (((contacts IS NULL) <> (percent IS NULL))),
  constraint send_canaries_contacts_check CHECK (((contacts >= 1) AND (contacts <= 1000))),
  constraint send_canaries_failure_percent_check CHECK (((failure_percent >= (0)::double precision) AND (failure_percent <= (50)::double precision))),
  constraint send_canaries_minutes_check CHECK (((minutes >= 1) AND (minutes <= 1440))),
  constraint send_canaries_opened_by_check CHECK ((opened_by = ANY (ARRAY['itself'::text, 'person'::text, 'too_few'::text]))),
  constraint send_canaries_opt_out_percent_check CHECK (((opt_out_percent >= (0)::double precision) AND (opt_out_percent <= (50)::double precision))),
  constraint send_canaries_percent_check CHECK (((percent >= (0.1)::double precision) AND (percent <= (20)::double precision))),
  constraint send_canaries_pkey PRIMARY KEY (send_id),
  constraint send_canaries_workspace_id_send_id_fkey FOREIGN KEY (workspace_id, send_id) REFERENCES public.flow_sends(workspace_id, id) ON DELETE CASCADE,
  constraint send_canaries_workspace_id_send_id_key UNIQUE (workspace_id, send_id)
);
CREATE INDEX send_canaries_open ON public.send_canaries USING btree (send_id) WHERE ((opened_at IS NULL) AND (few IS NOT NULL));
alter table public.send_canaries enable row level security;
create policy send_canaries_read on public.send_canaries for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.send_canaries to authenticated;
grant select on public.send_canaries to sluice_member;

create table public.send_message_counts (
  send_id uuid not null,
  workspace_id text not null,
  channel text not null,
  outcome text not null,
  reason text default ''::text not null,
  count integer not null,
  constraint send_message_counts_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint send_message_counts_outcome_check CHECK ((outcome = ANY (ARRAY['sent'::text, 'captured'::text, 'skipped'::text, 'failed'::text]))),
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
  decide_by timestamp with time zone,
  constraint suppressions_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint suppressions_id_key UNIQUE (id),
  constraint suppressions_pkey PRIMARY KEY (workspace_id, channel, address),
  constraint suppressions_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE
);
CREATE INDEX suppressions_newest ON public.suppressions USING btree (workspace_id, created_at DESC, id DESC);
CREATE INDEX suppressions_undecided ON public.suppressions USING btree (decide_by) WHERE (decide_by IS NOT NULL);
alter table public.suppressions enable row level security;
create policy suppressions_forecast on public.suppressions for select to sluice_reader
  using ((workspace_id = ( SELECT private.reader_workspace() AS reader_workspace)));
create policy suppressions_read on public.suppressions for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
CREATE TRIGGER suppressions_decide_by BEFORE INSERT OR UPDATE OF reason, source ON public.suppressions FOR EACH ROW EXECUTE FUNCTION private.set_decide_by();
grant select on public.suppressions to authenticated;
grant select on public.suppressions to sluice_member;
grant select on public.suppressions to sluice_reader;

create table public.tracked_links (
  id uuid default private.uuid_v7() not null,
  workspace_id text not null,
  flow_execution_id uuid not null,
  visit integer not null,
  channel text not null,
  send_id uuid not null,
  contact_id uuid,
  kind text not null,
  url text,
  code text,
  times integer default 0 not null,
  machine_times integer default 0 not null,
  first_at timestamp with time zone,
  last_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  constraint tracked_links_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint tracked_links_check CHECK (((kind = 'click'::text) = (url IS NOT NULL))),
  constraint tracked_links_check1 CHECK (((times > 0) = (first_at IS NOT NULL))),
  constraint tracked_links_code_check CHECK ((code ~ '^[0-9A-Za-z]{12}$'::text)),
  constraint tracked_links_flow_execution_id_visit_channel_fkey FOREIGN KEY (flow_execution_id, visit, channel) REFERENCES public.messages(flow_execution_id, visit, channel) ON DELETE CASCADE,
  constraint tracked_links_kind_check CHECK ((kind = ANY (ARRAY['click'::text, 'open'::text]))),
  constraint tracked_links_machine_times_check CHECK (((machine_times >= 0) AND (machine_times <= 1000))),
  constraint tracked_links_pkey PRIMARY KEY (id),
  constraint tracked_links_times_check CHECK (((times >= 0) AND (times <= 1000))),
  constraint tracked_links_url_check CHECK ((length(url) <= 2048)),
  constraint tracked_links_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES public.contacts(workspace_id, id) ON DELETE SET NULL (contact_id),
  constraint tracked_links_workspace_id_flow_execution_id_fkey FOREIGN KEY (workspace_id, flow_execution_id) REFERENCES public.flow_executions(workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX tracked_links_contact ON public.tracked_links USING btree (contact_id, first_at DESC);
CREATE INDEX tracked_links_send ON public.tracked_links USING btree (send_id, kind, flow_execution_id, first_at) WHERE (first_at IS NOT NULL);
CREATE UNIQUE INDEX tracked_links_code ON public.tracked_links USING btree (code) WHERE (code IS NOT NULL);
CREATE UNIQUE INDEX tracked_links_message ON public.tracked_links USING btree (flow_execution_id, visit, channel, kind, md5(COALESCE(url, ''::text)));
alter table public.tracked_links enable row level security;
create policy tracked_links_read on public.tracked_links for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
grant select on public.tracked_links to authenticated;
grant select on public.tracked_links to sluice_member;

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
  one_by_one boolean default false not null,
  constraint wake_ups_pkey PRIMARY KEY (flow_execution_id),
  constraint wake_ups_workspace_id_flow_execution_id_fkey FOREIGN KEY (workspace_id, flow_execution_id) REFERENCES public.flow_executions(workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX wake_ups_by_moment ON public.wake_ups USING btree (due_at);
CREATE INDEX wake_ups_due ON public.wake_ups USING btree (workspace_id, due_at);
CREATE INDEX wake_ups_one_by_one ON public.wake_ups USING btree (workspace_id, due_at) WHERE one_by_one;
CREATE INDEX wake_ups_version ON public.wake_ups USING btree (flow_version_id, flow_execution_id);
alter table public.wake_ups enable row level security;

create table public.webhook_samples (
  workspace_id text not null,
  flow_id uuid not null,
  node_id text not null,
  contact_id uuid,
  status integer not null,
  body text not null,
  is_cut boolean not null,
  tried_by_name text,
  tried_at timestamp with time zone default now() not null,
  constraint webhook_samples_pkey PRIMARY KEY (workspace_id, flow_id, node_id),
  constraint webhook_samples_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES public.contacts(workspace_id, id) ON DELETE CASCADE,
  constraint webhook_samples_workspace_id_flow_id_fkey FOREIGN KEY (workspace_id, flow_id) REFERENCES public.flows(workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX webhook_samples_contact ON public.webhook_samples USING btree (workspace_id, contact_id) WHERE (contact_id IS NOT NULL);
CREATE INDEX webhook_samples_tried ON public.webhook_samples USING btree (tried_at);
alter table public.webhook_samples enable row level security;
create policy webhook_samples_delete on public.webhook_samples for delete to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy webhook_samples_insert on public.webhook_samples for insert to sluice_member
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy webhook_samples_read on public.webhook_samples for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
create policy webhook_samples_update on public.webhook_samples for update to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))))
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('editor'::text) AS member_workspaces_as))));
grant delete, insert, select, update on public.webhook_samples to sluice_member;
grant select on public.webhook_samples to authenticated;

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
  with check (((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))) AND (invited_by = ( SELECT private.current_user_id() AS current_user_id))));
create policy workspace_invitations_read on public.workspace_invitations for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
create policy workspace_invitations_update on public.workspace_invitations for update to sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))))
  with check ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
grant delete, insert on public.workspace_invitations to sluice_member;
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
grant select (role) on public.workspace_invitations to authenticated;
grant select (role) on public.workspace_invitations to sluice_member;
grant select (workspace_id) on public.workspace_invitations to authenticated;
grant select (workspace_id) on public.workspace_invitations to sluice_member;
grant select, update (revoked_at) on public.workspace_invitations to sluice_member;

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
  using (((user_id = ( SELECT private.current_user_id() AS current_user_id)) OR ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))) AND ((role <> 'owner'::text) OR (workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('owner'::text) AS member_workspaces_as)))))));
create policy workspace_members_insert on public.workspace_members for insert to sluice_member
  with check (((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))) AND ((role <> 'owner'::text) OR (workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('owner'::text) AS member_workspaces_as))))));
create policy workspace_members_read on public.workspace_members for select to authenticated, sluice_member
  using ((workspace_id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
create policy workspace_members_update on public.workspace_members for update to sluice_member
  using (((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))) AND ((role <> 'owner'::text) OR (workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('owner'::text) AS member_workspaces_as))))))
  with check (((workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))) AND ((role <> 'owner'::text) OR (workspace_id = ANY (ARRAY( SELECT private.member_workspaces_as('owner'::text) AS member_workspaces_as))))));
CREATE TRIGGER forget_private_launches BEFORE DELETE ON public.workspace_members FOR EACH ROW EXECUTE FUNCTION private.forget_private_launches();
CREATE TRIGGER workspace_members_end_grants AFTER DELETE OR UPDATE OF role ON public.workspace_members FOR EACH ROW EXECUTE FUNCTION private.end_grants();
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
  hosts text[] default '{}'::text[] not null,
  constraint workspace_secrets_hosts_check CHECK ((cardinality(hosts) <= 20)),
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
grant select (hosts) on public.workspace_secrets to authenticated;
grant select (hosts) on public.workspace_secrets to sluice_member;
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
  country_chosen_at timestamp with time zone,
  time_zone_chosen_at timestamp with time zone,
  first_steps_hidden_at timestamp with time zone,
  sms_countries text[],
  postal_address text,
  sending_rules jsonb default '{}'::jsonb not null,
  help_text text,
  track_clicks boolean default false not null,
  track_opens boolean default false not null,
  short_domain text,
  approval_rules jsonb default '{}'::jsonb not null,
  constraint workspaces_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
  constraint workspaces_email_in_doubt_check CHECK ((email_in_doubt = ANY (ARRAY['hold'::text, 'resend'::text]))),
  constraint workspaces_help_text_check CHECK ((length(help_text) <= 480)),
  constraint workspaces_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint workspaces_pkey PRIMARY KEY (id),
  constraint workspaces_postal_address_check CHECK (((length(postal_address) >= 1) AND (length(postal_address) <= 300))),
  constraint workspaces_short_domain_check CHECK ((short_domain ~ '^[a-z0-9.-]{4,60}$'::text)),
  constraint workspaces_sms_countries_check CHECK ((cardinality(sms_countries) <= 300)),
  constraint workspaces_sms_in_doubt_check CHECK ((sms_in_doubt = ANY (ARRAY['hold'::text, 'resend'::text]))),
  constraint workspaces_undo_seconds_check CHECK (((undo_seconds >= 0) AND (undo_seconds <= 60)))
);
CREATE UNIQUE INDEX workspaces_short_domain ON public.workspaces USING btree (short_domain) WHERE (short_domain IS NOT NULL);
alter table public.workspaces enable row level security;
create policy workspaces_forecast on public.workspaces for select to sluice_reader
  using ((id = ( SELECT private.reader_workspace() AS reader_workspace)));
create policy workspaces_read on public.workspaces for select to authenticated, sluice_member
  using ((id = ANY (ARRAY( SELECT private.member_workspaces() AS member_workspaces))));
create policy workspaces_update on public.workspaces for update to sluice_member
  using ((id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))))
  with check ((id = ANY (ARRAY( SELECT private.member_workspaces_as('admin'::text) AS member_workspaces_as))));
CREATE TRIGGER workspaces_lead_statuses AFTER INSERT ON public.workspaces FOR EACH ROW EXECUTE FUNCTION private.begin_lead_statuses();
grant select on public.workspaces to authenticated;
grant select on public.workspaces to sluice_member;
grant select on public.workspaces to sluice_reader;
grant update (approval_rules) on public.workspaces to sluice_member;
grant update (country) on public.workspaces to sluice_member;
grant update (country_chosen_at) on public.workspaces to sluice_member;
grant update (email_in_doubt) on public.workspaces to sluice_member;
grant update (first_steps_hidden_at) on public.workspaces to sluice_member;
grant update (help_text) on public.workspaces to sluice_member;
grant update (name) on public.workspaces to sluice_member;
grant update (postal_address) on public.workspaces to sluice_member;
grant update (sending_rules) on public.workspaces to sluice_member;
grant update (short_domain) on public.workspaces to sluice_member;
grant update (sms_countries) on public.workspaces to sluice_member;
grant update (sms_in_doubt) on public.workspaces to sluice_member;
grant update (time_zone) on public.workspaces to sluice_member;
grant update (time_zone_chosen_at) on public.workspaces to sluice_member;
grant update (track_clicks) on public.workspaces to sluice_member;
grant update (track_opens) on public.workspaces to sluice_member;
grant update (undo_seconds) on public.workspaces to sluice_member;
