import { sql } from "kysely";
import type { TestGroup } from "#contract/field-tests.ts";
import type { Db } from "../client.ts";
import { matchesGroup, type Unsayable } from "./test-group-filter.ts";

export interface CountedShares {
  contacts: number;
  /** By the place of the group; null from the first that cannot be asked in SQL. */
  shares: (number | null)[];
  others: number | null;
  unsayable: (Unsayable & { group: number })[];
}

/** How many contacts each group is the first to fit, in one look at all of them. */
export async function countShares(
  db: Db,
  { workspaceId, groups }: { workspaceId: string; groups: readonly TestGroup[] },
): Promise<CountedShares> {
  const said = groups.map(matchesGroup);
  const unsayable = said.flatMap((one, group) => (Array.isArray(one) ? one.map((each) => ({ ...each, group })) : []));
  const end = said.findIndex((one) => Array.isArray(one));
  const asked = (end === -1 ? said : said.slice(0, end)).filter((one) => !Array.isArray(one));
  const cases = asked.map((condition, index) => sql`when ${condition} then ${sql.lit(index)}`);
  const first = cases.length === 0 ? sql`null::int` : sql`case ${sql.join(cases, sql` `)} end`;
  const { rows } = await sql<{ first: number | null; many: number }>`
    select first, count(*)::int as many
    from (select ${first} as first from private.member_contacts as contacts
          where contacts.workspace_id = ${workspaceId} and contacts.deleted_at is null) t
    group by first`.execute(db);
  const many = new Map(rows.map((row) => [row.first, row.many]));
  return {
    contacts: rows.reduce((sum, row) => sum + row.many, 0),
    shares: groups.map((_, index) => (index < asked.length ? (many.get(index) ?? 0) : null)),
    others: end === -1 ? (many.get(null) ?? 0) : null,
    unsayable,
  };
}
