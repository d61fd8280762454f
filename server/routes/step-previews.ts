import { checkGraphAuthority } from "../commands/check-graph-authority.ts";
import { findStepMoments } from "../commands/find-step-moments.ts";
import { tryWebhook } from "../commands/try-webhook.ts";
import type { Handlers } from "../http/handler.ts";
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

  tryWebhook: async ({ resources, workspaceId, principal, role, signal, note, body }) => {
    checkGraphAuthority({ principal, role }, [body.node], ["contacts:read"]);
    return tryWebhook(resources, { workspaceId, question: body, signal, note });
  },
} satisfies Pick<Handlers, "findStepMoments" | "findStepResult" | "tryWebhook">;
