import type { z } from "zod";
import type { ExecutionStarted } from "#contract/compat.ts";
import type { FlowGraph } from "#contract/flows.ts";
import type { Role } from "#contract/people.ts";
import { reasons } from "#contract/reasons.ts";
import type { Tx } from "#db/client.ts";
import { findContact } from "#db/queries/contacts.ts";
import { findFlow } from "#db/queries/flows.ts";
import type { Engine } from "#engine/engine.ts";
import { notFound, refused } from "../http/errors.ts";
import { toRequestProblems } from "../http/flow-problems.ts";
import type { Principal } from "../http/handler.ts";
import type { RepeatableId } from "../http/idempotency.ts";
import { askerOf } from "./asker-of.ts";
import { checkGraphAuthority } from "./check-graph-authority.ts";
import { findMissingNames } from "./missing-names.ts";
import { repeatableSendId } from "./repeatable-send-id.ts";

interface Given {
  engine: Engine;
  /** The caller's transaction, because the caller must be able to see the contact and the flow. */
  db: Tx;
  workspaceId: string;
  principal: Principal;
  role: Role;
  /** The same id for a repeated request, which then gets the same execution. */
  repeatableId: RepeatableId | undefined;
  flowId: string;
  contactId: string;
  isTest: boolean;
  skipWaits?: boolean;
  triggerData?: Record<string, unknown>;
  graph?: FlowGraph;
}

/** Runs one flow for one contact, as the founding document asks, and answers with the execution's id. */
export async function executeForContact(given: Given): Promise<z.input<typeof ExecutionStarted>> {
  const { engine, db, workspaceId, principal, flowId, contactId } = given;
  // A graph in the request is a flow that is written for this one execution, so its sender must be able to write one.
  if (given.graph) checkGraphAuthority({ principal, role: given.role }, given.graph.nodes, ["flows:write"]);
  const contact = await findContact(db, { workspaceId, id: contactId });
  if (!contact) throw notFound("contact_not_found");
  if (!(await findFlow(db, { workspaceId, id: flowId }))) throw notFound("flow_not_found");
  const missing = given.graph ? await findMissingNames(db, { workspaceId, nodes: given.graph.nodes }) : [];
  if (missing.length > 0)
    throw refused("flow_invalid", "The flow uses something that this workspace does not have.", toRequestProblems(missing));

  const { sendId, awaitsApproval, executionId, skipped } = await engine.createSend({
    workspaceId,
    flowId,
    graph: given.graph,
    triggerData: given.triggerData,
    isTest: given.isTest,
    skipWaits: given.skipWaits,
    selection: { type: "ids", ids: [contactId] },
    source: principal.kind === "key" ? "api" : "manual",
    sendId: await repeatableSendId(db, workspaceId, given.repeatableId),
    launchedBy: principal.userId,
    launchedByName: principal.name,
    launchedFrom: null,
    asker: await askerOf(db, given),
  });
  const contactName = contact.displayName;
  if (awaitsApproval) {
    return {
      ...{ success: true, taskId: sendId, workflowId: flowId, contactId, contactName },
      status: "awaiting_approval",
      message: "An admin has to approve this before it begins",
    };
  }
  if (executionId === null) {
    const reason = skipped[0]?.reason;
    throw refused(
      "not_enrolled",
      reason ? `The flow was not started for this contact: ${reasons[reason].text}.` : "The flow was not started for this contact.",
    );
  }
  return {
    success: true,
    taskId: executionId,
    workflowId: flowId,
    contactId,
    contactName,
    status: "triggered",
    message: "Workflow execution started for contact",
  };
}
