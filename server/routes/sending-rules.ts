import { findWorkspaceRules, saveSendingRules } from "#db/queries/sending-rules.ts";
import { changeDetails } from "../http/change-details.ts";
import type { Handlers } from "../http/handler.ts";

export const sendingRuleRoutes = {
  getSendingRules: async ({ db, workspaceId }) => (await findWorkspaceRules(db, workspaceId)).rules,

  saveSendingRules: async ({ db, workspaceId, body, note }) => {
    const before = await findWorkspaceRules(db, workspaceId);
    await saveSendingRules(db, { workspaceId, rules: body });
    note({ subjectId: workspaceId, details: changeDetails(before.rules, body) });
    return body;
  },
} satisfies Pick<Handlers, "getSendingRules" | "saveSendingRules">;
