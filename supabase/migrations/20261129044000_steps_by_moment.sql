-- expand: The log of steps is read newest first. Neither column ever changes, so closing a step still writes no index.
create index flow_execution_steps_created on public.flow_execution_steps (workspace_id, created_at desc, id desc);
