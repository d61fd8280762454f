import { Queue, QueueLimits } from "../queue.ts";
import { defineRoute, done, member } from "../route.ts";

export const queueRoutes = {
  getQueue: defineRoute({
    method: "GET",
    path: "/api/queue",
    tag: "Queue",
    summary: "What is under way, what it waits for, the limits, and what needs somebody",
    auth: member("viewer", "executions:read"),
    response: Queue,
  }),
  updateQueueLimits: defineRoute({
    method: "PATCH",
    path: "/api/queue/limits",
    tag: "Queue",
    summary: "Change how much of this workspace runs at once; in force at once",
    auth: member("admin", "admin"),
    body: QueueLimits,
    response: done,
    audit: "queue.limit",
  }),
};
