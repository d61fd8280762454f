import type { WebhookTrial } from "#contract/webhook-trials.ts";
import type { Tx } from "#db/client.ts";
import { findFlow } from "#db/queries/flows.ts";
import { listWebhookSamples, writeWebhookSample } from "#db/queries/webhook-samples.ts";
import { checkGraphAuthority } from "../commands/check-graph-authority.ts";
import { findStepMoments } from "../commands/find-step-moments.ts";
import { tryWebhook } from "../commands/try-webhook.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers, Principal } from "../http/handler.ts";
import { requireContacts } from "./messages.ts";

export const stepPreviewRoutes = {
  findStepMoments: async ({ resources, workspaceId, principal, body: { contactId, ...step } }) => {
    requireContacts(principal);
    return findStepMoments(resources.engine, { workspaceId, ...step, who: contactId });
  },

  findStepResult: async ({ resources, workspaceId, principal, body: { contactId, ...step } }) => {
    requireContacts(principal);
    return resources.engine.previewResult({ workspaceId, ...step, who: contactId });
  },

  tryWebhook: async ({ resources, inTransaction, workspaceId, principal, role, signal, note, body }) => {
    checkGraphAuthority({ principal, role }, [body.node], ["contacts:read"]);
    const trial = await tryWebhook(resources, { workspaceId, question: body, signal, note });
    if (trial.status !== null) await inTransaction((db) => keepSample(db, { workspaceId, principal, question: body, trial }));
    return trial;
  },

  listWebhookSamples: async ({ db, workspaceId, principal, params: { id } }) => {
    requireContacts(principal);
    if (!(await findFlow(db, { workspaceId, id }))) throw notFound("flow_not_found");
    return { items: await listWebhookSamples(db, { workspaceId, flowId: id }) };
  },
} satisfies Pick<Handlers, "findStepMoments" | "findStepResult" | "tryWebhook" | "listWebhookSamples">;

interface Tried {
  workspaceId: string;
  principal: Principal;
  question: { flowId: string; node: { id: string } };
  trial: WebhookTrial;
}

/** The beginning of a long answer is kept too, so that one sees what came. Postgres stores no null characters. */
const keepSample = (db: Tx, { workspaceId, principal, question, trial: { contactId, status, body, isCut } }: Tried): Promise<void> =>
  writeWebhookSample(db, {
    workspaceId,
    flowId: question.flowId,
    nodeId: question.node.id,
    contactId,
    status: status ?? 0,
    body: body.replaceAll("\0", ""),
    isCut,
    triedByName: principal.name,
  });
