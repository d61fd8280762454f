import type { LinkTracking } from "#contract/link-tracking.ts";
import type { Db } from "../client.ts";

export async function findLinkTracking(db: Db, workspaceId: string): Promise<LinkTracking> {
  const row = await db
    .selectFrom("workspaces")
    .select(["track_clicks as clicks", "track_opens as opens", "short_domain as shortDomain"])
    .where("id", "=", workspaceId)
    .executeTakeFirstOrThrow();
  return row;
}

/** @throws a unique violation where another workspace has the domain */
export async function saveLinkTracking(db: Db, { workspaceId, tracking }: { workspaceId: string; tracking: LinkTracking }): Promise<void> {
  await db
    .updateTable("workspaces")
    .set({ track_clicks: tracking.clicks, track_opens: tracking.opens, short_domain: tracking.shortDomain })
    .where("id", "=", workspaceId)
    .execute();
}
