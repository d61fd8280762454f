import { z } from "zod";
import { BulkJob } from "../bulk-jobs.ts";
import {
  FlowNaming,
  LeadStatus,
  LeadStatusOrder,
  LeadStatusPatch,
  LeadStatusUsage,
  LeadStatusUse,
  NewLeadStatus,
  Replacement,
  ValueMapping,
} from "../lead-statuses.ts";
import { byId, defineRoute, member } from "../route.ts";

/** The bulk change that carries the contacts over, where there are any, and the flows that name the status as it was. */
const carriedOver = { job: BulkJob.nullable(), flows: z.array(FlowNaming) };

export const leadStatusRoutes = {
  listLeadStatuses: defineRoute({
    method: "GET",
    path: "/api/lead-statuses",
    tag: "Lead statuses",
    summary: "The lead statuses of the workspace, in their order",
    auth: member("viewer", "contacts:read"),
    response: z.object({ items: z.array(LeadStatus) }),
  }),
  listLeadStatusUses: defineRoute({
    method: "GET",
    path: "/api/lead-statuses/uses",
    tag: "Lead statuses",
    summary: "How many contacts have each lead status, also those that are not in the list",
    auth: member("viewer", "contacts:read"),
    response: z.object({ items: z.array(LeadStatusUse) }),
  }),
  getLeadStatusUsage: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/lead-statuses/:id/uses",
    tag: "Lead statuses",
    summary: "How many contacts have a lead status, and which flows name it",
    auth: member("viewer", "contacts:read"),
    params: byId,
    response: LeadStatusUsage,
  }),
  createLeadStatus: defineRoute({
    method: "POST",
    path: "/api/lead-statuses",
    tag: "Lead statuses",
    summary: "Add a lead status at the end of the list",
    description: "Two names are the same when they differ in case, accents and spaces only; the second is refused (409).",
    auth: member("admin", "admin"),
    body: NewLeadStatus,
    response: LeadStatus,
    status: 201,
    audit: "lead_status.create",
  }),
  orderLeadStatuses: defineRoute({
    method: "PUT",
    path: "/api/lead-statuses/order",
    tag: "Lead statuses",
    summary: "Put the lead statuses into another order",
    description: "The named ones come first, in this order; the others stay behind them in theirs.",
    auth: member("admin", "admin"),
    body: LeadStatusOrder,
    response: z.object({ items: z.array(LeadStatus) }),
    audit: "lead_status.order",
  }),
  updateLeadStatus: defineRoute({
    method: "PATCH",
    path: "/api/lead-statuses/:id",
    tag: "Lead statuses",
    summary: "Change the name, the colour or the kind of a lead status, or make it the default",
    description:
      "Another name is carried over to the contacts that have the status, by a bulk change (`job`) that can be undone for 30 days. " +
      "Flows keep the name that they have; `flows` lists those that name the old one.",
    auth: member("admin", "admin"),
    params: byId,
    body: LeadStatusPatch,
    response: LeadStatus.extend(carriedOver),
    audit: "lead_status.update",
  }),
  deleteLeadStatus: defineRoute({
    method: "DELETE",
    path: "/api/lead-statuses/:id",
    tag: "Lead statuses",
    summary: "Remove a lead status from the list",
    description:
      "Where contacts have it, say which status they get: `replacement` is the id of another one of the list, or `none`; without it " +
      "the request is refused (409). They get it by a bulk change (`job`) that can be undone for 30 days.",
    auth: member("admin", "admin"),
    params: byId,
    query: z.strictObject({ replacement: Replacement.optional() }),
    response: z.object({ success: z.literal(true), ...carriedOver }),
    audit: "lead_status.delete",
  }),
  mapLeadStatus: defineRoute({
    method: "POST",
    path: "/api/lead-statuses/map",
    tag: "Lead statuses",
    summary: "Give the contacts of a value outside the list a status of the list, or none",
    description: "By a bulk change (`job`) that can be undone for 30 days.",
    auth: member("admin", "admin"),
    body: ValueMapping,
    response: z.object({ success: z.literal(true), ...carriedOver }),
    audit: "lead_status.map",
  }),
};
