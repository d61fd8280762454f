-- A flow without a workspace is seen by nobody: no policy shows it, and no version, send or execution can point to it,
-- because they name workspace and flow together. The column was nullable only because the founding document lists it so.
delete from public.flows where workspace_id is null;
alter table public.flows alter column workspace_id set not null;

-- A send that another flow makes has no selection: its executions are added one by one. It was stored as a selection of
-- nobody, which the API refuses.
update public.flow_sends set selection = '{"type": "started_by_flow"}'
where source = 'flow' and selection = '{"type": "ids", "ids": []}';
