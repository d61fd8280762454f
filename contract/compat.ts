import { z } from "zod";
import { FlowEdge, FlowNode } from "./flows.ts";
import { Uuid } from "./pagination.ts";

/** The founding document's three routes, with its names: a workflow is a flow, a taskId is an execution's id. */
export const ExecuteForContact = z.strictObject({
  workflowId: Uuid,
  /** Only checked: the workspace comes from whoever calls, and a different one is refused. */
  workspaceId: z.string().max(100).optional(),
  contactId: Uuid,
  isTest: z.boolean().default(false),
});

export const ExecuteWorkflow = z
  .strictObject({
    ...ExecuteForContact.shape,
    /** Values readable in the flow as {{trigger.name}}. */
    triggerData: z.record(z.string().max(100), z.unknown()).optional(),
    /** A graph to follow instead of the stored one, for this execution only; checked like a stored one. */
    workflowDefinition: z.strictObject({ nodes: z.array(FlowNode), edges: z.array(FlowEdge) }).optional(),
    /**
     * Take the graph from `workflowDefinition` (then required) and not from the stored flow. It never skips a check:
     * contact and flow are looked up in the caller's workspace all the same.
     */
    bypassDatabaseLookup: z.boolean().default(false),
  })
  .refine((body) => !body.bypassDatabaseLookup || body.workflowDefinition, {
    path: ["workflowDefinition"],
    message: "bypassDatabaseLookup needs a workflowDefinition to follow instead",
  });

export const ExecuteFlow = z.strictObject({
  contactId: Uuid,
  workspaceId: z.string().max(100).optional(),
  triggerData: z.record(z.string().max(100), z.unknown()).optional(),
  isTest: z.boolean().default(false),
});

export const ExecutionStarted = z.object({
  success: z.literal(true),
  taskId: Uuid,
  workflowId: Uuid,
  contactId: Uuid,
  contactName: z.string(),
  status: z.literal("triggered"),
  message: z.string(),
});
