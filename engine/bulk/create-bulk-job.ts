import { createHash } from "node:crypto";
import { deletedByEditors } from "#contract/bulk-jobs.ts";
import type { Selection } from "#contract/contacts.ts";
import type { Tx } from "#db/client.ts";
import { isTimeout } from "#db/errors.ts";
import { breakPoint } from "../base/break-point.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { CreateBulkJobInput } from "../bulk-api.ts";
import { checkDeletion } from "../commands/check-deletion.ts";
import type { EngineContext } from "../engine-context.ts";
import { countSelection } from "../enrollment/enroll-page-rows.ts";
import { bulkJob } from "../jobs/jobs.ts";
import { countInBin, hasSelected, insertBulkJob, limitStatements, readBulkRequest } from "./create-bulk-job-rows.ts";
import { returnToSavepoint, setSavepoint } from "./item-rows.ts";

/** A count that takes longer is given up: the database is busy, and the person tries again. */
const longestCountMs = 5_000;
/** The same for the look whether there is anybody at all, without which a job may be stored. */
const longestLookMs = 1_000;

/**
 * Stores a job and hands over its first pass, in one transaction. The contacts of a filter are counted before the answer
 * only where they are deleted, because a deletion of many is refused unless the person typed how many.
 */
export async function createBulkJob(context: EngineContext, input: CreateBulkJobInput): Promise<{ created: boolean }> {
  const { workspaceId, jobId, action, isAdmin, actor } = input;
  const selection = distinct(input.selection);
  const requestHash = createHash("sha256")
    .update(canonicalJson({ selection, action }) ?? "")
    .digest("hex");
  const created = await context.db.transaction().execute(async (tx) => {
    if (await isKnownJob(tx, { workspaceId, jobId, requestHash })) return false;
    await checkSelection(tx, { ...input, selection });
    const isNew = await insertBulkJob(
      tx,
      {
        id: jobId,
        workspaceId,
        action,
        selection,
        requestHash,
        expectedTotal: input.expectedTotal ?? input.confirm ?? null,
        most: action.type === "delete" && !isAdmin ? deletedByEditors : null,
        undoOf: null,
        actor,
      },
      context.clock,
    );
    // Another request with the same id was faster, and this insert waited for its commit.
    if (!isNew) return !(await isKnownJob(tx, { workspaceId, jobId, requestHash }));
    await context.driver.wake(tx, [bulkJob(workspaceId)]);
    return true;
  });
  await breakPoint("bulk-job-created");
  return { created };
}

/** Whether this request was made before. @throws EngineRefusal bulk_job_mismatch */
export async function isKnownJob(tx: Tx, request: { workspaceId: string; jobId: string; requestHash: string }): Promise<boolean> {
  const known = await readBulkRequest(tx, request.jobId);
  if (!known) return false;
  if (known.workspaceId !== request.workspaceId || known.requestHash !== request.requestHash) {
    throw new EngineRefusal("bulk_job_mismatch", "This job id was used before, for another change or other contacts. Use a new one.");
  }
  return true;
}

/** @throws EngineRefusal nothing_selected, confirmation_needed, forbidden */
async function checkSelection(tx: Tx, input: CreateBulkJobInput): Promise<void> {
  const { workspaceId, selection, action } = input;
  if (selection.type === "filter" && action.type !== "delete") return checkAnybody(tx, workspaceId, selection);
  await limitStatements(tx, longestCountMs);
  const isInBin = action.type === "restore" && selection.type === "ids";
  const total = await (isInBin ? countInBin(tx, workspaceId, selection.ids) : countSelection(tx, workspaceId, selection));
  if (total === 0) throw nothingSelected();
  if (action.type === "delete") checkDeletion(input, total);
}

const nothingSelected = () => new EngineRefusal("nothing_selected", "No contact matches this selection now.");

/** @throws EngineRefusal nothing_selected. A filter that takes too long to find the first contact is left to the job. */
async function checkAnybody(tx: Tx, workspaceId: string, selection: Selection): Promise<void> {
  await setSavepoint(tx);
  await limitStatements(tx, longestLookMs);
  const found = await hasSelected(tx, workspaceId, selection).catch((error: unknown) => {
    if (!isTimeout(error)) throw error;
    return true;
  });
  // It takes back the limit too, and a look that was given up.
  await returnToSavepoint(tx);
  if (!found) throw nothingSelected();
}

/** A contact that is named twice is one contact, and the order of ids does not matter. */
function distinct(selection: Selection): Selection {
  const sorted = (ids: readonly string[]) => [...new Set(ids.map((id) => id.toLowerCase()))].sort();
  return selection.type === "ids" ? { type: "ids", ids: sorted(selection.ids) } : { ...selection, excluded: sorted(selection.excluded) };
}
