import { sql } from "kysely";
import { z } from "zod";
import { textFields } from "#contract/contact-fields.ts";
import type { ApartReason, ImportLine, ImportOverwrite } from "#contract/imports.ts";
import type { Db } from "../client.ts";
import { columnChanges } from "./contact-overlay.ts";
import { displayName, isNotBinned } from "./contact-rows.ts";
import type { ImportedContact } from "./imported-contact.ts";
import { type Page, toPage } from "./newest-first.ts";
import { readCursor, writeCursor } from "./page-cursor.ts";

/** What one batch of an import did to one contact. `before` is null where the batch created it. */
export interface ContactChange {
  contactId: string;
  line: number;
  before: ImportedContact | null;
  after: ImportedContact;
  apart: { from: { contactId: string | null }; reason: ApartReason } | null;
  overwrites: ImportOverwrite[];
  /** The contact lay in the bin and was restored. */
  fromBin: boolean;
}

interface ImportKey {
  workspaceId: string;
  importId: string;
}

export async function keepChanges(
  db: Db,
  { workspaceId, importId, changes }: ImportKey & { changes: readonly ContactChange[] },
): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ before, after, apart, ...change }) => ({
    ...change,
    created: before === null,
    apartFrom: apart?.from.contactId ?? null,
    apartReason: apart?.reason ?? null,
    ...(before === null ? { before: {}, after: {} } : columnChanges(before, after)),
  }));
  await sql`
    insert into contact_import_changes
      (workspace_id, import_id, contact_id, line, created, apart_from, apart_reason, before, after, overwrites, from_bin)
    select ${workspaceId}, ${importId}::uuid, "contactId", line, created, "apartFrom", "apartReason", before, after, overwrites, "fromBin"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x("contactId" uuid, line integer, created boolean, "apartFrom" uuid,
      "apartReason" text, before jsonb, after jsonb, overwrites jsonb, "fromBin" boolean)`.execute(db);
}

interface LineRow {
  id: string;
  line: number;
  contact_id: string;
  apart_from: string | null;
  apart_reason: ApartReason | null;
  overwrites: ImportOverwrite[];
  from_bin: boolean;
  name: string | null;
  firstname: string;
  lastname: string;
  other_name: string | null;
  other_firstname: string | null;
  other_lastname: string | null;
}

/** The contacts that an import kept apart from somebody, took out of the bin, or replaced values in, in the order of the import. */
export async function listImportLines(
  db: Db,
  { workspaceId, importId, cursor, limit }: ImportKey & { cursor?: string; limit: number },
): Promise<Page<ImportLine>> {
  const [, line, id] = cursor === undefined ? first : readCursor(cursor, LinePlace);
  const { rows } = await sql<LineRow>`
    select j.id, j.line, j.contact_id, j.apart_from, j.apart_reason, j.overwrites, j.from_bin, c.name, c.firstname, c.lastname,
      o.name as other_name, o.firstname as other_firstname, o.lastname as other_lastname
    from contact_import_changes j
    join private.contact_names c on c.workspace_id = j.workspace_id and c.id = j.contact_id
    left join private.contact_names o on o.workspace_id = j.workspace_id and o.id = j.apart_from
    where j.workspace_id = ${workspaceId} and j.import_id = ${importId}::uuid and (j.line, j.id) > (${line}::integer, ${id}::uuid)
      and (j.apart_reason is not null or j.from_bin or j.overwrites <> '[]')
    order by j.line, j.id limit ${limit + 1}`.execute(db);
  return toPage(rows, limit, toLine, (row) => writeCursor(["import-lines", row.line, row.id]));
}

const LinePlace = z.tuple([z.literal("import-lines"), z.int32().min(0), z.uuid()]);
const first: z.output<typeof LinePlace> = ["import-lines", 0, "00000000-0000-0000-0000-000000000000"];

