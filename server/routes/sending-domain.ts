import { saveDomainStatement } from "#db/queries/sending-domains.ts";
import { checkSendingDomain, readSendingDomain } from "../commands/sending-domain.ts";
import { refused } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

export const sendingDomainRoutes = {
  getSendingDomain: ({ workspaceId, resources }) => readSendingDomain(resources, workspaceId),

  checkSendingDomain: async ({ workspaceId, resources, note }) => {
    const isGood = await checkSendingDomain(resources, workspaceId, resources.dns);
    const found = await readSendingDomain(resources, workspaceId);
    note({ subjectId: "email", details: { domain: found.domain, isGood } });
    if (isGood) await resources.engine.askPacedAgain({ workspaceId, afterMs: 0 });
    return found;
  },

  stateSendingDomain: async ({ workspaceId, principal, body: { text }, resources, note }) => {
    const before = await readSendingDomain(resources, workspaceId);
    if (before.domain === null)
      throw refused("conflict", "E-mail of this workspace stays on this machine, so there is no domain to vouch for.");
    const place = { workspaceId, domain: before.domain };
    await saveDomainStatement(resources.ownerDb, place, { text, userId: principal.userId, name: principal.name });
    note({ subjectId: "email", details: { domain: before.domain, statement: text } });
    if (text !== null) await resources.engine.askPacedAgain({ workspaceId, afterMs: 0 });
    return readSendingDomain(resources, workspaceId);
  },
} satisfies Pick<Handlers, "getSendingDomain" | "checkSendingDomain" | "stateSendingDomain">;
