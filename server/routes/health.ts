import { sql } from "kysely";
import type { Handlers } from "../http/handler.ts";

export const healthRoutes = {
  health: async () => ({ status: "ok" }),

  // Both logins are tried, because either may have lost its connection. The error handler words the answer.
  ready: async ({ resources }) => {
    await Promise.all([sql`select 1`.execute(resources.apiDb), sql`select 1`.execute(resources.ownerDb)]);
    return { status: "ready" };
  },
} satisfies Pick<Handlers, "health" | "ready">;
