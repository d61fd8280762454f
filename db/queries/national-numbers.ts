import { sql } from "kysely";
import type { Db } from "../client.ts";

/** A number without a country code, as it was typed and as it was read. */
export interface NationalNumber {
  id: string;
  typed: string;
  e164: string | null;
}

const numbersPerPage = 2000;

/** The numbers of a workspace that were typed without a country code, a page at a time in the order of their contacts' ids. */
export async function pageOfNationalNumbers(
  db: Db,
  { workspaceId, after }: { workspaceId: string; after: string | undefined },
): Promise<NationalNumber[]> {
  const { rows } = await sql<NationalNumber>`
    select id, phone_number as typed, phone_e164 as e164 from contacts
    where workspace_id = ${workspaceId} and phone_number is not null and phone_number !~ '^[[:space:](]*([+]|00)'
      and id > ${after ?? "00000000-0000-0000-0000-000000000000"}::uuid
    order by id limit ${numbersPerPage}`.execute(db);
  return rows;
}

/** Sets how numbers are read. One that somebody changed meanwhile stays as it is. Answers how many were set. */
export async function setNumbers(
  db: Db,
  { workspaceId, numbers }: { workspaceId: string; numbers: readonly { id: string; typed: string; e164: string }[] },
): Promise<number> {
  if (numbers.length === 0) return 0;
  const { numAffectedRows } = await sql`
    update contacts c set phone_e164 = x.e164 from jsonb_to_recordset(${JSON.stringify(numbers)}::jsonb) as x(id uuid, typed text, e164 text)
    where c.workspace_id = ${workspaceId} and c.id = x.id and c.phone_number = x.typed`.execute(db);
  return Number(numAffectedRows ?? 0);
}
