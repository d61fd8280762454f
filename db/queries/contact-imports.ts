import { type Selectable, sql } from "kysely";
import type { ContactImport, ImportProblem } from "#contract/imports.ts";
import { importLimits } from "#contract/imports.ts";
import type { Db } from "../client.ts";
import type { ContactImportsTable } from "../tables.ts";

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
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
}

export async function findImport(db: Db, { workspaceId, id }: ImportKey): Promise<ContactImport | undefined> {
  const row = await db
    .selectFrom("contact_imports")
    .selectAll()
    // An import lives in one request. One that has not moved for so long was lost with its process.
    .select(sql<boolean>`state = 'running' and created_at < now() - interval '15 minutes'`.as("lost"))
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
  return row && toImport(row.lost ? { ...row, state: "failed", error_message: lostMessage } : row);
}

const lostMessage = "The server stopped before the import ended. What it had written stays; import the file again to complete it.";

/** Adds a batch to the counts, in the transaction that writes its contacts, so that the counts are never ahead or behind. */
export async function addToImport(
  db: Db,
  {
    workspaceId,
    id,
    ...batch
  }: ImportKey & { rowsRead: number; created: number; updated: number; refused: number; problems: ImportProblem[] },
): Promise<void> {
  await sql`
    update contact_imports set rows_read = rows_read + ${batch.rowsRead}, created = created + ${batch.created},
      updated = updated + ${batch.updated}, refused = refused + ${batch.refused},
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
  };
}
