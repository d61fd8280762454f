-- What DNS says of the domains from which workspaces send e-mail, and who vouches for one that cannot be looked up from here.
create table private.sending_domains (
  workspace_id text not null references public.workspaces (id) on delete cascade,
  domain text not null check (length(domain) between 1 and 253),
  -- The last check that had an answer (contract/sending-domain.ts).
  report jsonb,
  -- When a check was good last, and null again after one that was not.
  good_at timestamptz,
  -- When it was last looked up, whatever came of it.
  tried_at timestamptz,
  statement text check (length(statement) <= 500),
  stated_by uuid,
  stated_by_name text,
  stated_at timestamptz,
  primary key (workspace_id, domain)
);
alter table private.sending_domains enable row level security;
revoke all on private.sending_domains from public, anon, authenticated, sluice_member;

-- Marketing e-mails that left in a day from a domain for which neither a check nor a member vouches.
create table private.unproven_mail (
  workspace_id text primary key references public.workspaces (id) on delete cascade,
  -- The day begins with its first message.
  day_from timestamptz not null,
  used integer not null default 0,
  -- How many were given to whoever asked last.
  granted integer not null default 0
);
alter table private.unproven_mail enable row level security;
revoke all on private.unproven_mail from public, anon, authenticated, sluice_member;
grant select on private.unproven_mail to sluice_reader;
create policy unproven_mail_forecast on private.unproven_mail for select to sluice_reader
  using (workspace_id = (select private.reader_workspace()));

-- The domain of the e-mail sender in use, and whether it is proven: by a good check of the last 30 days, or by a member's word. A
-- forecast asks it too, and may not read the settings of providers.
create function private.mail_domain(of_workspace text) returns table (domain text, is_proven boolean)
language sql stable security definer set search_path = '' as $$
  select p.domain, coalesce(d.good_at > now() - interval '30 days' or d.stated_at is not null, false)
  from (
    select workspace_id, lower(substring(settings ->> 'fromAddress' from '@([^@]+)$')) as domain from public.providers
    where workspace_id = of_workspace and channel = 'email'
      and of_workspace = coalesce(nullif((select private.reader_workspace()), ''), of_workspace)
  ) p
  left join private.sending_domains d on d.workspace_id = p.workspace_id and d.domain = p.domain
  where p.domain is not null
$$;
revoke all on function private.mail_domain(text) from public, anon, authenticated, sluice_member;
grant execute on function private.mail_domain(text) to sluice_reader;
