import { liftFence, readFence } from "#db/queries/send-fence.ts";
import type { Handlers } from "../http/handler.ts";

export const instanceRoutes = {
  // This uses the owner's login: it concerns all workspaces, and members may not read where the data lives.
  getInstance: async ({ resources }) => ({ sendingHeldSince: (await readFence(resources.ownerDb))?.toISOString() ?? null }),

  releaseSending: async ({ resources, principal, note }) => {
    const { ownerDb, dataFiles, log } = resources;
    const lifted = await ownerDb.transaction().execute((tx) => liftFence(tx, { userId: principal.userId, files: dataFiles }));
    note({ details: { lifted } });
    if (lifted) log.warn({ userId: principal.userId }, "An owner has allowed this copy of the data to send");
    return { sendingHeldSince: null };
  },
} satisfies Pick<Handlers, "getInstance" | "releaseSending">;
