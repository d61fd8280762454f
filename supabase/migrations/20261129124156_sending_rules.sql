-- When and to whom messages of a workspace may leave. Empty: the usual rules (contract/sending-rules.ts), by which marketing SMS
-- wait for 9:00 to 20:00 where the person lives.
alter table public.workspaces add column sending_rules jsonb not null default '{}';
grant update (sending_rules) on public.workspaces to sluice_member;

-- Flows that ran at any hour go on as they did, until somebody turns the hours on.
update public.workspaces set sending_rules = '{"quietHours": {"on": false}}';
