import { type RawBuilder, sql } from "kysely";

/** Tells the content of a flow, or of a version of one, from any other. Postgres writes equal jsonb the same way. */
export const contentOf = (table: string): RawBuilder<string> => {
  const column = (name: string) => sql.ref(`${table}.${name}`);
  return sql`md5(concat_ws(' ', ${column("nodes")}, ${column("edges")}, ${column("settings")}))`;
};
