import type { Generated } from "kysely";

export interface UsersTable {
  id: Generated<string>;
  name: string;
  email: string;
  email_verified: Generated<boolean>;
  image: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface SessionsTable {
  id: Generated<string>;
  user_id: string;
  token: string;
  expires_at: Date;
  ip_address: string | null;
  user_agent: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface AccountsTable {
  id: Generated<string>;
  user_id: string;
  account_id: string;
  provider_id: string;
  issuer: string | null;
  access_token: string | null;
  refresh_token: string | null;
  id_token: string | null;
  access_token_expires_at: Date | null;
  refresh_token_expires_at: Date | null;
  scope: string | null;
  password: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface PasswordResetsTable {
  token_hash: Buffer;
  user_id: string;
  /** Null: made on the server by the operator. */
  created_by: string | null;
  created_at: Generated<Date>;
  expires_at: Date;
}

export interface VerificationsTable {
  id: Generated<string>;
  identifier: string;
  value: string;
  expires_at: Date;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface RateLimitsTable {
  id: Generated<string>;
  key: string;
  count: number;
  last_request: number;
}

export interface ClaimTable {
  only_row: Generated<boolean>;
  token_hash: Buffer;
  expires_at: Date;
  claimed_at: Date | null;
  claimed_by: string | null;
}
