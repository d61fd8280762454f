import { pipeline } from "node:stream/promises";
import { authoredLinks } from "../commands/authored-links.ts";
import { packEvidence } from "../commands/send-evidence.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

export const sendEvidenceRoutes = {
  sendEvidence: async ({ resources, workspaceId, params, principal, inTransaction, note, res, signal }) => {
    const zip = await packEvidence({
      workspaceId,
      sendId: params.id,
      takenBy: principal.name,
      read: inTransaction,
      show: authoredLinks(resources.links.readTracked, workspaceId),
      signal,
    });
    if (!zip) throw notFound("send_not_found");
    note({ subjectId: params.id });
    res.set("Content-Type", "application/zip");
    res.set("Content-Disposition", `attachment; filename="evidence-${params.id}.zip"`);
    await pipeline(zip, res, { signal, end: false }).catch((error: unknown) => {
      // Half of it must not be taken for the whole.
      res.destroy();
      if (!signal.aborted) throw error;
    });
    return undefined;
  },
} satisfies Pick<Handlers, "sendEvidence">;
