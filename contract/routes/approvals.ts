import { ApprovalSampleQuery } from "../approval-requests.ts";
import { ApprovalContent, ApprovalRules, ApprovalSettings, ApproveSend, RefuseSend, SendApproval } from "../approvals.ts";
import { ContactForecast } from "../forecasts.ts";
import { byId, defineRoute, member } from "../route.ts";
import { Send } from "../sends.ts";

const tag = "Sends";

export const approvalRoutes = {
  getApprovalRules: defineRoute({
    method: "GET",
    path: "/api/workspace/approval-rules",
    tag: "Workspace",
    summary: "Which sends wait for the approval of an admin",
    auth: member("viewer", "executions:read"),
    response: ApprovalSettings,
  }),
  saveApprovalRules: defineRoute({
    method: "PUT",
    path: "/api/workspace/approval-rules",
    tag: "Workspace",
    summary: "Set which sends wait for the approval of an admin",
    description:
      "It holds for sends that are made from now on. Nobody approves their own sends, so `above` needs two people who are admin or owner; with fewer it is " +
      "refused as `approver_needed`.",
    auth: member("admin", "admin"),
    body: ApprovalRules,
    response: ApprovalSettings,
    audit: "workspace.approval_rules",
  }),
  getSendApproval: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/sends/:id/approval",
    tag,
    summary: "The approval that a send needs or needed, with what it is about",
    description: "A send that needed none has none: `not_found`.",
    auth: member("viewer", "executions:read"),
    params: byId,
    response: SendApproval,
  }),
  getApprovalSample: defineRoute({
    heavy: "walks",
    waitsOutside: true,
    method: "GET",
    path: "/api/sends/:id/approval/sample",
    tag,
    summary: "The way of one contact of a send that waits for approval, with each message filled in",
    description:
      "Made by the forecast's own code with the values and the schedule of the send. `contactId` names one of its contacts; without it, it is the first that " +
      "has values of its own, or else the first. Of a send that does not wait: `approval_over`; of a contact to whom it does not go: `contact_not_found`.",
    auth: member("editor", "contacts:read"),
    params: byId,
    query: ApprovalSampleQuery,
    response: ContactForecast,
  }),
  getApprovalContent: defineRoute({
    method: "GET",
    path: "/api/sends/:id/approval/content",
    tag,
    summary: "The values of single contacts of a send that needs approval, and the graph that it brought",
    description: "A key needs `flows:read` too. Values of single contacts are there until the send is enrolled or over.",
    auth: member("editor", "contacts:read"),
    params: byId,
    response: ApprovalContent,
  }),
  // It counts as a write of who approves: tests and sends of others must not keep a send waiting.
  approveSend: defineRoute({
    method: "POST",
    path: "/api/sends/:id/approve",
    tag,
    summary: "Approve a send that waits: its contacts are enrolled, at once or at its planned start",
    description:
      "Names the `hash` of what was looked at. Whoever asked cannot approve, and neither can an API key that they made (`own_approval`). Of two who decide at " +
      "once one wins, and the other gets `approval_over`. Where the audience has moved by more than 5 % or the flow was published meanwhile, nothing begins, the " +
      "send waits again with the reason, and the answer is `approval_outdated`.",
    auth: member("admin", "admin"),
    params: byId,
    body: ApproveSend,
    response: Send,
    audit: "send.approve",
  }),
  refuseSend: defineRoute({
    method: "POST",
    path: "/api/sends/:id/refuse",
    tag,
    summary: "Refuse a send that waits for approval: nothing of it is ever sent",
    auth: member("admin", "admin"),
    params: byId,
    body: RefuseSend,
    response: Send,
    audit: "send.refuse",
  }),
};
