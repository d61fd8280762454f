-- What becomes of a message of which nobody can tell whether it left, by channel: it is held for a person, or sent once more.
alter table public.workspaces
  add column email_in_doubt text not null default 'hold' check (email_in_doubt in ('hold', 'resend')),
  add column sms_in_doubt text not null default 'hold' check (sms_in_doubt in ('hold', 'resend'));
grant update (email_in_doubt, sms_in_doubt) on public.workspaces to sluice_member;

-- It may have left by a try before this one. So it is never called failed, and not sent a third time.
alter table public.messages add column was_in_doubt boolean not null default false;
