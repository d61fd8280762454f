import { findSend } from "#db/queries/sends.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

export const sendHealingRoutes = {
  previewSendHealing: async ({ resources, db, workspaceId, params }) => {
    if (!(await findSend(db, { workspaceId, id: params.id }))) throw notFound("send_not_found");
    return resources.engine.previewHealing({ workspaceId, sendId: params.id });
  },

  healSend: async ({ resources, db, workspaceId, principal, params, body, note }) => {
    if (!(await findSend(db, { workspaceId, id: params.id }))) throw notFound("send_not_found");
    const actor = { id: principal.userId, name: principal.name };
    const healing = await resources.engine.healSend({ workspaceId, sendId: params.id, actor, seen: body.seen });
    note({ details: { seen: body.seen ?? null } });
    return { success: true as const, healing };
  },
} satisfies Pick<Handlers, "previewSendHealing" | "healSend">;
