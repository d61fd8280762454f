import type { Client } from "pg";
import { z } from "zod";

/** The first line of a backup. */
export const BackupHeader = z.object({
  format: z.literal(1),
  at: z.string(),
  /** The migrations of the database it was made from. */
  versions: z.array(z.string()),
  tables: z.array(z.string()),
});
export type BackupHeader = z.infer<typeof BackupHeader>;

/** Tables that a restored copy fills by itself: live workers, applied migrations the place of the data, and counts of a minute. */
export const leftOut = new Set([
  "private.workers",
  "private.turns",
  "private.migration_checksums",
  "private.instance",
  "private.inline_jobs",
  "private.request_rates",
]);

/** Our tables, each after those that its rows refer to. */
export async function listTables(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; needs: string[] }>(`
    select format('%I.%I', n.nspname, c.relname) as name,
      array(select distinct format('%I.%I', fn.nspname, f.relname) from pg_constraint k
        join pg_class f on f.oid = k.confrelid join pg_namespace fn on fn.oid = f.relnamespace
        where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as needs
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'private') and c.relkind = 'r'
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e') order by 1`);
  const ordered: string[] = [];
  let waiting = rows;
  while (waiting.length > 0) {
    const ready = waiting.filter(({ needs }) => needs.every((name) => ordered.includes(name) || !rows.some((row) => row.name === name)));
    if (ready.length === 0) throw new Error(`These tables refer to each other in a circle: ${waiting.map(({ name }) => name).join(", ")}.`);
    ordered.push(...ready.map(({ name }) => name));
    waiting = waiting.filter((row) => !ready.includes(row));
  }
  return ordered;
}

/** The columns that hold something; what is computed from them is computed again. */
export async function listColumns(client: Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum",
    [table],
  );
  return rows.map(({ name }) => name);
}
