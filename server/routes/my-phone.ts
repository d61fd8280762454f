import { removeMemberPhone } from "#db/queries/member-phones.ts";
import { findWorkspace } from "#db/queries/workspaces.ts";
import { proveMyPhone, readMyPhone, saveMyPhone } from "../commands/my-phone.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

export const myPhoneRoutes = {
  getMyPhone: async ({ resources, workspaceId, principal: { userId } }) => readMyPhone(resources.ownerDb, { workspaceId, userId }),

  saveMyPhone: async ({ resources, inTransaction, workspaceId, principal: { userId }, body, note }) => {
    const workspace = await inTransaction((db) => findWorkspace(db, { workspaceId, userId }));
    if (!workspace) throw notFound();
    note({ subjectId: userId });
    const { ownerDb, providers, engine } = resources;
    return saveMyPhone({ ownerDb, providers, engine, workspace, userId, typed: body.phone });
  },

  proveMyPhone: async ({ resources, workspaceId, principal: { userId }, body, note }) => {
    note({ subjectId: userId });
    return proveMyPhone(resources.ownerDb, { workspaceId, userId }, body.code);
  },

  removeMyPhone: async ({ resources, workspaceId, principal: { userId }, note }) => {
    note({ subjectId: userId });
    await removeMemberPhone(resources.ownerDb, { workspaceId, userId });
    return { success: true as const };
  },
} satisfies Pick<Handlers, "getMyPhone" | "saveMyPhone" | "proveMyPhone" | "removeMyPhone">;
