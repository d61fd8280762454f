import { randomUUID } from "node:crypto";
import type { BulkJob } from "#contract/bulk-jobs.ts";
import { type FlowNaming, type LeadStatus, statusNamed } from "#contract/lead-statuses.ts";
import type { Routes } from "#contract/routes.ts";
import type { Tx } from "#db/client.ts";
import { findBulkJob } from "#db/queries/bulk-jobs.ts";
import {
  countLeadStatuses,
  countWithStatus,
  insertLeadStatus,
  listLeadStatuses,
  patchLeadStatus,
  placeLeadStatuses,
  takeTurnAtLeadStatuses,
} from "#db/queries/lead-statuses.ts";
import type { ReplaceStatusInput } from "#engine/bulk-api.ts";
import { flowsNamingStatus } from "../commands/flows-naming-status.ts";
import { requireRoom } from "../commands/require-room.ts";
import { changeDetails } from "../http/change-details.ts";
import { conflict, notFound } from "../http/errors.ts";
import type { Handlers, MemberCall } from "../http/handler.ts";
import { actorOf } from "../http/principal.ts";

export const leadStatusRoutes = {
  listLeadStatuses: async ({ db, workspaceId }) => ({ items: await listLeadStatuses(db, { workspaceId }) }),

  listLeadStatusUses: async ({ db, workspaceId }) => ({ items: await countLeadStatuses(db, { workspaceId }) }),

  createLeadStatus: async ({ db, workspaceId, body, note }) => {
    const statuses = await lockList(db, workspaceId);
    refuseTaken(statuses, body.name);
    await requireRoom(db, { workspaceId, to: "leadStatuses" });
    const status = await insertLeadStatus(db, { workspaceId, ...body });
    note({ subjectId: status.id, details: { name: status.name } });
    return status;
  },

  orderLeadStatuses: async ({ db, workspaceId, body, note }) => {
    const statuses = await lockList(db, workspaceId);
    const known = new Set(statuses.map(({ id }) => id));
    const named = [...new Set(body.ids)];
    if (named.some((id) => !known.has(id))) throw notFound();
    const ids = [...new Set([...named, ...known])];
    await placeLeadStatuses(db, { workspaceId, ids });
    note({ details: { statuses: ids.length } });
    return { items: await listLeadStatuses(db, { workspaceId }) };
  },

  getLeadStatusUsage: async ({ db, workspaceId, params: { id } }) => {
    const status = (await listLeadStatuses(db, { workspaceId })).find((each) => each.id === id);
    if (!status) throw notFound();
    const [counts, flows] = [
      await countWithStatus(db, { workspaceId, name: status.name }),
      await flowsNamingStatus(db, workspaceId, status.name),
    ];
    return { ...counts, flows };
  },

  updateLeadStatus: async (call) => {
    const { db, workspaceId, params, body, note } = call;
    const { name, ...rest } = body;
    const find = async () => (await listLeadStatuses(db, { workspaceId })).find(({ id }) => id === params.id);
    const current = await find();
    if (!current) throw notFound();
    const isRenamed = name !== undefined && name !== current.name;
    const carried = isRenamed ? await replaceStatus(call, { type: "rename", statusId: params.id, name }) : nothingCarried;
    if (Object.keys(rest).length > 0) {
      await lockList(db, workspaceId);
      await patchLeadStatus(db, { workspaceId, id: params.id, patch: rest });
    }
    const status = await find();
    if (!status) throw notFound();
    note({ subjectId: params.id, details: { ...changeDetails(current, body), ...(carried.job && { job: carried.job.id }) } });
    return { ...status, ...carried };
  },

  deleteLeadStatus: async (call) => {
    const { db, workspaceId, params, query, note } = call;
    const current = (await listLeadStatuses(db, { workspaceId })).find(({ id }) => id === params.id);
    if (!current) throw notFound();
    const carried = await replaceStatus(call, { type: "remove", statusId: params.id, replacement: query.replacement });
    note({ subjectId: params.id, subjectName: current.name, ...(carried.job && { details: { job: carried.job.id } }) });
    return { success: true as const, ...carried };
  },

  mapLeadStatus: async (call) => {
    const { db, workspaceId, body, note } = call;
    const listed = statusNamed(await listLeadStatuses(db, { workspaceId }), body.value);
    if (listed) throw conflict("conflict", `“${listed.name}” is in the list. Rename or remove it there.`);
    const carried = await replaceStatus(call, { type: "map", ...body });
    note({ details: { value: body.value, replacement: body.replacement, ...(carried.job && { job: carried.job.id }) } });
    return { success: true as const, ...carried };
  },
} satisfies Pick<
  Handlers,
  | "listLeadStatuses"
  | "listLeadStatusUses"
  | "getLeadStatusUsage"
  | "createLeadStatus"
  | "orderLeadStatuses"
  | "updateLeadStatus"
  | "deleteLeadStatus"
  | "mapLeadStatus"
>;

interface Carried {
  job: BulkJob | null;
  flows: FlowNaming[];
}
const nothingCarried: Carried = { job: null, flows: [] };

type Call = Pick<MemberCall<Routes["updateLeadStatus"]>, "db" | "resources" | "workspaceId" | "principal" | "repeatableId" | "accepted">;

/** Has the engine change the list and the contacts, which it does in a transaction of its own. */
async function replaceStatus(call: Call, change: ReplaceStatusInput["change"]): Promise<Carried> {
  const { db, resources, workspaceId, principal, repeatableId, accepted } = call;
  const id = repeatableId?.id ?? randomUUID();
  const { jobId, from } = await resources.engine.replaceStatus({ workspaceId, jobId: id, change, actor: actorOf(principal) });
  const job = jobId === null ? null : ((await findBulkJob(db, { workspaceId, id: jobId })) ?? null);
  if (job) accepted();
  const name = from ?? (job?.action.type === "replace_status" ? job.action.from : "");
  return { job, flows: await flowsNamingStatus(db, workspaceId, name) };
}

async function lockList(db: Tx, workspaceId: string): Promise<LeadStatus[]> {
  await takeTurnAtLeadStatuses(db, workspaceId);
  return listLeadStatuses(db, { workspaceId });
}

function refuseTaken(statuses: readonly LeadStatus[], name: string): void {
  const taken = statusNamed(statuses, name);
  if (taken) throw conflict("conflict", `The list has “${taken.name}” already. Choose another name.`);
}
