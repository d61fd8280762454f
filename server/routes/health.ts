import { sql } from "kysely";
import type { Handlers } from "../http/handler.ts";

export const healthRoutes = {
  health: async () => ({ status: "ok" }),

  // Both logins, since either may have lost its way to the database; the error handler words what comes of it.
  ready: async ({ resources }) => {
    await Promise.all([sql`select 1`.execute(resources.apiDb), sql`select 1`.execute(resources.ownerDb)]);
    return { status: "ready" };
  },
} satisfies Pick<Handlers, "health" | "ready">;
