-- A lead status that contacts have is renamed and removed by a bulk change, which can be undone.
alter table public.bulk_jobs drop constraint bulk_jobs_kind_check;
alter table public.bulk_jobs add constraint bulk_jobs_kind_check check (kind in ('change_status', 'delete', 'restore', 'replace_status'));
