import { FlowFavourite, FlowPeople, OpenTab } from "../flow-people.ts";
import { byId, defineRoute, member } from "../route.ts";

const tag = "Flows";

export const flowPeopleRoutes = {
  flowPeople: defineRoute({
    method: "GET",
    path: "/api/flows/:id/people",
    tag,
    summary: "Who has the flow open, as they come and go",
    description:
      "While it is listened to, the caller counts as somebody who has the flow open, in the tab that they name, and the flow as one that they opened last.",
    // A key opens no flow.
    auth: member("viewer", null),
    kind: "sse",
    params: byId,
    query: OpenTab,
    response: FlowPeople,
  }),
  setFlowFavourite: defineRoute({
    method: "PUT",
    path: "/api/flows/:id/favourite",
    tag,
    summary: "Make the flow one of your favourites, or no longer",
    auth: member("viewer", null),
    params: byId,
    body: FlowFavourite,
    response: FlowFavourite,
    audit: "flow.favourite",
  }),
};
