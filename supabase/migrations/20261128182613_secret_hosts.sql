-- The hosts to which a secret may be sent. Without this list, whoever may edit a flow could aim the header at a host of
-- their own and read the secret there. Secrets that are stored already may go nowhere until an admin names their hosts.

alter table public.workspace_secrets add column hosts text[] not null default '{}' check (cardinality(hosts) <= 20);
grant select (hosts) on public.workspace_secrets to authenticated, sluice_member;
