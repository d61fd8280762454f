import { deleteSecret, listSecrets, saveSecret, workspaceSecretPlace } from "#db/queries/workspace-secrets.ts";
import { createSecretBox } from "#db/secret-box.ts";
import { requireRoom } from "../commands/require-room.ts";
import { changeDetails } from "../http/change-details.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

export const secretRoutes = {
  listSecrets: async ({ db, workspaceId }) => ({ items: await listSecrets(db, { workspaceId }) }),

  setSecret: async ({ db, workspaceId, principal, params: { name }, body, resources, note }) => {
    const before = (await listSecrets(db, { workspaceId })).find((secret) => secret.name === name);
    if (before === undefined) await requireRoom(db, { workspaceId, to: "secrets" });
    const sealed = createSecretBox(resources.masterKey).seal(workspaceSecretPlace({ workspaceId, name }), body.value);
    note({ subjectId: name, subjectName: name, details: { isNew: before === undefined, ...changeDetails(before, { hosts: body.hosts }) } });
    await saveSecret(db, { workspaceId, name, secret: sealed, hosts: body.hosts, updatedBy: principal.userId });
    return { success: true };
  },

  deleteSecret: async ({ db, workspaceId, params: { name }, note }) => {
    note({ subjectId: name, subjectName: name });
    if (!(await deleteSecret(db, { workspaceId, name }))) throw notFound();
    return { success: true };
  },
} satisfies Pick<Handlers, "listSecrets" | "setSecret" | "deleteSecret">;
