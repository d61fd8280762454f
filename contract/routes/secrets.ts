import { z } from "zod";
import { defineRoute, done, member } from "../route.ts";
import { Secret, SecretInput, SecretName } from "../secrets.ts";

export const secretRoutes = {
  listSecrets: defineRoute({
    method: "GET",
    path: "/api/secrets",
    tag: "Secrets",
    summary: "The names of the workspace's secrets, never their values",
    auth: member("editor", "admin"),
    response: z.object({ items: z.array(Secret) }),
  }),
  setSecret: defineRoute({
    method: "PUT",
    path: "/api/secrets/:name",
    tag: "Secrets",
    summary: "Store a secret, or replace its value",
    description:
      "Webhooks use it as {{ secrets.name }} in their headers, and send it over https to the named hosts only. The value cannot be read back.",
    auth: member("admin", "admin"),
    params: z.strictObject({ name: SecretName }),
    body: SecretInput,
    response: done,
    audit: "secret.set",
  }),
  deleteSecret: defineRoute({
    method: "DELETE",
    path: "/api/secrets/:name",
    tag: "Secrets",
    summary: "Delete a secret; webhooks that name it fail from then on",
    auth: member("admin", "admin"),
    params: z.strictObject({ name: SecretName }),
    response: done,
    audit: "secret.delete",
  }),
};
