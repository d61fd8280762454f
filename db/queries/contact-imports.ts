import { type Selectable, sql } from "kysely";
import { importLimits } from "#contract/import-settings.ts";
import type { ContactImport, ImportProblem } from "#contract/imports.ts";
import { undoDays } from "#contract/imports.ts";
import type { Db } from "../client.ts";
import type { ContactImportsTable } from "../tables/contacts.ts";
import type { MergeCounts } from "./contact-merge.ts";
import { microseconds, moment, type Page, readPlace, toPage, writePlace } from "./newest-first.ts";

interface ImportKey {
  workspaceId: string;
  id: string;
}

/** Begins an import. False when there is one of this id already, here or in a workspace that the caller cannot see. */
export async function createImport(
  db: Db,
  given: ImportKey & { fileName: string | null; options: Record<string, unknown>; createdBy: string },
): Promise<boolean> {
  const row = await db
    .insertInto("contact_imports")
    .values({
      id: given.id,
      workspace_id: given.workspaceId,
      file_name: given.fileName,
      created_by: given.createdBy,
      options: JSON.stringify(given.options),
    })
    // No column is named: see engine/commands/create-send-rows.ts.
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
}

const selectImport = (db: Db, { workspaceId, id }: ImportKey) =>
  db.selectFrom("contact_imports").selectAll().select(isLost.as("lost")).where("workspace_id", "=", workspaceId).where("id", "=", id);

export async function findImport(db: Db, key: ImportKey): Promise<ContactImport | undefined> {
  const row = await selectImport(db, key).executeTakeFirst();
  return row && toFound(row);
}

const lostMessage = "The server stopped before the import ended. What it had written stays; import the file again to complete it.";

/** Adds a batch to the counts, in the transaction that writes its contacts, so that the counts are never ahead or behind. */
export async function addToImport(
  db: Db,
  { workspaceId, id, ...batch }: ImportKey & MergeCounts & { rowsRead: number; refused: number; problems: ImportProblem[] },
): Promise<void> {
  await sql`
    update contact_imports set rows_read = rows_read + ${batch.rowsRead}, created = created + ${batch.created},
      updated = updated + ${batch.updated}, refused = refused + ${batch.refused},
      kept_apart = kept_apart + ${batch.keptApart}, overwritten = overwritten + ${batch.overwritten}, from_bin = from_bin + ${batch.fromBin},
      problems = case when jsonb_array_length(problems) < ${importLimits.problemsKept} then
        problems || jsonb_path_query_array(${JSON.stringify(batch.problems)}::jsonb, '$[0 to $last]',
          jsonb_build_object('last', ${importLimits.problemsKept}::int - 1 - jsonb_array_length(problems)))
        else problems end
    where workspace_id = ${workspaceId} and id = ${id}`.execute(db);
}

export async function endImport(db: Db, { workspaceId, id, error }: ImportKey & { error: string | null }): Promise<ContactImport> {
  const row = await db
    .updateTable("contact_imports")
    .set({ state: error === null ? "done" : "failed", error_message: error, finished_at: sql<Date>`now()` })
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toImport(row);
}

/** The imports of the workspace, the newest first. */
export async function listImports(
  db: Db,
  { workspaceId, cursor, limit }: { workspaceId: string; cursor?: string; limit: number },
): Promise<Page<ContactImport>> {
  const place = readPlace("imports", cursor);
  const rows = await db
    .selectFrom("contact_imports")
    .selectAll()
    .select([isLost.as("lost"), microseconds("created_at").as("position")])
    .where("workspace_id", "=", workspaceId)
    .where(place ? sql<boolean>`(created_at, id) < (${moment(place.at)}, ${place.id}::uuid)` : sql<boolean>`true`)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, toFound, (row) => writePlace("imports", { at: row.position, id: row.id }));
}

/** Locks an import that is to be undone, so that two presses are one undo. */
export async function lockImport(db: Db, key: ImportKey): Promise<ContactImport | undefined> {
  const row = await selectImport(db, key).forUpdate().executeTakeFirst();
  return row && toFound(row);
}

export async function markUndone(
  db: Db,
  { workspaceId, id, ...counts }: ImportKey & { removed: number; restored: number; changedSince: number },
): Promise<ContactImport> {
  const row = await db
    .updateTable("contact_imports")
    .set({ undone_at: sql<Date>`now()`, removed: counts.removed, restored: counts.restored, changed_since: counts.changedSince })
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toImport(row);
}

/** An import lives in one request. One that has not moved for so long was lost with its process. */
const isLost = sql<boolean>`state = 'running' and created_at < now() - interval '15 minutes'`;

const toFound = (row: Selectable<ContactImportsTable> & { lost: boolean }): ContactImport =>
  toImport(row.lost ? { ...row, state: "failed", error_message: lostMessage } : row);

function toImport(row: Selectable<ContactImportsTable>): ContactImport {
  return {
    id: row.id,
    state: row.state as ContactImport["state"],
    fileName: row.file_name,
    rowsRead: row.rows_read,
    created: row.created,
    updated: row.updated,
    refused: row.refused,
    problems: row.problems as ImportProblem[],
    errorMessage: row.error_message,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    keptApart: row.kept_apart,
    overwritten: row.overwritten,
    fromBin: row.from_bin,
    undoUntil: undoUntil(row),
    undone: row.undone_at && {
      at: row.undone_at.toISOString(),
      removed: row.removed,
      restored: row.restored,
      changedSince: row.changed_since,
    },
  };
}

function undoUntil({ state, undone_at, created, updated, created_at }: Selectable<ContactImportsTable>): string | null {
  if (state === "running" || undone_at !== null || created + updated === 0) return null;
  const until = new Date(created_at.getTime() + undoDays * 86_400_000);
  return until.getTime() > Date.now() ? until.toISOString() : null;
}
