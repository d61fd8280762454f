import { randomUUID } from "node:crypto";
import { insertApiKey, listApiKeys, revokeApiKey } from "#db/queries/api-keys.ts";
import { addMember } from "#db/queries/members.ts";
import { requireRoom } from "../commands/require-room.ts";
import { createApiKeyToken } from "../http/api-key-token.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";
import { roleForScopes } from "../http/principal.ts";

export const apiKeyRoutes = {
  listApiKeys: async ({ db, workspaceId }) => ({ items: await listApiKeys(db, workspaceId) }),

  // The key acts as a member of its own. The same policies bind it, and its actions are recorded under its name.
  createApiKey: async ({ db, workspaceId, principal, body, note }) => {
    await requireRoom(db, { workspaceId, to: "apiKeys" });
    const { id, token, secretHash } = createApiKeyToken();
    const memberId = randomUUID();
    await addMember(db, { workspaceId, userId: memberId, role: roleForScopes(body.scopes), kind: "key" });
    const scopes = [...new Set(body.scopes)];
    const apiKey = await insertApiKey(db, { ...body, scopes, id, workspaceId, memberId, secretHash, createdBy: principal.userId });
    note({ subjectId: id, details: { scopes } });
    return { apiKey, key: token };
  },

  revokeApiKey: async ({ db, workspaceId, params }) => {
    if (!(await revokeApiKey(db, { workspaceId, keyId: params.id }))) throw notFound();
    return { success: true };
  },
} satisfies Pick<Handlers, "listApiKeys" | "createApiKey" | "revokeApiKey">;
