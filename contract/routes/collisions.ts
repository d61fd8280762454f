import { CollisionQuestion, Collisions, collisionLimits } from "../collisions.ts";
import { defineRoute, member } from "../route.ts";

const most = collisionLimits.contacts.toLocaleString("en");

export const collisionRoutes = {
  findCollisions: defineRoute({
    heavy: "walks",
    waitsOutside: true,
    method: "POST",
    path: "/api/collisions",
    tag: "Sends",
    summary: "What chosen contacts already get within the next seven days",
    description:
      "Walks each execution that the contacts are in by the engine's own code, as `GET /api/contacts/:id/plan` does it, and sends nothing. Up to " +
      `${most} contacts; more are refused as \`forecast_too_large\`. It takes some seconds at most: \`unfollowed\` says what was not followed to its end. A ` +
      "key needs `contacts:read`, `flows:read`, `executions:read` and `flows:send`.",
    auth: member("editor", "flows:send"),
    body: CollisionQuestion,
    response: Collisions,
    bodyLimit: 1024 * 1024,
    changesNothing: true,
  }),
};
