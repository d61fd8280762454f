-- People whose accounts a Supabase project keeps. Which of them exist and what their passwords are is its business; here is
-- only what the screens show of them, as their last token told it. The id is the token's `sub`.
create table private.supabase_people (
  id uuid primary key,
  email text not null,
  name text not null,
  created_at timestamptz not null default now(),
  -- To the day.
  seen_at timestamptz not null default now()
);
-- Not unique: an address that changes hands there must not keep its new owner out here.
create index supabase_people_email on private.supabase_people (lower(email));

-- An access token stays valid until it expires, whatever happens to its session. Those that were signed out here are
-- refused until then.
create table private.ended_sessions (
  id uuid primary key,
  forget_at timestamptz not null
);
create index ended_sessions_forget on private.ended_sessions (forget_at);

alter table private.supabase_people enable row level security;
alter table private.ended_sessions enable row level security;
revoke all on private.supabase_people, private.ended_sessions from public, anon, authenticated, sluice_member;

-- The first owner may be one of them.
alter table private.claim drop constraint claim_claimed_by_fkey;
