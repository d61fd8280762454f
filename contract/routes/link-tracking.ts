import { LinkTracking, SendClicks } from "../link-tracking.ts";
import { byId, defineRoute, member } from "../route.ts";

export const linkTrackingRoutes = {
  getLinkTracking: defineRoute({
    method: "GET",
    path: "/api/workspace/link-tracking",
    tag: "Workspace",
    summary: "Whether clicks and opens are noted, and the domain of short links",
    auth: member("viewer", "messages:read"),
    response: LinkTracking,
  }),
  saveLinkTracking: defineRoute({
    method: "PUT",
    path: "/api/workspace/link-tracking",
    tag: "Workspace",
    summary: "Set whether clicks and opens are noted, and the domain of short links; it holds for messages that leave from now on",
    description: "A domain belongs to one workspace of the instance: `conflict` where another one has it.",
    auth: member("admin", "admin"),
    body: LinkTracking,
    response: LinkTracking,
    audit: "workspace.link_tracking",
  }),
  getSendClicks: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/sends/:id/clicks",
    tag: "Sends",
    summary: "How many contacts of a send clicked and opened",
    auth: member("viewer", "executions:read"),
    params: byId,
    response: SendClicks,
  }),
};
