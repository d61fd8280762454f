import { Instance } from "../instance.ts";
import { defineRoute, member } from "../route.ts";

export const instanceRoutes = {
  getInstance: defineRoute({
    method: "GET",
    path: "/api/instance",
    tag: "Queue",
    summary: "Whether this instance sends at all",
    auth: member("viewer", "executions:read"),
    response: Instance,
  }),
  releaseSending: defineRoute({
    method: "POST",
    path: "/api/instance/release-sending",
    tag: "Queue",
    summary: "Let a restored copy send",
    description:
      "A copy of the data that starts elsewhere than its original sends nothing by itself. What the original sent after the copy was made is not known here, and leaves again unless the sends under way are paused or stopped first.",
    auth: member("owner", null),
    response: Instance,
    audit: "instance.release_sending",
  }),
};
