-- Foreign keys by which rows were found whose parent is not there. The look by night writes them, and an alert tells them.
create table private.orphans (
  key text primary key,
  child text not null,
  parent text not null,
  rows bigint not null,
  found_at timestamptz not null default clock_timestamp()
);
alter table private.orphans enable row level security;
revoke all on private.orphans from public, anon, authenticated, sluice_member;
