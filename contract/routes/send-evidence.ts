import { z } from "zod";
import { byId, defineRoute, member } from "../route.ts";

export const sendEvidenceRoutes = {
  sendEvidence: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/sends/:id/evidence",
    tag: "Sends",
    summary: "Everything on record about a send, as a ZIP of JSON and CSV with SHA-256 sums",
    description:
      "How it was asked for and by whom, the version of the flow, the forecast, everybody who was selected, and every message with its address, text, state, the provider's answers and the consent that stood when it was written.",
    auth: member("admin", null),
    kind: "zip",
    audit: "send.evidence",
    params: byId,
    query: z.strictObject({ workspaceId: z.string().max(100).optional() }),
    response: z.string(),
  }),
};
