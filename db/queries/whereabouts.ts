import { sql } from "kysely";
import type { PlaceKind } from "#contract/people.ts";
import type { Db } from "../client.ts";

const tables: Record<PlaceKind, string> = {
  contact: "contacts",
  flow: "flows",
  send: "flow_sends",
  execution: "flow_executions",
  message: "messages",
};

/** The workspace that has this row, if the person is a member of it. Where they are not, it is as if the row did not exist. */
export async function findWhereabouts(
  db: Db,
  { userId, kind, id }: { userId: string; kind: PlaceKind; id: string },
): Promise<string | undefined> {
  const { rows } = await sql<{ workspace_id: string }>`
    select t.workspace_id from ${sql.table(tables[kind])} t
    join workspace_members m on m.workspace_id = t.workspace_id and m.user_id = ${userId}::uuid
    where t.id = ${id}::uuid limit 1`.execute(db);
  return rows[0]?.workspace_id;
}
