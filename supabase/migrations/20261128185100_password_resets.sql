-- Links by which somebody chooses a new password. Only the hash of a link's token is kept.

create table private.password_resets (
  token_hash bytea not null,
  user_id uuid not null,
  -- Null: made on the server by the operator.
  created_by uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  constraint password_resets_pkey primary key (token_hash),
  constraint password_resets_user_id_fkey foreign key (user_id) references private.users (id) on delete cascade
);
alter table private.password_resets enable row level security;
create index password_resets_user on private.password_resets (user_id);
