-- Sends heal: who was left out, or got no message, and can be reached now is sent to in the same send. The last press stands with the send,
-- and how far it has come. The values that were meant for one contact alone stay with the row that says why it was left out.

-- expand: Earlier code leaves the new columns empty, and knows no press.
alter table public.flow_sends add column healing jsonb;
create index flow_sends_healing on public.flow_sends (id) where healing ->> 'stage' in ('left_out', 'messages');

-- expand: Earlier code leaves the new column empty.
alter table public.flow_send_skips add column variables jsonb;
