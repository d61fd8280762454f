-- What the bounces and complaints of the last seven days say of a workspace's e-mail, where they say something bad.
create table private.mail_guards (
  workspace_id text primary key references public.workspaces(id) on delete cascade,
  level text not null check (level in ('warn', 'pause')),
  sent integer not null,
  bounced integer not null,
  complained integer not null,
  since timestamptz not null default clock_timestamp()
);
alter table private.mail_guards enable row level security;

-- When the guard rail paused the send. It does so once: a person who resumes it has looked.
alter table public.flow_sends add column guarded_at timestamptz;
