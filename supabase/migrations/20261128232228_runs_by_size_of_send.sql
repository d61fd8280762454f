-- Trigger.dev gets a run for each execution of a small send, and one for a portion of a large one. The size of the send decides,
-- so it stands beside the wake-up, where a look finds the few of small sends among any number of others.
alter table public.wake_ups add column one_by_one boolean not null default false;
create index wake_ups_one_by_one on public.wake_ups (workspace_id, due_at) where one_by_one;

-- A run that was lost again and again is asked for after a pause, which nothing may shorten.
alter table private.trigger_runs add column not_before timestamptz;
