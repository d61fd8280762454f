import pg from "pg";
import { attachments, functions, relations, roles, schemas, types } from "./dump-queries.ts";

const ours = ["public", "private"];

const header = `-- The schema as the migrations leave it: what a reviewer reads to see what a migration changes, and what a test
-- compares with a migrated database. Made by "npm run db:dump"; changes begin in supabase/migrations.`;

/**
 * The schema as text, the same for the same schema on any machine. Read from the catalog by ourselves, because pg_dump
 * is in neither npm package nor on most machines.
 */
export async function dumpSchema(ownerUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: "sluice dump" });
  await client.connect();
  try {
    // With nothing on the search path the server writes every name with its schema; C sorts alike everywhere.
    await client.query("set search_path = ''");
    const list = async (query: string, parameters: unknown[] = [ours]) =>
      (await client.query<{ statement: string }>(query, parameters)).rows.map(({ statement }) => tidy(statement));

    const parts = [header];
    parts.push((await list(roles, [])).join("\n"), (await list(schemas)).join("\n"));
    parts.push(...(await list(types)), ...(await list(functions)));

    const hanging = Map.groupBy((await client.query<Attachment>(attachments, [ours])).rows, ({ name }) => name);
    for (const { name, statement } of (await client.query<Attachment>(relations, [ours])).rows) {
      parts.push([statement, ...(hanging.get(name) ?? []).map((row) => row.statement)].map(tidy).join("\n"));
    }
    return `${parts.filter(Boolean).join("\n\n")}\n`;
  } finally {
    await client.end();
  }
}

interface Attachment {
  name: string;
  statement: string;
}

function tidy(statement: string): string {
  return statement.replaceAll(/[ \t]+$/gm, "").trim();
}
