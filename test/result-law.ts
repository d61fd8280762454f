import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import { findDefinition } from "#nodes/definitions.ts";

/**
 * Results of steps that hold what their node type does not declare. One result of each set of keys is looked at, which
 * is enough for the keys and keeps the check cheap after a large send.
 */
export async function findUndeclaredResults(db: Db): Promise<string[]> {
  const { rows } = await sql<{ node_type: string; result: unknown }>`
    select distinct on (node_type, keys) node_type, result
    from (
      select node_type, result, array(select jsonb_object_keys(result) order by 1) as keys
      from flow_execution_steps where result is not null
    ) steps`.execute(db);
  return rows.flatMap(({ node_type, result }) => {
    const parsed = findDefinition(node_type)?.output.safeParse(result);
    return parsed?.error ? [`${node_type} ${JSON.stringify(result)}: ${parsed.error.message}`] : [];
  });
}
