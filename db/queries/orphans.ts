import { sql } from "kysely";
import type { Db } from "../client.ts";

/** The tables that a send writes a row in for each of its contacts. */
const hotTables = [
  "flow_executions",
  "flow_execution_steps",
  "flow_execution_moves",
  "flow_send_skips",
  "messages",
  "message_reports",
  "tracked_links",
  "wake_ups",
  "waits",
  "uncompleted_executions",
];

/** Rows of one table whose foreign key names a row that is not there, or one of another workspace. */
export interface Orphans {
  /** The name of the foreign key. */
  key: string;
  child: string;
  parent: string;
  rows: number;
}

interface ForeignKey {
  key: string;
  child: string;
  parent: string;
  /** Columns of the child, and of the parent in the same order, quoted. */
  child_columns: string[];
  parent_columns: string[];
}

/**
 * Checks every foreign key of the hot tables against the rows, whether Postgres enforces it or not. The keys come from
 * the catalogue, so one that is added later is checked too. Each key costs a read of its two tables.
 */
export async function findOrphans(db: Db): Promise<Orphans[]> {
  const found: Orphans[] = [];
  for (const key of await listForeignKeys(db)) {
    const { child, parent, child_columns, parent_columns } = key;
    const isNamed = child_columns.map((column) => `c.${column} is not null`).join(" and ");
    const isSame = child_columns.map((column, place) => `p.${parent_columns[place]} = c.${column}`).join(" and ");
    const { rows } = await sql<{ rows: string }>`
      select count(*) as rows from ${sql.raw(child)} c
      where ${sql.raw(isNamed)} and not exists (select from ${sql.raw(parent)} p where ${sql.raw(isSame)})`.execute(db);
    const orphans = Number(rows[0]?.rows ?? 0);
    if (orphans > 0) found.push({ key: key.key, child, parent, rows: orphans });
  }
  return found;
}

async function listForeignKeys(db: Db): Promise<ForeignKey[]> {
  const columns = (relation: string, numbers: string) => sql`(
    select array_agg(quote_ident(a.attname) order by n.place) from unnest(${sql.ref(numbers)}) with ordinality as n (attnum, place)
    join pg_attribute a on a.attrelid = ${sql.ref(relation)} and a.attnum = n.attnum)`;
  const { rows } = await sql<ForeignKey>`
    select k.conname as key, k.conrelid::regclass::text as child, k.confrelid::regclass::text as parent,
      ${columns("k.conrelid", "k.conkey")} as child_columns, ${columns("k.confrelid", "k.confkey")} as parent_columns
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace s on s.oid = c.relnamespace
    where k.contype = 'f' and s.nspname = 'public' and c.relname = any(${hotTables}::text[]) order by c.relname, k.conname`.execute(db);
  return rows;
}

/** The lease of the look by night: one process of all looks, once a day. */
const lease = "look for orphans";
/** Longer than every other statement of the product may take, because it reads the largest tables. */
const lookMinutes = 30;

/** Looks for orphans unless some process has within the last day, and keeps what it found for the alert. */
export async function lookForOrphansDaily(db: Db): Promise<void> {
  const { rows: taken } = await sql`
    insert into private.leases (name, until) values (${lease}, clock_timestamp() + interval '1 day')
    on conflict (name) do update set until = excluded.until where leases.until <= clock_timestamp() returning name`.execute(db);
  if (taken.length === 0) return;
  await db.transaction().execute(async (tx) => {
    await sql`select set_config('statement_timeout', ${`${lookMinutes}min`}, true)`.execute(tx);
    const found = JSON.stringify(await findOrphans(tx));
    await sql`delete from private.orphans where key not in (select key from json_to_recordset(${found}::json) as f (key text))`.execute(tx);
    await sql`
      insert into private.orphans (key, child, parent, rows)
      select key, child, parent, rows from json_to_recordset(${found}::json) as f (key text, child text, parent text, rows bigint)
      on conflict (key) do update set rows = excluded.rows`.execute(tx);
  });
}
