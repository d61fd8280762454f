import { sql } from "kysely";
import type { Db, Tx } from "#db/client.ts";

/** An execution that held the event loop of a worker until the watchdog stopped that worker. */
export interface HeldExecution {
  flow_execution_id: string;
  held_ms: number;
}

export async function listHeld(db: Db): Promise<HeldExecution[]> {
  return db.selectFrom("private.held_executions").select(["flow_execution_id", "held_ms"]).execute();
}

export async function deleteHeld(tx: Tx, id: string): Promise<void> {
  await sql`delete from private.held_executions where flow_execution_id = ${id}::uuid`.execute(tx);
}
