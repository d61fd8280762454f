import { z } from "zod";
import { ExecuteFlow, ExecuteForContact, ExecuteWorkflow, ExecutionStarted } from "../compat.ts";
import { Uuid } from "../pagination.ts";
import { defineRoute, member } from "../route.ts";

export const compatRoutes = {
  executeForContact: defineRoute({
    rate: "send",
    method: "POST",
    path: "/api/unified-workflow/execute-for-contact",
    tag: "Founding document",
    summary: "Run a flow for one contact",
    auth: member("editor", "flows:send"),
    body: ExecuteForContact,
    response: ExecutionStarted,
    audit: "send.create",
  }),
  executeWorkflow: defineRoute({
    rate: "send",
    method: "POST",
    path: "/api/unified-workflow/execute-workflow",
    tag: "Founding document",
    summary: "Run a flow for one contact, with data or another graph",
    description:
      "`triggerData` is readable in messages as `{{trigger.name}}`. `workflowDefinition` is followed instead of the stored graph, for this execution only, and is checked like a stored one; it needs the scope `flows:write` and the scopes of what its steps do. `bypassDatabaseLookup` asks for exactly that and therefore needs a `workflowDefinition`; it never skips a check: contact and flow are looked up in the caller's workspace. Messages of a run with `isTest` are caught in the inbox.",
    auth: member("editor", "flows:send"),
    body: ExecuteWorkflow,
    response: ExecutionStarted,
    bodyLimit: 1536 * 1024,
    audit: "send.create",
  }),
  executeFlow: defineRoute({
    rate: "send",
    method: "POST",
    path: "/api/workflows/:workflowId/execute",
    tag: "Founding document",
    summary: "Run a flow for one contact, flow in the path",
    auth: member("editor", "flows:send"),
    params: z.strictObject({ workflowId: Uuid }),
    body: ExecuteFlow,
    response: ExecutionStarted,
    audit: "send.create",
  }),
};
