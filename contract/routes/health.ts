import { z } from "zod";
import { anybody, defineRoute } from "../route.ts";

export const healthRoutes = {
  health: defineRoute({
    method: "GET",
    path: "/api/health",
    tag: "Health",
    summary: "Is the process alive",
    auth: anybody,
    response: z.object({ status: z.literal("ok") }),
  }),
  ready: defineRoute({
    method: "GET",
    path: "/api/ready",
    tag: "Health",
    summary: "Can it serve: the database answers",
    auth: anybody,
    response: z.object({ status: z.literal("ready") }),
  }),
};
