import { byId, defineRoute, done, member } from "../route.ts";
import { SuppressionLift, SuppressionListQuery, SuppressionPage } from "../suppressions.ts";

export const suppressionRoutes = {
  listSuppressions: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/suppressions",
    tag: "Suppressions",
    summary: "Addresses to which nothing is sent, newest first, with the reason",
    auth: member("viewer", "contacts:read"),
    query: SuppressionListQuery,
    response: SuppressionPage,
  }),
  liftSuppression: defineRoute({
    method: "POST",
    path: "/api/suppressions/:id/lift",
    tag: "Suppressions",
    summary: "Take an address off the suppression list, with a reason",
    description: "Refused (409) where the recipient complained, unsubscribed or opted out: only the recipient can take that back.",
    auth: member("admin", "admin"),
    params: byId,
    body: SuppressionLift,
    response: done,
    audit: "suppression.lift",
  }),
};
