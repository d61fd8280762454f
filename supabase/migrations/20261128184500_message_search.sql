-- Searching sent messages by contact, address and words, and every search without regard to accents.

create extension if not exists unaccent with schema extensions;

-- A lower-case text without its accents: "jose" finds "José" and "lukasz" finds "Łukasz". The dictionary of the extension takes
-- each letter by itself, so where a text holds a term, the text without accents holds the term without accents. A sigma at the
-- end of a word is the same letter. The dictionary is named, so the function depends on no setting and may be called immutable.
-- It runs as its owner, because members write to the indexes that call it and may not use the schema of the extension.
create function private.unaccented(of_text text) returns text
language plpgsql immutable parallel safe security definer set search_path = '' as $$
begin
  if octet_length(of_text) = length(of_text) then
    return of_text;
  end if;
  return replace(extensions.unaccent('extensions.unaccent'::regdictionary, of_text), U&'\03c2', U&'\03c3');
end
$$;
revoke all on function private.unaccented(text) from public, anon;
grant execute on function private.unaccented(text) to authenticated, sluice_member;

drop index public.contacts_search;
create index contacts_search on public.contacts using gin (private.unaccented(search_text) extensions.gin_trgm_ops);

-- What a message can be found by: the words of its texts, each letter of scripts without spaces, and its address as a whole,
-- by its domain, and for a phone number from its end, because people leave out the prefix. Separators are listed here and
-- not left to the database's locale. The same list stands in db/queries/message-search.ts.
-- A message must not fail for being too long to index: long words are cut, and of a text its beginning counts. A word of a
-- text of 500 characters is never too long, and most texts are no longer.
create function private.message_words(address text, subject text, body text) returns tsvector
language plpgsql immutable parallel safe cost 1000 set search_path = '' as $$
declare
  texts constant text := private.unaccented(lower(left(coalesce(subject, ''), 1000) || ' ' || left(coalesce(body, ''), 50000)));
  place constant text := private.unaccented(lower(left(coalesce(address, ''), 300)));
  found text[] := regexp_split_to_array(texts || ' ' || place,
    '[\u0001-/:-@\[-`{-\u00A9\u00AB-\u00B1\u00B4\u00B6-\u00B8\u00BB-\u00BF\u00D7\u00F7\u0149\u02B0-\u02FF\u0E00-\u0EFF\u1000-\u11FF\u1780-\u17FF\u2000-\u206F\u20A0-\u20CF\u2100-\u214F\u2190-\u2BFF\u3000-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFE00-\uFE0F\uFE30-\uFE6F\uFF00-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65\U0001F000-\U0001FAFF\U00020000-\U0003134F]+')
    || place;
begin
  if octet_length(texts) <> length(texts) then
    found := found || private.unspaced_letters(texts);
  end if;
  if strpos(texts, '@') > 0 then
    found := found || array(
      select btrim(mentioned[1], '.-!?*_~''') from regexp_matches(texts, '[^\s<>()\[\]",;:]+@[^\s<>()\[\]",;:@]+', 'g') as mentioned);
  end if;
  if strpos(place, '@') > 0 then
    found := found || substr(place, strpos(place, '@'));
  elsif left(place, 1) = '+' then
    found := found || ('-' || reverse(substr(place, 2)));
  end if;
  if length(texts) > 500 then
    found := array(select left(word, 60) from unnest(found) as word);
  end if;
  return array_to_tsvector(array_remove(found, ''));
end
$$;

-- One word of a search: as a whole, or as the beginning of a word.
create function private.word_query(word text, is_whole boolean) returns tsquery
language sql immutable parallel safe set search_path = '' as $$
  select ('''' || replace(replace(private.unaccented(lower($1)), '\', '\\'), '''', '''''') || case when $2 then '''' else ''':*' end)::tsquery
$$;
revoke all on function private.message_words(text, text, text), private.word_query(text, boolean) from public, anon;
grant execute on function private.message_words(text, text, text), private.word_query(text, boolean) to authenticated, sluice_member;

create index messages_words on public.messages using gin (private.message_words(to_address, subject, body));

-- As private.member_contacts: an index on the words cannot be used behind a policy, so the view repeats the policy as its
-- condition.
create view private.member_messages as
  select * from public.messages where workspace_id = any (array(select private.member_workspaces()));
revoke all on private.member_messages from public, anon;
grant select on private.member_messages to authenticated, sluice_member;

-- So that the planner knows how often each text occurs in the new index.
analyze public.contacts;
