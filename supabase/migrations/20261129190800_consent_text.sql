-- The words that the person was shown when they consented, as proof of what they agreed to.
alter table public.contact_consents add column text_shown text check (length(text_shown) between 1 and 2000);
