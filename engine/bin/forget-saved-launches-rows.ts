import { sql } from "kysely";
import { cleanValue, foldCase, isWholeNumber, phoneDigits } from "#contract/comparable-text.ts";
import type { Tx } from "#db/client.ts";
import { onlyTheirs } from "./leaving-contacts-rows.ts";

/** It stands where an address or a number stood, and nobody has it: what was asked of that person alone is asked of nobody. */
const erased = "(erased)";

/**
 * Takes the addresses and numbers of the leaving contacts out of the terms of saved launches, unless somebody else has them. A test
 * that loses its value would mean everybody, so the value is replaced: whoever matched before matches after. Names stay, because others
 * have them too.
 */
export async function forgetInSavedLaunches(tx: Tx, workspaceId: string): Promise<void> {
  const { rows: launches } = await sql<{ id: string; terms: unknown }>`
    select id, terms from saved_launches where workspace_id = ${workspaceId}`.execute(tx);
  if (launches.length === 0) return;
  const isErased = await readErased(tx, workspaceId);
  for (const { id, terms } of launches) {
    const [before, after] = [JSON.stringify(terms), JSON.stringify(withoutErased(terms, isErased))];
    if (after === before) continue;
    await sql`update saved_launches set terms = ${after}::jsonb where workspace_id = ${workspaceId} and id = ${id}::uuid`.execute(tx);
  }
}

type IsErased = (text: string) => boolean;

function withoutErased(value: unknown, isErased: IsErased): unknown {
  if (typeof value === "string") return isErased(value) ? erased : value;
  if (Array.isArray(value)) return value.map((each) => withoutErased(each, isErased));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutErased(each, isErased)]));
}

async function readErased(tx: Tx, workspaceId: string): Promise<IsErased> {
  const { rows } = await sql<{ email: string | null; phone: string | null }>`
    select case when ${onlyTheirs(workspaceId, "sort_email")} then c.sort_email end as email,
      case when ${onlyTheirs(workspaceId, "phone_e164")} then c.phone_e164 end as phone
    from leaving_contacts l join contacts c on c.id = l.id`.execute(tx);
  const emails = new Set(rows.flatMap(({ email }) => (email ? [email] : [])));
  const endings = new Set(rows.flatMap(({ phone }) => endingsOf(phone?.slice(1) ?? "")));
  return (text) => {
    const parts = foldCase(cleanValue(text)).split(/[\s,;<>]+/u);
    if (parts.some((part) => emails.has(part))) return true;
    return !/\p{L}/u.test(text) && phoneDigits(text).some((digits) => endings.has(digits));
  };
}

/** What a filter takes for this number: it, and its ends that are a whole number. */
const endingsOf = (digits: string): string[] => Array.from(digits, (_, at) => digits.slice(at)).filter(isWholeNumber);
