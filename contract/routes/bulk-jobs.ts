import { z } from "zod";
import { BulkJob, BulkJobItem, BulkJobItemsQuery, BulkJobListQuery, CreateBulkJob } from "../bulk-jobs.ts";
import { pageOf } from "../pagination.ts";
import { byId, defineRoute, member } from "../route.ts";

export const bulkJobRoutes = {
  createBulkJob: defineRoute({
    heavy: "by_filter",
    method: "POST",
    path: "/api/bulk-jobs",
    tag: "Bulk changes",
    summary: "Change or delete a selection of contacts, as a job",
    description:
      "Answers as soon as the job is stored. A deletion of more than 100 contacts is refused as `confirmation_needed` unless `confirm` " +
      "(or `expectedTotal`) is the number of contacts that are deleted. More than 10,000 deletions need an admin. A status that is not in " +
      "the workspace's list is refused as `status_not_listed`, unless `evenIfUnlisted` says that it is meant. " +
      "A selection by filter also needs the scope `contacts:read`.",
    auth: member("editor", "contacts:write"),
    body: CreateBulkJob,
    response: BulkJob,
    status: 202,
    bodyLimit: 1024 * 1024,
    audit: "contacts.bulk",
  }),
  listBulkJobs: defineRoute({
    method: "GET",
    path: "/api/bulk-jobs",
    tag: "Bulk changes",
    summary: "The bulk changes of the last 30 days, newest first",
    auth: member("viewer", "contacts:read"),
    query: BulkJobListQuery,
    response: pageOf(BulkJob),
  }),
  getBulkJob: defineRoute({
    method: "GET",
    path: "/api/bulk-jobs/:id",
    tag: "Bulk changes",
    summary: "One bulk change with its totals",
    auth: member("viewer", "contacts:read"),
    params: byId,
    response: BulkJob,
  }),
  listBulkJobItems: defineRoute({
    method: "GET",
    path: "/api/bulk-jobs/:id/items",
    tag: "Bulk changes",
    summary: "What became of each contact of a bulk change",
    auth: member("viewer", "contacts:read"),
    params: byId,
    query: BulkJobItemsQuery,
    response: pageOf(BulkJobItem),
  }),
  bulkJobEvents: defineRoute({
    method: "GET",
    path: "/api/bulk-jobs/:id/events",
    tag: "Bulk changes",
    summary: "Progress of a bulk change: every event is a full snapshot; ends when the job does",
    auth: member("viewer", "contacts:read"),
    kind: "sse",
    params: byId,
    query: z.strictObject({ workspaceId: z.string().max(100).optional() }),
    response: BulkJob,
  }),
  confirmBulkJob: defineRoute({
    method: "POST",
    path: "/api/bulk-jobs/:id/confirm",
    tag: "Bulk changes",
    summary: "Go on with a job that asks, because the number of contacts has moved since it was shown",
    auth: member("editor", "contacts:write"),
    params: byId,
    body: z.strictObject({ total: z.number().int().min(0) }),
    response: BulkJob,
    audit: "bulk_job.confirm",
  }),
  cancelBulkJob: defineRoute({
    method: "POST",
    path: "/api/bulk-jobs/:id/cancel",
    tag: "Bulk changes",
    summary: "Stop a job after the pass that is running; what was changed stays",
    auth: member("editor", "contacts:write"),
    params: byId,
    response: BulkJob,
    audit: "bulk_job.cancel",
  }),
  undoBulkJob: defineRoute({
    method: "POST",
    path: "/api/bulk-jobs/:id/undo",
    tag: "Bulk changes",
    summary: "Take a bulk change back, as a job of its own",
    description:
      "For 30 days. Each contact gets back what it had, unless it was changed since. A second request is answered with the same job.",
    auth: member("editor", "contacts:write"),
    params: byId,
    response: BulkJob,
    status: 202,
    audit: "bulk_job.undo",
  }),
};
