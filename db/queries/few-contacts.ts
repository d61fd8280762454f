import type { Db } from "../client.ts";
import { matchesFilter } from "./contact-filter.ts";

/** More contacts than these are not followed one by one. */
const fewContacts = 5_000;

/** The contacts that a search means; undefined where there are many. */
export async function findFewContacts(
  db: Db,
  { workspaceId, search }: { workspaceId: string; search?: string | undefined },
): Promise<string[] | undefined> {
  const rows = await db
    .selectFrom("private.member_contacts as contacts")
    .select("contacts.id")
    .where("contacts.workspace_id", "=", workspaceId)
    .where(matchesFilter({ search, tests: [] }))
    .limit(fewContacts + 1)
    .execute();
  return rows.length <= fewContacts ? rows.map(({ id }) => id) : undefined;
}
