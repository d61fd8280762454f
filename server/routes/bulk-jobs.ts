import type { BulkJob } from "#contract/bulk-jobs.ts";
import { isBulkJobOver } from "#contract/bulk-jobs.ts";
import { roleCovers } from "#contract/people.ts";
import type { Tx } from "#db/client.ts";
import { findBulkJob, listBulkJobItems, listBulkJobs } from "#db/queries/bulk-jobs.ts";
import { requireListedAction, withListedAction } from "../commands/listed-status.ts";
import { requireReadable } from "../commands/require-readable.ts";
import type { Resources } from "../compose/resources.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";
import { actorOf } from "../http/principal.ts";
import { createRowWatch, type RowWatch } from "../http/row-watch.ts";
import { openEventStream } from "../http/sse.ts";

/** There is one watch per running server, so that each job has one reader. */
const watches = new WeakMap<Resources, RowWatch<BulkJob>>();

export const bulkJobRoutes = {
  createBulkJob: async ({ resources, db, workspaceId, role, principal, body, note }) => {
    const { jobId, selection, expectedTotal, confirm } = body;
    requireReadable(principal, selection);
    if (!body.evenIfUnlisted) await requireListedAction(db, workspaceId, body.action);
    const action = await withListedAction(db, workspaceId, body.action);
    const actor = actorOf(principal);
    const isAdmin = roleCovers(role, "admin");
    const { created } = await resources.engine.createBulkJob({
      workspaceId,
      jobId,
      selection,
      action,
      expectedTotal,
      confirm,
      isAdmin,
      actor,
    });
    note({ subjectId: jobId, details: { created, action: action.type, selection: selection.type, expectedTotal: expectedTotal ?? null } });
    return readBulkJob(db, workspaceId, jobId);
  },

  listBulkJobs: async ({ db, workspaceId, query }) => listBulkJobs(db, { workspaceId, ...query }),

  getBulkJob: async ({ db, workspaceId, params }) => readBulkJob(db, workspaceId, params.id),

  listBulkJobItems: async ({ db, workspaceId, params, query }) => {
    await readBulkJob(db, workspaceId, params.id);
    return listBulkJobItems(db, { workspaceId, id: params.id, ...query });
  },

  bulkJobEvents: async ({ resources, workspaceId, params, inTransaction, res, signal }) => {
    // The job is read as the member. People who may not see it do not even learn that it exists.
    const job = await inTransaction((db) => readBulkJob(db, workspaceId, params.id));
    const stream = openEventStream(res, signal);
    stream.send(job);
    if (isOver(job)) {
      stream.end();
      return undefined;
    }
    const watching = watchOf(resources).watch(job, { workspaceId }, (latest) => {
      stream.send(latest);
      if (isOver(latest)) stream.end();
    });
    signal.addEventListener("abort", watching.stop, { once: true });
    if (signal.aborted) watching.stop();
    return undefined;
  },

  confirmBulkJob: async ({ resources, db, workspaceId, params, body, note }) => {
    await readBulkJob(db, workspaceId, params.id);
    await resources.engine.confirmBulkJob({ workspaceId, jobId: params.id, total: body.total });
    note({ details: body });
    return readBulkJob(db, workspaceId, params.id);
  },

  cancelBulkJob: async ({ resources, db, workspaceId, params, note }) => {
    await readBulkJob(db, workspaceId, params.id);
    await resources.engine.cancelBulkJob({ workspaceId, jobId: params.id });
    const job = await readBulkJob(db, workspaceId, params.id);
    note({ details: { changed: job.changed, left: job.left } });
    return job;
  },

  undoBulkJob: async ({ resources, db, workspaceId, role, principal, params, note }) => {
    await readBulkJob(db, workspaceId, params.id);
    const isAdmin = roleCovers(role, "admin");
    const { jobId, created } = await resources.engine.undoBulkJob({ workspaceId, jobId: params.id, isAdmin, actor: actorOf(principal) });
    note({ details: { created, by: jobId } });
    return readBulkJob(db, workspaceId, jobId);
  },
} satisfies Pick<
  Handlers,
  | "createBulkJob"
  | "listBulkJobs"
  | "getBulkJob"
  | "listBulkJobItems"
  | "bulkJobEvents"
  | "confirmBulkJob"
  | "cancelBulkJob"
  | "undoBulkJob"
>;

const isOver = (job: BulkJob) => isBulkJobOver(job.state);

async function readBulkJob(db: Tx, workspaceId: string, id: string): Promise<BulkJob> {
  const job = await findBulkJob(db, { workspaceId, id });
  if (!job) throw notFound("bulk_job_not_found");
  return job;
}

function watchOf(resources: Resources): RowWatch<BulkJob> {
  const known = watches.get(resources);
  if (known) return known;
  const made = createRowWatch({ what: "bulk job", find: findBulkJob, isOver }, { db: resources.ownerDb, log: resources.log });
  watches.set(resources, made);
  return made;
}
