-- The telephone of a member, to which text messages are sent that they write. It is proven by a code that was sent to it; until
-- then nothing else goes there. Each workspace knows its own, and it goes with the membership.
create table private.member_phones (
  workspace_id text not null,
  user_id uuid not null,
  phone text not null,
  -- Of the code that was sent; null once it was given.
  code_hash bytea,
  code_expires_at timestamptz,
  code_tries integer not null default 0,
  proven_at timestamptz,
  primary key (workspace_id, user_id),
  foreign key (workspace_id, user_id) references public.workspace_members (workspace_id, user_id) on delete cascade,
  check (proven_at is not null or code_hash is not null)
);
alter table private.member_phones enable row level security;
revoke all on private.member_phones from public, anon, authenticated, sluice_member;
