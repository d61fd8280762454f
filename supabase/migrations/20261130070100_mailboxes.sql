-- What was read of the mailbox that a channel's provider names, in which delivery reports and answers arrive. Which mailbox it is stands in
-- the settings of the provider. Workers alone read and write it.
create table private.mailboxes (
  workspace_id text not null references public.workspaces (id) on delete cascade,
  channel text not null check (channel in ('sms', 'email')),
  -- Which mailbox the numbers are of, as a digest: another one begins anew.
  mailbox text check (length(mailbox) <= 64),
  -- How far it was read, by the server's own numbers. Null: not at all.
  uid_validity text check (length(uid_validity) <= 20),
  last_uid bigint not null default 0,
  -- After the server has numbered its mail anew: what has a number below this and came before that time was read before.
  anew_to bigint,
  anew_since timestamptz,
  -- When nothing more was left to read.
  read_at timestamptz,
  -- When it was last tried to read it, and why that did not work.
  tried_at timestamptz,
  problem_code text check (length(problem_code) <= 50),
  problem text check (length(problem) <= 500),
  failures integer not null default 0,
  -- How many of its mails concerned us.
  taken bigint not null default 0,
  next_at timestamptz not null default clock_timestamp(),
  -- Whoever reads it now, and until when nobody else does.
  lease uuid,
  lease_until timestamptz,
  primary key (workspace_id, channel)
);
alter table private.mailboxes enable row level security;
revoke all on private.mailboxes from public, anon, authenticated, sluice_member;
