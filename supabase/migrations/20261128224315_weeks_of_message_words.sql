-- A word of very many messages that are all old took as long as there are such messages: the index knew which they are, and
-- not which are the newest. Now each word stands in it under the week of its message, so a search goes back week by week
-- and ends where its page is full.

drop index public.messages_words;
drop function private.message_words(text, text, text);
drop function private.word_query(text, boolean);

-- The week of a message: four characters, in order.
create function private.week_key(of_moment timestamptz) returns text
language sql immutable parallel safe set search_path = '' as $$
  select lpad(to_hex(greatest(floor(extract(epoch from of_moment) / 604800)::int, 0)), 4, '0')
$$;

-- What a message can be found by: the words of its texts, each letter of scripts without spaces, and its address as a whole,
-- by its domain, and for a phone number from its end, because people leave out the prefix. Separators are listed here and
-- not left to the database's locale. The same list stands in db/queries/message-search.ts.
-- A message must not fail for being too long to index: long words are cut, and of a text its beginning counts. A word of a
-- text of 500 characters is never too long, and most texts are no longer.
create function private.message_words(address text, subject text, body text, created_at timestamptz) returns tsvector
language plpgsql immutable parallel safe cost 1000 set search_path = '' as $$
declare
  week constant text := private.week_key(created_at);
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
  return array_to_tsvector(array(select week || word from unnest(found) as word where word <> ''));
end
$$;

-- One word of a search in the messages of a week: as a whole, or as the beginning of a word.
create function private.word_query(week text, word text, is_whole boolean) returns tsquery
language sql immutable parallel safe set search_path = '' as $$
  select ('''' || replace(replace(week || private.unaccented(lower(word)), '\', '\\'), '''', '''''') || case when is_whole then '''' else ''':*' end)::tsquery
$$;
revoke all on function private.week_key(timestamptz), private.message_words(text, text, text, timestamptz),
  private.word_query(text, text, boolean) from public, anon;
grant execute on function private.week_key(timestamptz), private.message_words(text, text, text, timestamptz),
  private.word_query(text, text, boolean) to authenticated, sluice_member;

create index messages_words on public.messages using gin (private.message_words(to_address, subject, body, created_at));
