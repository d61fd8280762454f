-- A time zone is one canonical IANA name from here on. Earlier versions also took offsets ("+05:45", which Postgres reads with
-- the sign reversed), old names that Postgres does not know, and any mixture of capitals, which it does not find in its list.
-- What can be read without a guess is written by its canonical name. The rest is taken out: such a contact follows the clock
-- of its workspace, and such a workspace the clock of UTC. This table is the report, with every value as it was.
create table private.mended_time_zones (
  id uuid primary key default private.uuid_v7(),
  workspace_id text not null references public.workspaces (id) on delete cascade,
  -- Null: the zone was the workspace's own.
  contact_id uuid,
  before text not null,
  after text,
  mended_at timestamptz not null default now(),
  foreign key (workspace_id, contact_id) references public.contacts (workspace_id, id) on delete cascade
);
create index mended_time_zones_contact on private.mended_time_zones (workspace_id, contact_id);
alter table private.mended_time_zones enable row level security;

create temporary table zone_names on commit drop as
with links (alias, name) as (values
  ('Africa/Asmera', 'Africa/Asmara'), ('Africa/Timbuktu', 'Africa/Bamako'),
  ('America/Argentina/ComodRivadavia', 'America/Argentina/Catamarca'), ('America/Atka', 'America/Adak'),
  ('America/Buenos_Aires', 'America/Argentina/Buenos_Aires'), ('America/Catamarca', 'America/Argentina/Catamarca'),
  ('America/Coral_Harbour', 'America/Atikokan'), ('America/Cordoba', 'America/Argentina/Cordoba'),
  ('America/Ensenada', 'America/Tijuana'), ('America/Fort_Wayne', 'America/Indiana/Indianapolis'),
  ('America/Godthab', 'America/Nuuk'), ('America/Indianapolis', 'America/Indiana/Indianapolis'),
  ('America/Jujuy', 'America/Argentina/Jujuy'), ('America/Knox_IN', 'America/Indiana/Knox'),
  ('America/Louisville', 'America/Kentucky/Louisville'), ('America/Mendoza', 'America/Argentina/Mendoza'),
  ('America/Montreal', 'America/Toronto'), ('America/Nipigon', 'America/Toronto'), ('America/Pangnirtung', 'America/Iqaluit'),
  ('America/Porto_Acre', 'America/Rio_Branco'), ('America/Rainy_River', 'America/Winnipeg'),
  ('America/Rosario', 'America/Argentina/Cordoba'), ('America/Santa_Isabel', 'America/Tijuana'),
  ('America/Shiprock', 'America/Denver'), ('America/Thunder_Bay', 'America/Toronto'), ('America/Virgin', 'America/St_Thomas'),
  ('America/Yellowknife', 'America/Edmonton'), ('Antarctica/South_Pole', 'Antarctica/McMurdo'),
  ('Asia/Ashkhabad', 'Asia/Ashgabat'), ('Asia/Calcutta', 'Asia/Kolkata'), ('Asia/Choibalsan', 'Asia/Ulaanbaatar'),
  ('Asia/Chongqing', 'Asia/Shanghai'), ('Asia/Chungking', 'Asia/Shanghai'), ('Asia/Dacca', 'Asia/Dhaka'),
  ('Asia/Harbin', 'Asia/Shanghai'), ('Asia/Istanbul', 'Europe/Istanbul'), ('Asia/Kashgar', 'Asia/Urumqi'),
  ('Asia/Katmandu', 'Asia/Kathmandu'), ('Asia/Macao', 'Asia/Macau'), ('Asia/Rangoon', 'Asia/Yangon'),
  ('Asia/Saigon', 'Asia/Ho_Chi_Minh'), ('Asia/Tel_Aviv', 'Asia/Jerusalem'), ('Asia/Thimbu', 'Asia/Thimphu'),
  ('Asia/Ujung_Pandang', 'Asia/Makassar'), ('Asia/Ulan_Bator', 'Asia/Ulaanbaatar'), ('Atlantic/Faeroe', 'Atlantic/Faroe'),
  ('Atlantic/Jan_Mayen', 'Arctic/Longyearbyen'), ('Australia/ACT', 'Australia/Sydney'),
  ('Australia/Canberra', 'Australia/Sydney'), ('Australia/Currie', 'Australia/Hobart'),
  ('Australia/LHI', 'Australia/Lord_Howe'), ('Australia/NSW', 'Australia/Sydney'), ('Australia/North', 'Australia/Darwin'),
  ('Australia/Queensland', 'Australia/Brisbane'), ('Australia/South', 'Australia/Adelaide'),
  ('Australia/Tasmania', 'Australia/Hobart'), ('Australia/Victoria', 'Australia/Melbourne'),
  ('Australia/West', 'Australia/Perth'), ('Australia/Yancowinna', 'Australia/Broken_Hill'),
  ('Brazil/Acre', 'America/Rio_Branco'), ('Brazil/DeNoronha', 'America/Noronha'), ('Brazil/East', 'America/Sao_Paulo'),
  ('Brazil/West', 'America/Manaus'), ('CET', 'Europe/Brussels'), ('CST6CDT', 'America/Chicago'),
  ('Canada/Atlantic', 'America/Halifax'), ('Canada/Central', 'America/Winnipeg'), ('Canada/Eastern', 'America/Toronto'),
  ('Canada/Mountain', 'America/Edmonton'), ('Canada/Newfoundland', 'America/St_Johns'), ('Canada/Pacific', 'America/Vancouver'),
  ('Canada/Saskatchewan', 'America/Regina'), ('Canada/Yukon', 'America/Whitehorse'), ('Chile/Continental', 'America/Santiago'),
  ('Chile/EasterIsland', 'Pacific/Easter'), ('Cuba', 'America/Havana'), ('EET', 'Europe/Athens'), ('EST', 'America/Panama'),
  ('EST5EDT', 'America/New_York'), ('Egypt', 'Africa/Cairo'), ('Eire', 'Europe/Dublin'), ('Etc/GMT', 'UTC'),
  ('Etc/GMT+0', 'UTC'), ('Etc/GMT-0', 'UTC'), ('Etc/GMT0', 'UTC'), ('Etc/Greenwich', 'UTC'), ('Etc/UCT', 'UTC'),
  ('Etc/UTC', 'UTC'), ('Etc/Universal', 'UTC'), ('Etc/Zulu', 'UTC'), ('Europe/Belfast', 'Europe/London'),
  ('Europe/Kiev', 'Europe/Kyiv'), ('Europe/Nicosia', 'Asia/Nicosia'), ('Europe/Tiraspol', 'Europe/Chisinau'),
  ('Europe/Uzhgorod', 'Europe/Kyiv'), ('Europe/Zaporozhye', 'Europe/Kyiv'), ('GB', 'Europe/London'),
  ('GB-Eire', 'Europe/London'), ('GMT', 'UTC'), ('GMT+0', 'UTC'), ('GMT-0', 'UTC'), ('GMT0', 'UTC'), ('Greenwich', 'UTC'),
  ('HST', 'Pacific/Honolulu'), ('Hongkong', 'Asia/Hong_Kong'), ('Iceland', 'Atlantic/Reykjavik'), ('Iran', 'Asia/Tehran'),
  ('Israel', 'Asia/Jerusalem'), ('Jamaica', 'America/Jamaica'), ('Japan', 'Asia/Tokyo'), ('Kwajalein', 'Pacific/Kwajalein'),
  ('Libya', 'Africa/Tripoli'), ('MET', 'Europe/Brussels'), ('MST', 'America/Phoenix'), ('MST7MDT', 'America/Denver'),
  ('Mexico/BajaNorte', 'America/Tijuana'), ('Mexico/BajaSur', 'America/Mazatlan'), ('Mexico/General', 'America/Mexico_City'),
  ('NZ', 'Pacific/Auckland'), ('NZ-CHAT', 'Pacific/Chatham'), ('Navajo', 'America/Denver'), ('PRC', 'Asia/Shanghai'),
  ('PST8PDT', 'America/Los_Angeles'), ('Pacific/Enderbury', 'Pacific/Kanton'), ('Pacific/Johnston', 'Pacific/Honolulu'),
  ('Pacific/Ponape', 'Pacific/Pohnpei'), ('Pacific/Samoa', 'Pacific/Pago_Pago'), ('Pacific/Truk', 'Pacific/Chuuk'),
  ('Pacific/Yap', 'Pacific/Chuuk'), ('Poland', 'Europe/Warsaw'), ('Portugal', 'Europe/Lisbon'), ('ROC', 'Asia/Taipei'),
  ('ROK', 'Asia/Seoul'), ('Singapore', 'Asia/Singapore'), ('Turkey', 'Europe/Istanbul'), ('UCT', 'UTC'),
  ('US/Alaska', 'America/Anchorage'), ('US/Aleutian', 'America/Adak'), ('US/Arizona', 'America/Phoenix'),
  ('US/Central', 'America/Chicago'), ('US/East-Indiana', 'America/Indiana/Indianapolis'), ('US/Eastern', 'America/New_York'),
  ('US/Hawaii', 'Pacific/Honolulu'), ('US/Indiana-Starke', 'America/Indiana/Knox'), ('US/Michigan', 'America/Detroit'),
  ('US/Mountain', 'America/Denver'), ('US/Pacific', 'America/Los_Angeles'), ('US/Samoa', 'Pacific/Pago_Pago'),
  ('Universal', 'UTC'), ('W-SU', 'Europe/Moscow'), ('WET', 'Europe/Lisbon'), ('Zulu', 'UTC'))
