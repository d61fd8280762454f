-- The provider that keeps every message on this machine was called "catch" and is called "capture" now.
update public.messages set provider = 'capture' where provider = 'catch';

-- A channel without a row uses this provider, and it has neither settings nor a secret, so its rows can go. An older
-- worker that still runs while the new version starts does not know the new name and would hold the messages back.
delete from public.providers where provider = 'catch';
