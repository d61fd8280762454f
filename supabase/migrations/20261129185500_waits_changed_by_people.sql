-- A person may end a wait of one contact or move its end. The numbers are those of the visit that is meant, so that neither
-- holds for a later one. An end that was moved by a person is the end, whatever the step itself would say then.
alter table public.flow_executions add column skipped_visit integer, add column moved_visit integer;
