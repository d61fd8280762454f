import { mostSecrets } from "#contract/secrets.ts";
import { deleteSecret, listSecrets, saveSecret, workspaceSecretPlace } from "#db/queries/workspace-secrets.ts";
import { createSecretBox } from "#db/secret-box.ts";
import { conflict, notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

export const secretRoutes = {
  listSecrets: async ({ db, workspaceId }) => ({ items: await listSecrets(db, { workspaceId }) }),

  setSecret: async ({ db, workspaceId, principal, params: { name }, body, resources, note }) => {
    note({ subjectId: name });
    const stored = await listSecrets(db, { workspaceId });
    if (stored.length >= mostSecrets && !stored.some((secret) => secret.name === name)) {
      throw conflict("conflict", `A workspace holds up to ${mostSecrets} secrets. Delete one that is not used any more.`);
    }
    const sealed = createSecretBox(resources.masterKey).seal(workspaceSecretPlace({ workspaceId, name }), body.value);
    await saveSecret(db, { workspaceId, name, secret: sealed, updatedBy: principal.userId });
    return { success: true };
  },

  deleteSecret: async ({ db, workspaceId, params: { name }, note }) => {
    note({ subjectId: name });
    if (!(await deleteSecret(db, { workspaceId, name }))) throw notFound();
    return { success: true };
  },
} satisfies Pick<Handlers, "listSecrets" | "setSecret" | "deleteSecret">;
