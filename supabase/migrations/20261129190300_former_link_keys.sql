-- The links in e-mails are sealed with a key that is made from the master key. They stay in mailboxes for years, and a master key
-- is replaced and forgotten; so a rotation keeps the keys of the links that were sent before, encrypted like every secret.
alter table private.instance add column former_link_keys text;
