import { z } from "zod";
import { FlowEdge, FlowNode } from "./flows.ts";
import { FreeData } from "./free-data.ts";
import { Uuid } from "./pagination.ts";

/** The founding document's three routes, with its names: a workflow is a flow, and a taskId is an execution's id. */
export const ExecuteForContact = z.strictObject({
  workflowId: Uuid,
  /** The id is only checked. The workspace is the caller's, and another id is refused. */
  workspaceId: z.string().max(100).optional(),
  contactId: Uuid,
  isTest: z.boolean().default(false),
});

export const ExecuteWorkflow = z
  .strictObject({
    ...ExecuteForContact.shape,
    /** Messages can read these values as {{trigger.name}}. Those of a name that the flow asks for fill {{input.name}}. */
    triggerData: FreeData.optional(),
    /** A graph that this execution follows instead of the stored one. It is checked like a stored one. */
    workflowDefinition: z.strictObject({ nodes: z.array(FlowNode), edges: z.array(FlowEdge) }).optional(),
    /**
     * Takes the graph from `workflowDefinition`, which is then required, and not from the stored flow. No check is
     * skipped: contact and flow must be in the caller's workspace all the same.
     */
    bypassDatabaseLookup: z.boolean().default(false),
    /** A test goes on at once where it would wait. */
    skipWaits: z.boolean().default(false),
  })
  .refine(({ isTest, skipWaits }) => isTest || !skipWaits, { path: ["skipWaits"], message: "Only a test can skip its waits" })
  .refine((body) => !body.bypassDatabaseLookup || body.workflowDefinition, {
    path: ["workflowDefinition"],
    message: "bypassDatabaseLookup needs a workflowDefinition to follow instead",
  });

export const ExecuteFlow = z.strictObject({
  contactId: Uuid,
  workspaceId: z.string().max(100).optional(),
  triggerData: FreeData.optional(),
  isTest: z.boolean().default(false),
});

export const ExecutionStarted = z.object({
  success: z.literal(true),
  taskId: Uuid,
  workflowId: Uuid,
  contactId: Uuid,
  contactName: z.string(),
  /** `awaiting_approval`: nothing has begun. An admin has to approve the send first, and `taskId` is the id of that send. */
  status: z.enum(["triggered", "awaiting_approval"]),
  message: z.string(),
});
