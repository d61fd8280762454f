import { findSend } from "#db/queries/sends.ts";
import { askerOf } from "../commands/asker-of.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

export const sendHealingRoutes = {
  previewSendHealing: async ({ resources, db, workspaceId, principal, role, params }) => {
    if (!(await findSend(db, { workspaceId, id: params.id }))) throw notFound("send_not_found");
    const asker = await askerOf(resources.ownerDb, { principal, workspaceId, role });
    return resources.engine.previewHealing({ workspaceId, sendId: params.id, asker });
  },

  healSend: async ({ resources, db, workspaceId, principal, role, params, body, note }) => {
    if (!(await findSend(db, { workspaceId, id: params.id }))) throw notFound("send_not_found");
    const actor = { id: principal.userId, name: principal.name };
    const asker = await askerOf(resources.ownerDb, { principal, workspaceId, role });
    const healing = await resources.engine.healSend({ workspaceId, sendId: params.id, actor, seen: body.seen, asker });
    note({ details: { seen: body.seen ?? null } });
    return { success: true as const, healing };
  },
} satisfies Pick<Handlers, "previewSendHealing" | "healSend">;
