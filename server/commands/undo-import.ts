import type { ContactImport } from "#contract/imports.ts";
import { undoDays } from "#contract/imports.ts";
import type { Tx } from "#db/client.ts";
import { listUntouched, restoreChanged } from "#db/queries/contact-import-changes.ts";
import { lockImport, markUndone } from "#db/queries/contact-imports.ts";
import { refused } from "../http/errors.ts";

export interface UndoImport {
  db: Tx;
  workspaceId: string;
  id: string;
  /** Deletes contacts as a person would, with all that hangs on them. Answers how many. */
  deleteContacts: (ids: string[]) => Promise<number>;
}

/**
 * Takes an import back as one step: what it added and nobody has changed since is deleted, and what it changed gets its
 * earlier values. Deleting has a transaction of its own. A crash after it leaves an import that can be undone again, and
 * the second undo finishes the first. Undefined: there is no such import.
 * @throws ApiError `undo_over` where it still runs or is too old.
 */
export async function undoImport({ db, workspaceId, id, deleteContacts }: UndoImport): Promise<ContactImport | undefined> {
  const found = await lockImport(db, { workspaceId, id });
  if (!found || found.undone) return found;
  if (found.state === "running") throw refused("undo_over", "This import is still running. Wait until it has ended, then undo it.");
  const nothing = found.created + found.updated === 0;
  if (!nothing && found.undoUntil === null) throw refused("undo_over", `An import can be undone for ${undoDays} days; this one is older.`);
  const key = { workspaceId, importId: id };
  const untouched = await listUntouched(db, key);
  const removed = untouched.length === 0 ? 0 : await deleteContacts(untouched);
  const left = await restoreChanged(db, key);
  const created = await countCreated(db, key);
  return markUndone(db, { workspaceId, id, removed, restored: left.restored, changedSince: left.changedSince + created });
}

/** Contacts of the import that are still there: somebody changed them, so they stay. */
const countCreated = async (db: Tx, { workspaceId, importId }: { workspaceId: string; importId: string }): Promise<number> => {
  const { total } = await db
    .selectFrom("contact_import_changes")
    .select((build) => build.fn.count<number>("contact_id").distinct().as("total"))
    .where("workspace_id", "=", workspaceId)
    .where("import_id", "=", importId)
    .where("created", "=", true)
    .executeTakeFirstOrThrow();
  return Number(total);
};
