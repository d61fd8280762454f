-- The tokens of a channel's bucket at a moment, with what came in since it was refilled last. A bucket holds what a second
-- brings, at least one message. Without a rate there is no bucket: null; "least" alone would pass over the null and make
-- it one message.
create function private.bucket_filled(tokens double precision, refilled_at timestamptz, per_minute integer, at timestamptz)
  returns double precision language sql immutable set search_path = '' as $$
  select case when per_minute is not null then
    least(greatest(1, per_minute / 60.0), tokens + extract(epoch from at - refilled_at) * per_minute / 60.0) end
$$;
revoke all on function private.bucket_filled(double precision, timestamptz, integer, timestamptz) from public, anon, authenticated, sluice_member;
