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
  /** Moves contacts to the bin as a person would, with all that hangs on them. Answers how many. */
  deleteContacts: (ids: string[]) => Promise<number>;
  /** Called with the contacts that are to be moved to the bin once `db` is committed, because `db` puts their values back. */
  binAfterCommit: (ids: string[]) => void;
}

/**
 * Takes an import back as one step: what it added or took out of the bin and nobody has changed since goes to the bin, and
 * what it changed gets its earlier values. Deleting has a transaction of its own. A crash after it leaves an import that can be undone again, and
 * the second undo finishes the first. Undefined: there is no such import.
 * @throws ApiError `undo_over` where it still runs or is too old.
 */
export async function undoImport({ db, workspaceId, id, deleteContacts, binAfterCommit }: UndoImport): Promise<ContactImport | undefined> {
  const found = await lockImport(db, { workspaceId, id });
  if (!found || found.undone) return found;
  if (found.state === "running") throw refused("undo_over", "This import is still running. Wait until it has ended, then undo it.");
  const nothing = found.created + found.updated === 0;
  if (!nothing && found.undoUntil === null) throw refused("undo_over", `An import can be undone for ${undoDays} days; this one is older.`);
  const key = { workspaceId, importId: id };
  const untouched = await listUntouched(db, key, "created");
  const removed = untouched.length === 0 ? 0 : await deleteContacts(untouched);
  const returned = await listUntouched(db, key, "from_bin");
  const left = await restoreChanged(db, key, new Set(returned));
  const created = await countCreated(db, key);
  if (returned.length > 0) binAfterCommit(returned);
  return markUndone(db, {
    workspaceId,
    id,
    removed: removed + returned.length,
    restored: left.restored,
    changedSince: left.changedSince + created,
  });
}

/** Contacts that the import added and that are still there: somebody changed them, so they stay. */
const countCreated = async (db: Tx, { workspaceId, importId }: { workspaceId: string; importId: string }): Promise<number> => {
  const { total } = await db
    .selectFrom("contact_import_changes as j")
    .innerJoin("contacts as c", (join) => join.onRef("c.workspace_id", "=", "j.workspace_id").onRef("c.id", "=", "j.contact_id"))
    .select((build) => build.fn.count<number>("j.contact_id").distinct().as("total"))
    .where("j.workspace_id", "=", workspaceId)
    .where("j.import_id", "=", importId)
    .where("j.created", "=", true)
    .where("c.deleted_at", "is", null)
    .executeTakeFirstOrThrow();
  return Number(total);
};
