-- A change of many contacts that the engine does in passes, with one result for each contact. total = changed + same +
-- skipped + failed + those that no pass has reached yet.
create table public.bulk_jobs (
  id uuid primary key,
  workspace_id text not null references public.workspaces (id) on delete cascade,
  kind text not null check (kind in ('change_status', 'delete', 'restore')),
  params jsonb not null default '{}',
  state text not null default 'freezing' check (state in ('freezing', 'asks', 'running', 'done', 'cancelled', 'failed')),
  -- Which contacts are meant. It goes when they are written down as items, because the words of a search may be about a person.
  selection jsonb,
  -- Identifies the request, so that another one under the same id is refused.
  request_hash text not null,
  -- The number that the person was shown, and the most contacts that this person may change.
  expected_total integer,
  most integer,
  total integer,
  changed integer not null default 0,
  same integer not null default 0,
  skipped integer not null default 0,
  failed integer not null default 0,
  error_message text,
  -- The job that this one takes back.
  undo_of uuid,
  created_by uuid,
  created_by_name text,
  created_at timestamptz not null default now(),
  -- Since when its contacts are changed. Of the jobs of a workspace the one that began first goes on first.
  running_at timestamptz,
  -- When it last got further.
  moved_at timestamptz not null default now(),
  finished_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, undo_of) references public.bulk_jobs (workspace_id, id) on delete cascade
);
create index bulk_jobs_newest on public.bulk_jobs (workspace_id, created_at desc, id desc);
create index bulk_jobs_active on public.bulk_jobs (workspace_id, running_at) where state in ('freezing', 'running');
create index bulk_jobs_undo on public.bulk_jobs (undo_of) where undo_of is not null;
create index bulk_jobs_age on public.bulk_jobs (created_at);

-- The contacts of a job in the order in which they are changed. A contact that is deleted later keeps its row here, without
-- the value it had, so that the results still add up.
create table public.bulk_job_items (
  workspace_id text not null,
  job_id uuid not null,
  seq integer not null,
  contact_id uuid not null,
  outcome text check (outcome in ('changed', 'same', 'skipped', 'failed')),
  reason text,
  before jsonb,
  primary key (job_id, seq),
  unique (workspace_id, contact_id, job_id),
  foreign key (workspace_id, job_id) references public.bulk_jobs (workspace_id, id) on delete cascade
);
create index bulk_job_items_outcome on public.bulk_job_items (job_id, outcome, seq);

alter table public.bulk_jobs enable row level security;
alter table public.bulk_job_items enable row level security;
revoke all on public.bulk_jobs, public.bulk_job_items from public, anon, authenticated, sluice_member;
grant select on public.bulk_jobs, public.bulk_job_items to authenticated, sluice_member;
create policy bulk_jobs_read on public.bulk_jobs for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));
create policy bulk_job_items_read on public.bulk_job_items for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));
