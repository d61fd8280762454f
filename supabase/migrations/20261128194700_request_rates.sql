-- Requests of each caller in the minute that runs. The order of the columns is that of the library that counts.
create table private.request_rates (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint
);
alter table private.request_rates enable row level security;
revoke all on private.request_rates from public, anon, authenticated, sluice_member;
