import { sql } from "kysely";
import type { Db, Tx } from "../client.ts";
import { formerLinkKeysPlace } from "../link-keys.ts";
import type { SecretPlace } from "../secret-box.ts";
import { idempotentAnswerPlace } from "./idempotency-keys.ts";
import { providerSecretPlace } from "./providers.ts";
import { workspaceSecretPlace } from "./workspace-secrets.ts";

/** A column that holds sealed values, and what makes the place of a value from the key of its row. */
export interface SealedColumn {
  table: string;
  column: string;
  key: readonly string[];
  placeOf(key: Record<string, string>): SecretPlace;
}

/** Every column that holds sealed values. A test compares this list with what a database holds. */
export const sealedColumns: readonly SealedColumn[] = [
  {
    table: "providers",
    column: "secrets",
    key: ["workspace_id", "channel"],
    placeOf: ({ workspace_id, channel }) => providerSecretPlace({ workspaceId: workspace_id ?? "", channel: channel as "sms" }),
  },
  {
    table: "private.former_providers",
    column: "secrets",
    key: ["workspace_id", "channel", "id"],
    placeOf: ({ workspace_id, channel }) => providerSecretPlace({ workspaceId: workspace_id ?? "", channel: channel as "sms" }),
  },
  {
    table: "workspace_secrets",
    column: "secret",
    key: ["workspace_id", "name"],
    placeOf: ({ workspace_id, name }) => workspaceSecretPlace({ workspaceId: workspace_id ?? "", name: name ?? "" }),
  },
  {
    table: "idempotency_keys",
    column: "response",
    key: ["workspace_id", "principal_id", "route", "key"],
    placeOf: ({ workspace_id = "", principal_id = "", route = "", key = "" }) =>
      idempotentAnswerPlace({ workspaceId: workspace_id, principalId: principal_id, route, key }),
  },
  { table: "private.instance", column: "former_link_keys", key: ["only_row"], placeOf: () => formerLinkKeysPlace },
];

export interface SealedRow {
  key: Record<string, string>;
  sealed: string;
}

/** Locks the next rows after `after` whose value was sealed with another key than the current one. */
export async function lockSealedRows(
  tx: Tx,
  { table, column, key }: SealedColumn,
  { keyId, after, limit }: { keyId: string; after: Record<string, string> | undefined; limit: number },
): Promise<SealedRow[]> {
  const text = (name: string) => sql`${sql.ref(name)}::text`;
  const place = sql.join(key.map(text));
  const { rows } = await sql<Record<string, string> & { sealed: string }>`
    select ${sql.join(key.map((name) => sql`${text(name)} as ${sql.ref(name)}`))}, ${sealedIn(table, column)} as sealed
    from ${sql.table(table)}
    where ${sql.ref(column)} is not null and split_part(${sealedIn(table, column)}, '.', 2) <> ${keyId}
      ${after ? sql`and (${place}) > (${sql.join(key.map((name) => sql`${after[name]}`))})` : sql``}
    order by ${place} limit ${limit} for update`.execute(tx);
  return rows.map(({ sealed, ...rowKey }) => ({ key: rowKey as Record<string, string>, sealed }));
}

export async function saveSealedRow(tx: Tx, { table, column, key }: SealedColumn, row: SealedRow): Promise<void> {
  const value = isJson(table) ? sql`to_jsonb(${row.sealed}::text)` : sql`${row.sealed}`;
  await sql`
    update ${sql.table(table)} set ${sql.ref(column)} = ${value}
    where ${sql.join(
      key.map((name) => sql`${sql.ref(name)}::text = ${row.key[name]}`),
      sql` and `,
    )}`.execute(tx);
}

/** How many values other keys than this one have sealed. */
export async function countSealedOtherwise(db: Db, keyId: string): Promise<number> {
  let count = 0;
  for (const { table, column } of sealedColumns) {
    const { rows } = await sql<{ many: number }>`
      select count(*)::int as many from ${sql.table(table)}
      where ${sql.ref(column)} is not null and split_part(${sealedIn(table, column)}, '.', 2) <> ${keyId}`.execute(db);
    count += rows[0]?.many ?? 0;
  }
  return count;
}

/** Stored answers are JSON, of which a sealed one is a text. */
const isJson = (table: string) => table === "idempotency_keys";
const sealedIn = (table: string, column: string) => (isJson(table) ? sql`(${sql.ref(column)} #>> '{}')` : sql.ref(column));
