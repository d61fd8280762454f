-- Executions that wait for the answer of a webhook, or for the end of another execution.

alter table public.flow_executions drop constraint flow_executions_waiting_for_check;
alter table public.flow_executions add constraint flow_executions_waiting_for_check
  check (waiting_for in ('time', 'reply', 'event', 'window', 'capacity', 'hold', 'call', 'child'));

-- The call an execution waits for: { id, request, answer }. It lives as long as the wait, so whatever ends the one ends
-- the other. `call_lease`: some worker is making it, and showed a sign of life.
alter table public.wake_ups
  add column call jsonb,
  add column call_lease timestamptz;
