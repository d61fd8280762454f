-- The last characters of secrets, by name, so that people can tell which one is stored. The secrets themselves stay encrypted.
alter table public.providers add column secret_ends jsonb not null default '{}';
grant select (secret_ends) on public.providers to authenticated, sluice_member;
