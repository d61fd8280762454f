import { z } from "zod";
import { ArchivePreview, BinnedFlow, FlowArchive, FlowArchived } from "../flow-ends.ts";
import { Flow } from "../flows.ts";
import { byId, defineRoute, done, member } from "../route.ts";

const tag = "Flows";

export const flowEndRoutes = {
  previewArchive: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/flows/:id/archive",
    tag,
    summary: "Who is in a flow and which flows start it, before it is archived",
    auth: member("viewer", "flows:read"),
    params: byId,
    response: ArchivePreview,
  }),
  archiveFlow: defineRoute({
    method: "POST",
    path: "/api/flows/:id/archive",
    tag,
    summary: "Let nobody into a flow any more",
    description:
      "It leaves the lists, and whoever starts it is refused as `flow_archived`. With `people: end` the contacts who are in it are ended at once, for " +
      "which an API key also needs `flows:send`; where many sends are under way, `sendsLeft` says how many are still to be ended: ask again.",
    auth: member("editor", "flows:write"),
    params: byId,
    body: FlowArchive,
    response: FlowArchived,
    audit: "flow.archive",
  }),
  unarchiveFlow: defineRoute({
    method: "POST",
    path: "/api/flows/:id/unarchive",
    tag,
    summary: "Let contacts into an archived flow again",
    auth: member("editor", "flows:write"),
    params: byId,
    response: Flow,
    audit: "flow.unarchive",
  }),
  deleteFlow: defineRoute({
    method: "DELETE",
    path: "/api/flows/:id",
    tag,
    summary: "Move a flow to the bin; its history stays",
    description:
      "Only a flow that is archived, or was never sent and is started by no other flow (`flow_not_archived`), and in which nobody is (`flow_in_use`). It can be restored for 30 days. " +
      "What was sent with it stays in the history for good. A DELETE by SQL does the same.",
    auth: member("editor", "flows:write"),
    params: byId,
    response: done,
    audit: "flow.delete",
  }),
  listFlowBin: defineRoute({
    method: "GET",
    path: "/api/flows/bin",
    tag,
    summary: "Deleted flows that can still be restored, the last deleted first",
    auth: member("viewer", "flows:read"),
    response: z.object({ items: z.array(BinnedFlow) }),
  }),
  restoreFlow: defineRoute({
    method: "POST",
    path: "/api/flows/:id/restore",
    tag,
    summary: "Take a flow out of the bin, as it was; numbered where its name is taken",
    auth: member("editor", "flows:write"),
    params: byId,
    response: Flow,
    audit: "flow.undelete",
  }),
};
