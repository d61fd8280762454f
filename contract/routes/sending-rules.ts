import { defineRoute, member } from "../route.ts";
import { GivenSendingRules, SendingRules } from "../sending-rules.ts";

export const sendingRuleRoutes = {
  getSendingRules: defineRoute({
    method: "GET",
    path: "/api/workspace/sending-rules",
    tag: "Workspace",
    summary: "When and to whom messages of this workspace may leave",
    auth: member("viewer", "messages:read"),
    response: SendingRules,
  }),
  saveSendingRules: defineRoute({
    method: "PUT",
    path: "/api/workspace/sending-rules",
    tag: "Workspace",
    summary: "Set when and to whom messages of this workspace may leave; it holds at once, also for sends under way",
    auth: member("admin", "admin"),
    body: GivenSendingRules,
    response: SendingRules,
    audit: "workspace.sending_rules",
  }),
};
