-- No message of the send leaves after this moment. Null sets no end.
alter table public.flow_sends add column not_later_than timestamptz;
