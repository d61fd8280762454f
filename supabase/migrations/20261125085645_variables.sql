-- Variables of an execution: absent while there are none, so that executions of flows without them write nothing for them.

alter table public.flow_executions alter column variables drop not null, alter column variables drop default;
