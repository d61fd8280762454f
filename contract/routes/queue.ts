import { z } from "zod";
import { ChannelName } from "../messages.ts";
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
  tryChannel: defineRoute({
    method: "POST",
    path: "/api/queue/channels/:channel/try",
    tag: "Queue",
    summary: "Let a channel whose provider keeps failing try now",
    description: "One message is tried at once. When it is taken the others follow; when not, none of them has used up a try.",
    auth: member("editor", "flows:send"),
    params: z.strictObject({ channel: ChannelName }),
    response: done,
    audit: "queue.try",
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
