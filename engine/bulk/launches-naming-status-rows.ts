import { sql } from "kysely";
import type { ReplaceStatus } from "#contract/bulk-jobs.ts";
import { fieldOf } from "#contract/contact-fields.ts";
import { foldName } from "#contract/fold.ts";
import type { Tx } from "#db/client.ts";

/**
 * Saved launches go on choosing whom they chose, also while the contacts still change over: a launch that leaves a status out leaves out
 * what it becomes, too. One that asks for a status asks for its new name, unless others had that status before: no launch reaches more
 * people by a change of the list.
 */
export async function carryIntoLaunches(tx: Tx, workspaceId: string, { from, to, list }: Omit<ReplaceStatus, "type">): Promise<void> {
  if (to === null) return;
  const { rows } = await sql<{ id: string; terms: unknown }>`
    select id, terms from saved_launches where workspace_id = ${workspaceId} and terms::text like '%lead%' for update`.execute(tx);
  const change = { from: foldName(from), to, isSamePeople: list?.change === "renamed" };
  for (const { id, terms } of rows) {
    const [before, after] = [JSON.stringify(terms), JSON.stringify(carried(terms, change))];
    if (after === before) continue;
    await sql`update saved_launches set terms = ${after}::jsonb where workspace_id = ${workspaceId} and id = ${id}::uuid`.execute(tx);
  }
}

interface Change {
  /** The former name, folded. */
  from: string;
  to: string;
  /** Whether nobody had the new name before. */
  isSamePeople: boolean;
}

/** The operators that compare a whole name, and the one that takes several names and means the same. */
const severalOf: Readonly<Record<string, "in" | "not_in">> = { is: "in", in: "in", is_not: "not_in", not_in: "not_in" };

function carried(value: unknown, change: Change): unknown {
  if (Array.isArray(value)) return value.map((each) => carried(each, change));
  if (typeof value !== "object" || value === null) return value;
  return carriedTest(value, change) ?? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, carried(each, change)]));
}

function carriedTest(
  test: { field?: unknown; operator?: unknown; value?: unknown },
  { from, to, isSamePeople }: Change,
): object | undefined {
  const operator = typeof test.operator === "string" ? severalOf[test.operator] : undefined;
  if (operator === undefined || typeof test.field !== "string" || fieldOf(test.field) !== "lead_status") return undefined;
  const names = (Array.isArray(test.value) ? test.value : [test.value]).filter((name) => typeof name === "string");
  const folded = names.map(foldName);
  if (!folded.includes(from) || folded.includes(foldName(to)) || (operator === "in" && !isSamePeople)) return undefined;
  return { ...test, operator, value: [...names, to] };
}
