import { z } from "zod";
import { ApiKey, ApiKeyInput, NewApiKey } from "../people.ts";
import { defineRoute, done, member } from "../route.ts";

export const apiKeyRoutes = {
  listApiKeys: defineRoute({
    method: "GET",
    path: "/api/api-keys",
    tag: "Workspace",
    summary: "API keys",
    auth: member("admin", null),
    response: z.object({ items: z.array(ApiKey) }),
  }),
  createApiKey: defineRoute({
    method: "POST",
    path: "/api/api-keys",
    tag: "Workspace",
    summary: "Make an API key; shown once",
    auth: member("admin", null),
    body: ApiKeyInput,
    response: NewApiKey,
    status: 201,
    audit: "api_key.create",
  }),
  revokeApiKey: defineRoute({
    method: "DELETE",
    path: "/api/api-keys/:id",
    tag: "Workspace",
    summary: "Revoke an API key",
    auth: member("admin", null),
    params: z.strictObject({ id: z.string().regex(/^[a-zA-Z0-9]{8}$/) }),
    response: done,
    audit: "api_key.revoke",
    endsAccess: true,
  }),
};
