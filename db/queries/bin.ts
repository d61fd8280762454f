import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { BinnedContact, BinQuery } from "#contract/bin.ts";
import { binDays } from "#contract/bin.ts";
import type { Db } from "../client.ts";
import { matchesSearch } from "./contact-filter.ts";
import { displayName } from "./contact-rows.ts";
import { microseconds, moment, type Page, readPlace, toPage, writePlace } from "./newest-first.ts";

interface Row {
  id: string;
  position: number;
  name: string | null;
  firstname: string;
  lastname: string;
  email: string | null;
  phone_number: string | null;
  deleted_at: Date;
  deleted_by_name: string | null;
}

/** The contacts in the bin, the last deleted first, with how many there are on all pages. */
export async function listBin(db: Db, args: { workspaceId: string } & BinQuery): Promise<Page<BinnedContact> & { total: number }> {
  const place = readPlace("bin", args.cursor);
  const which: RawBuilder<SqlBool>[] = [sql`contacts.workspace_id = ${args.workspaceId}`, matchesSearch(args.search || undefined)];
  const from = place ? [...which, sql<SqlBool>`(contacts.deleted_at, contacts.id) < (${moment(place.at)}, ${place.id}::uuid)`] : which;
  const { rows } = await sql<Row>`
    select id, ${microseconds("contacts.deleted_at")} as position, name, firstname, lastname, email, phone_number, deleted_at, deleted_by_name
    from private.member_bin as contacts where ${sql.join(from, sql` and `)}
    order by contacts.deleted_at desc, contacts.id desc limit ${args.limit + 1}`.execute(db);
  const { rows: counts } = await sql<{ total: number }>`
    select count(*)::int as total from private.member_bin as contacts where ${sql.join(which, sql` and `)}`.execute(db);
  const page = toPage(rows, args.limit, toBinned, (row) => writePlace("bin", { at: row.position, id: row.id }));
  return { ...page, total: counts[0]?.total ?? 0 };
}

export async function findInBin(db: Db, { workspaceId, id }: { workspaceId: string; id: string }): Promise<BinnedContact | undefined> {
  const { rows } = await sql<Row>`
    select id, name, firstname, lastname, email, phone_number, deleted_at, deleted_by_name
    from private.member_bin where workspace_id = ${workspaceId} and id = ${id}::uuid`.execute(db);
  return rows[0] && toBinned(rows[0]);
}

/** Takes contacts out of the bin, as a member who may. Returns the ids of those that were there. */
export async function restoreFromBin(db: Db, { workspaceId, ids }: { workspaceId: string; ids: readonly string[] }): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with held as materialized (
      select id from private.editor_bin where workspace_id = ${workspaceId} and id = any(${ids}::uuid[]) order by id for no key update
    )
    update private.editor_bin b set deleted_at = null, deleted_by = null, deleted_by_name = null
    from held where b.id = held.id and b.workspace_id = ${workspaceId}
    returning b.id`.execute(db);
  return rows.map(({ id }) => id).sort();
}

const toBinned = (row: Row): BinnedContact => ({
  id: row.id,
  displayName: displayName(row),
  email: row.email,
  phoneNumber: row.phone_number,
  deletedAt: row.deleted_at.toISOString(),
  deletedByName: row.deleted_by_name,
  erasedAt: new Date(row.deleted_at.getTime() + binDays * 86_400_000).toISOString(),
});
