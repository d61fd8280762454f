import { sql } from "kysely";
import { messageLimits } from "#contract/queue.ts";
import type { Db } from "#db/client.ts";

/** A workspace with this many contacts who can be reached on both channels. */
export async function fillWorkspace(db: Db, contacts: number): Promise<string> {
  const { id } = await db.insertInto("workspaces").values({ name: "Bench" }).returning("id").executeTakeFirstOrThrow();
  await withoutDayLimit(db, id);
  await sql`
    insert into contacts (workspace_id, firstname, lastname, email, phone_number, phone_e164, lead_status, metadata)
    select ${id}, (array['Ada','Grace','Linus','Mary','Ken','Barbara','Alan','Edith'])[1 + n % 8], 'Number ' || n,
      'person' || n || '@example.test', '+1 555 ' || (1000000 + n), '+1555' || (1000000 + n),
      (array['New','Qualified','Customer'])[1 + n % 3], jsonb_build_object('plan', 'basic', 'points', n % 100)
    from generate_series(1, ${contacts}::int) n`.execute(db);
  await sql`vacuum analyze contacts`.execute(db);
  return id;
}

/** A bench sends more messages in an hour than a workspace usually may in a day. */
export async function withoutDayLimit(db: Db, workspaceId: string): Promise<void> {
  await db
    .insertInto("private.workspace_limits")
    .values({ workspace_id: workspaceId, messages_per_day: messageLimits.perDay.most })
    .execute();
}

/** Every run meets the same tables: empty, with statistics, and with nothing left to be written by the one before. */
export async function clearSends(db: Db): Promise<void> {
  await sql`truncate flow_sends, flow_send_skips, flow_executions, flow_execution_steps, messages, wake_ups, waits cascade`.execute(db);
  await sql`checkpoint`.execute(db);
}
