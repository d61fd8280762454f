-- Saving a flow whose webhooks carry secrets needs the scope secrets:use now. Keys that could save such flows so far keep
-- that. No key gets contacts:write: it existed when the keys were made, and who wanted it has it.
update public.api_keys set scopes = array_append(scopes, 'secrets:use')
where 'flows:write' = any (scopes) and not scopes && array['secrets:use', 'admin'];