function toLine(row: LineRow): ImportLine {
  const { other_firstname: firstname, other_lastname: lastname } = row;
  const from = firstname === null || lastname === null ? null : displayName({ name: row.other_name, firstname, lastname });
  return {
    line: row.line,
    contactId: row.contact_id,
    displayName: displayName(row),
    apart: row.apart_reason && { reason: row.apart_reason, fromId: from === null ? null : row.apart_from, fromName: from },
    overwrites: row.overwrites,
    fromBin: row.from_bin,
  };
}

/**
 * The contacts that an import brought here and nobody has changed since.
 *
 * @param how whether it created them or took them out of the bin
 */
export async function listUntouched(db: Db, { workspaceId, importId }: ImportKey, how: "created" | "from_bin"): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select c.id from contacts c
    join (
      select contact_id, bool_or(${sql.ref(how)}) as is_its_own, max(at) as at from contact_import_changes
      where workspace_id = ${workspaceId} and import_id = ${importId}::uuid group by contact_id) j on j.contact_id = c.id
    where c.workspace_id = ${workspaceId} and ${isNotBinned("c")} and j.is_its_own and c.updated_at <= j.at`.execute(db);
  return rows.map(({ id }) => id);
}

const columns = [...textFields, "phone_number", "phone_e164", "source", "source_id"];
/** A value goes back where it still is what the import wrote. */
const restoredColumns = sql.raw(
  columns
    .map(
      (column) =>
        `"${column}" = case when j.after ? '${column}' and c."${column}" is not distinct from j.after->>'${column}' then j.before->>'${column}' else c."${column}" end`,
    )
    .join(", "),
);
const keptColumns = sql.raw(
  columns.map((column) => `(j.after ? '${column}' and c."${column}" is distinct from j.after->>'${column}')`).join(" or "),
);

/**
 * Puts the values of existing contacts back to what they were before an import, the last change first. Values that were
 * changed since stay. Opt-outs stay too, because consent is never loosened by a machine: who got nothing else is not counted as put back.
 *
 * @param uncounted contacts that are counted elsewhere, because they go back to the bin
 */
export async function restoreChanged(
  db: Db,
  { workspaceId, importId }: ImportKey,
  uncounted: ReadonlySet<string>,
): Promise<{ restored: number; changedSince: number }> {
  const changes = sql`
    select j.*, row_number() over (partition by contact_id order by at desc) as nth,
      bool_or(created) over (partition by contact_id) as own
    from contact_import_changes j where workspace_id = ${workspaceId} and import_id = ${importId}::uuid`;
  const restored = new Set<string>();
  const changedSince = new Set<string>();
  for (let nth = 1; ; nth += 1) {
    const { rows } = await sql<{ contact_id: string; kept: boolean; has_values: boolean }>`
      with j as materialized (
        select j.*, c.metadata as found,
          (${keptColumns}) or j.from_bin and c.updated_at > j.at or exists (
            select from jsonb_each(coalesce(j.after->'metadata', '{}')) a where c.metadata->a.key is distinct from a.value) as kept
        from (${changes}) j join contacts c on c.workspace_id = ${workspaceId} and c.id = j.contact_id
        where j.nth = ${nth} and not j.own),
      put_back as (
        update contacts c set ${restoredColumns}, metadata = (
          select coalesce(jsonb_object_agg(m.key, m.value), '{}') from (
            select key, value from jsonb_each(c.metadata) where not (coalesce(j.after->'metadata', '{}') ? key and value = j.after->'metadata'->key)
            union all
            select b.key, b.value from jsonb_each(coalesce(j.before->'metadata', '{}')) b
            where c.metadata->b.key = j.after->'metadata'->b.key and b.value <> 'null') m)
        from j where c.workspace_id = ${workspaceId} and c.id = j.contact_id and j.after <> '{}')
      select contact_id, kept, after <> '{}' as has_values from j`.execute(db);
    if (rows.length === 0) break;
    for (const { contact_id, kept, has_values } of rows) {
      if (uncounted.has(contact_id)) continue;
      if (kept) changedSince.add(contact_id);
      else if (has_values) restored.add(contact_id);
    }
  }
  return { restored: restored.size, changedSince: changedSince.size };
}
