import { createHash } from "node:crypto";
import type { Tx } from "#db/client.ts";
import { breakPoint } from "../base/break-point.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { ReplaceStatusInput } from "../bulk-api.ts";
import type { EngineContext } from "../engine-context.ts";
import { bulkJob } from "../jobs/jobs.ts";
import { isKnownJob } from "./create-bulk-job.ts";
import { insertBulkJob } from "./create-bulk-job-rows.ts";
import { carryIntoLaunches } from "./launches-naming-status-rows.ts";
import { countHaving, isStatusComing, isStatusUsed } from "./replace-status-rows.ts";
import { changeList, lockStatuses } from "./status-list.ts";

/**
 * Changes the list of lead statuses and stores the job that carries the contacts over, in one transaction: whoever reads the
 * list afterwards finds the new name, and no crash leaves contacts behind with the old one.
 */
export async function replaceStatus(
  context: EngineContext,
  input: ReplaceStatusInput,
): Promise<{ jobId: string | null; from: string | null }> {
  const { workspaceId, jobId, change, actor } = input;
  const requestHash = createHash("sha256")
    .update(canonicalJson({ change }) ?? "")
    .digest("hex");
  const result = await context.db.transaction().execute(async (tx) => {
    const statuses = await lockStatuses(tx, workspaceId);
    if (await isKnownJob(tx, { workspaceId, jobId, requestHash })) return { jobId, from: null };
    const replaced = await changeList(tx, input, statuses);
    await carryIntoLaunches(tx, workspaceId, replaced);
    const nothingToCarry = { jobId: null, from: replaced.from };
    // A job that is not over may still give somebody the status. This one looks for the contacts after it.
    const isComing = await isStatusComing(tx, workspaceId, replaced.from);
    if (!isComing && !(await isStatusUsed(tx, workspaceId, replaced.from))) return nothingToCarry;
    if (change.type === "remove" && change.replacement === undefined) {
      await refuseUsed(tx, workspaceId, replaced.from);
      if (isComing)
        throw new EngineRefusal(
          "conflict",
          "A bulk change that is not over yet gives contacts this status. Wait for its end, or say which status they get instead.",
        );
      // Only contacts in the bin have it. They keep it, as a value outside the list.
      return nothingToCarry;
    }
    const action = { type: "replace_status" as const, ...replaced };
    const isNew = await insertBulkJob(
      tx,
      { id: jobId, workspaceId, action, selection: null, requestHash, expectedTotal: null, most: null, undoOf: null, actor },
      context.clock,
    );
    if (!isNew) throw new EngineRefusal("bulk_job_mismatch", "This job id was used before, for another change. Use a new one.");
    await context.driver.wake(tx, [bulkJob(workspaceId)]);
    return { jobId, from: replaced.from };
  });
  await breakPoint("bulk-job-created");
  return result;
}

/** @throws EngineRefusal conflict where contacts have the status: they would keep a value that is not in the list any more. */
async function refuseUsed(tx: Tx, workspaceId: string, name: string): Promise<void> {
  const contacts = await countHaving(tx, workspaceId, name);
  if (contacts === 0) return;
  const have = contacts === 1 ? "1 contact has" : `${contacts.toLocaleString("en")} contacts have`;
  throw new EngineRefusal(
    "conflict",
    `${have} the status “${name}”. Choose which status they get instead, or none (in the API: replacement=<id of a status> or none).`,
  );
}