select lower(alias) as written, name from links where name in (select z.name from pg_timezone_names z)
union all
select lower(z.name), z.name from pg_timezone_names z
where z.name not in (select alias from links) and (z.name = 'UTC' or z.name ~ '^Etc/GMT[+-]([1-9]|1[0-4])$'
  or z.name ~ '^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/');

with wrong as (
  select c.workspace_id, c.id, c.time_zone as before, n.name as after
  from public.contacts c left join zone_names n on n.written = lower(replace(btrim(c.time_zone), ' ', '_'))
  where c.time_zone is not null and n.name is distinct from c.time_zone
), mended as (
  update public.contacts c set time_zone = wrong.after from wrong where c.workspace_id = wrong.workspace_id and c.id = wrong.id
)
insert into private.mended_time_zones (workspace_id, contact_id, before, after) select workspace_id, id, before, after from wrong;

with wrong as (
  select w.id, w.time_zone as before, coalesce(n.name, 'UTC') as after
  from public.workspaces w left join zone_names n on n.written = lower(replace(btrim(w.time_zone), ' ', '_'))
  where n.name is distinct from w.time_zone
), mended as (
  update public.workspaces w set time_zone = wrong.after from wrong where w.id = wrong.id
)
insert into private.mended_time_zones (workspace_id, before, after) select id, before, after from wrong;
