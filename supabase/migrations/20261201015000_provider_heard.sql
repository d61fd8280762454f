-- What the provider itself did by a text message: it has stopped messages to the person, or allows them again.
alter table public.inbound_messages add column provider_heard text check (provider_heard in ('stop', 'start'));
-- When it was written, where the provider tells: calls come late and in another order.
alter table public.inbound_messages add column written_at timestamptz;

-- expand: Earlier code never writes this word, and shows a message with it as one without a word.
alter table public.inbound_messages drop constraint inbound_messages_word_check;
alter table public.inbound_messages add constraint inbound_messages_word_check
  check (word in ('stop', 'start', 'help', 'maybe_stop', 'maybe_start'));

-- expand: Earlier code never writes this kind of notice, and shows those that it knows.
alter table public.notices drop constraint notices_kind_check;
alter table public.notices add constraint notices_kind_check
  check (kind in ('provider_down', 'mail_guard', 'send_errors', 'maybe_stop', 'still_stopped', 'approval_asked', 'approval_decided', 'canary_held'));
