import type { RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import type { Db } from "../client.ts";

/** The countries to which a workspace sends SMS, as SQL over `workspaces w`: its own while it has named none. */
export const allowedCountries = sql<string[]>`coalesce(w.sms_countries, array[w.country])`;

/**
 * Whether the workspace of a contact sends SMS to the country of its number. The list of all workspaces that the caller sees
 * is read once for a statement and then looked up, so a count of many contacts asks nothing for each of them.
 */
export const isSmsCountryAllowed = (contacts: "c" | "contacts"): RawBuilder<SqlBool> => {
  const column = (name: string) => sql.ref(`${contacts}.${name}`);
  return sql`((${column("workspace_id")}, ${column("phone_country")}) in (
    select w.id, unnest(${allowedCountries}) from public.workspaces w)) is true`;
};

/** The countries to which a workspace sends SMS now. */
export async function readSmsCountries(db: Db, workspaceId: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ countries: string[] }>`
    select ${allowedCountries} as countries from public.workspaces w where w.id = ${workspaceId}`.execute(db);
  return new Set(rows[0]?.countries);
}
