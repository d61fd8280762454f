import { type Selectable, sql } from "kysely";
import { z } from "zod";
import type { BulkJob, BulkJobItem, BulkJobState, BulkOutcome, BulkReason } from "#contract/bulk-jobs.ts";
import { BulkAction, bulkJobDays, isBulkJobOver } from "#contract/bulk-jobs.ts";
import type { Db } from "../client.ts";
import type { BulkJobsTable } from "../tables/bulk-jobs.ts";
import { displayName } from "./contact-rows.ts";
import { microseconds, moment, type Page, readPlace, toPage, writePlace } from "./newest-first.ts";
import { readCursor, writeCursor } from "./page-cursor.ts";

interface JobKey {
  workspaceId: string;
  id: string;
}

const undoneBy = sql<string | null>`(
  select u.id from bulk_jobs u where u.workspace_id = bulk_jobs.workspace_id and u.undo_of = bulk_jobs.id and u.state not in ('cancelled', 'failed') limit 1)`;
const isYoung = sql<boolean>`bulk_jobs.created_at > now() - make_interval(days => ${bulkJobDays})`;

const select = (db: Db, workspaceId: string) =>
  db
    .selectFrom("bulk_jobs")
    .selectAll()
    .select([undoneBy.as("undone_by"), isYoung.as("is_young"), microseconds("bulk_jobs.created_at").as("position")])
    .where("workspace_id", "=", workspaceId);

export async function findBulkJob(db: Db, { workspaceId, id }: JobKey): Promise<BulkJob | undefined> {
  const row = await select(db, workspaceId).where("id", "=", id).executeTakeFirst();
  return row && toBulkJob(row);
}

/** The bulk jobs of the workspace, the newest first. */
export async function listBulkJobs(
  db: Db,
  { workspaceId, active, cursor, limit }: { workspaceId: string; active?: "true" | undefined; cursor?: string | undefined; limit: number },
): Promise<Page<BulkJob>> {
  const place = readPlace("bulk-jobs", cursor);
  const rows = await select(db, workspaceId)
    .$if(active === "true", (query) => query.where("state", "in", ["freezing", "asks", "running"]))
    .where(place ? sql<boolean>`(created_at, id) < (${moment(place.at)}, ${place.id}::uuid)` : sql<boolean>`true`)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, toBulkJob, (row) => writePlace("bulk-jobs", { at: row.position, id: row.id }));
}

/** What became of each contact, in the order of the job. */
export async function listBulkJobItems(
  db: Db,
  { workspaceId, id, outcome, cursor, limit }: JobKey & { outcome?: BulkOutcome | undefined; cursor?: string | undefined; limit: number },
): Promise<Page<BulkJobItem>> {
  const after = cursor === undefined ? 0 : readCursor(cursor, ItemPlace)[1];
  const rows = await db
    .selectFrom("bulk_job_items as i")
    .leftJoin("private.contact_names as c", (join) =>
      join.onRef("c.workspace_id", "=", "i.workspace_id").onRef("c.id", "=", "i.contact_id"),
    )
    .select([
      "i.seq",
      "i.contact_id",
      "i.outcome",
      "i.reason",
      "i.before",
      "c.id as found",
      "c.name",
      "c.firstname",
      "c.lastname",
      "c.deleted_at",
    ])
    .where("i.workspace_id", "=", workspaceId)
    .where("i.job_id", "=", id)
    .where("i.seq", ">", after)
    .$if(outcome !== undefined, (query) => query.where("i.outcome", "=", outcome as string))
    .orderBy("i.seq")
    .limit(limit + 1)
    .execute();
  const toItem = ({ name, firstname, lastname, ...row }: (typeof rows)[number]): BulkJobItem => ({
    contactId: row.contact_id,
    displayName: row.found === null ? null : displayName({ name, firstname: firstname ?? "", lastname: lastname ?? "" }),
    inBin: row.deleted_at !== null,
    outcome: row.outcome as BulkOutcome | null,
    reason: row.reason as BulkReason | null,
    before: row.before as BulkJobItem["before"],
  });
  return toPage(rows, limit, toItem, (row) => writeCursor(["bulk-job-items", row.seq]));
}

const ItemPlace = z.tuple([z.literal("bulk-job-items"), z.int32().min(0)]);

type Row = Selectable<BulkJobsTable> & { undone_by: string | null; is_young: boolean };

function toBulkJob(row: Row): BulkJob {
  const { total, changed, same, skipped, failed } = row;
  const state = row.state as BulkJobState;
  const action = BulkAction.parse({ type: row.kind, ...row.params });
  const hasChanged = changed > 0 || (action.type === "replace_status" && action.list !== null);
  const mayUndo = isBulkJobOver(state) && hasChanged && row.undo_of === null && row.undone_by === null && row.is_young;
  return {
    id: row.id,
    action,
    undoOf: row.undo_of,
    state,
    expectedTotal: row.expected_total,
    total,
    changed,
    same,
    skipped,
    failed,
    left: total === null ? null : total - changed - same - skipped - failed,
    errorMessage: row.error_message,
    createdBy: row.created_by,
    createdByName: row.created_by_name,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    undoUntil: mayUndo ? new Date(row.created_at.getTime() + bulkJobDays * 86_400_000).toISOString() : null,
    undoneBy: row.undone_by,
  };
}
