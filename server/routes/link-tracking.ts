import { isUniqueViolation } from "#db/errors.ts";
import { findLinkTracking, saveLinkTracking } from "#db/queries/link-tracking.ts";
import { findSendClicks } from "#db/queries/send-clicks.ts";
import { changeDetails } from "../http/change-details.ts";
import { conflict, notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

export const linkTrackingRoutes = {
  getLinkTracking: ({ db, workspaceId }) => findLinkTracking(db, workspaceId),

  saveLinkTracking: async ({ db, workspaceId, body, note }) => {
    const before = await findLinkTracking(db, workspaceId);
    await saveLinkTracking(db, { workspaceId, tracking: body }).catch((error: unknown) => {
      if (!isUniqueViolation(error)) throw error;
      throw conflict(
        "conflict",
        "Another workspace of this instance has this domain. Choose another one, or ask who has it to give it up.",
      );
    });
    note({ subjectId: workspaceId, details: changeDetails(before, body) });
    return body;
  },

  getSendClicks: async ({ db, workspaceId, params }) => {
    const clicks = await findSendClicks(db, { workspaceId, sendId: params.id });
    if (!clicks) throw notFound("send_not_found");
    return clicks;
  },
} satisfies Pick<Handlers, "getLinkTracking" | "saveLinkTracking" | "getSendClicks">;
