import { z } from "zod";
import { anybody, defineRoute } from "../route.ts";

export const descriptionRoutes = {
  openapi: defineRoute({
    method: "GET",
    path: "/api/openapi.json",
    tag: "Health",
    summary: "This description, as OpenAPI 3.1",
    auth: anybody,
    response: z.record(z.string(), z.unknown()),
  }),
  docs: defineRoute({
    method: "GET",
    path: "/api/docs",
    tag: "Health",
    summary: "This description, to read",
    auth: anybody,
    kind: "page",
    response: z.string(),
  }),
};
