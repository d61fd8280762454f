import { findStepMoments } from "../commands/find-step-moments.ts";
import type { Handlers } from "../http/handler.ts";
import { requireContacts } from "./messages.ts";

export const stepPreviewRoutes = {
  findStepMoments: async ({ resources, workspaceId, principal, body: { contactId, ...step } }) => {
    requireContacts(principal);
    return findStepMoments(resources.engine, { workspaceId, ...step, who: contactId });
  },
} satisfies Pick<Handlers, "findStepMoments">;
