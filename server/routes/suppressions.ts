import { suppressionText } from "#contract/suppressions.ts";
import { findSuppression, liftSuppression, listSuppressions } from "#db/queries/suppressions.ts";
import { conflict, notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

export const suppressionRoutes = {
  listSuppressions: ({ db, workspaceId, query }) => listSuppressions(db, { workspaceId, ...query }),

  liftSuppression: async ({ db, workspaceId, params: { id }, body, note }) => {
    const entry = await findSuppression(db, { workspaceId, id });
    if (!entry) throw notFound();
    if (!(await liftSuppression(db, { workspaceId, id }))) {
      throw conflict("conflict", `${suppressionText(entry)}. Only the recipient can take that back, so the address stays on the list.`);
    }
    // The address itself is left out: the audit log is kept for longer than contacts are.
    note({ subjectId: id, details: { channel: entry.channel, was: entry.reason, reason: body.reason } });
    return { success: true as const };
  },
} satisfies Pick<Handlers, "listSuppressions" | "liftSuppression">;
