import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import { uuidArray } from "../base/array.ts";

/** Those of these executions that are among the few with whom their sends begin. */
export async function listFew(db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select flow_execution_id as id from canary_executions where flow_execution_id = any(${uuidArray(ids)}::uuid[])`.execute(db);
  return new Set(rows.map(({ id }) => id));
}
