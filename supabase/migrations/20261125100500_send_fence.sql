-- Where this data lives, so that a copy of it is told from the original. A restored copy does not know what the original
-- has sent since; until an owner has said that it may, it sends nothing.
create table private.instance (
  only_row boolean primary key default true check (only_row),
  -- private.data_place() when somebody last said, or the first start found, that this is the place.
  place text not null,
  -- The same for files that we look after ourselves: copying them changes nothing that the database could see.
  files text,
  -- Not null: nothing is sent.
  fenced_at timestamptz,
  confirmed_at timestamptz,
  confirmed_by uuid
);
alter table private.instance enable row level security;
revoke all on private.instance from public, anon, authenticated, sluice_member;

-- Cluster, database, and timeline: another cluster or database after a restore from a dump, another timeline after going
-- back to a point in time (and after a standby took over, which may lack the last moments too).
create function private.data_place() returns text language sql stable set search_path = '' as $$
  select format('%s/%s/%s',
    (select system_identifier from pg_control_system()),
    (select oid from pg_database where datname = current_database()),
    (select timeline_id from pg_control_checkpoint()))
$$;
revoke all on function private.data_place() from public, anon, authenticated, sluice_member;
