import { sql } from "kysely";
import type { Db } from "#db/client.ts";

/** Every table that says how far executions are. Each comes after the tables that it refers to. */
export const goldenTables = [
  ...["workspaces", "contacts", "flows", "flow_versions", "flow_sends", "flow_send_skips", "flow_executions", "flow_execution_steps"],
  ...["messages", "wake_ups", "waits", "private.send_lanes", "private.turns", "private.channel_gates", "private.workspace_limits"],
] as const;

/** The columns without those that the database computes. */
export async function insertableColumns(db: Db, table: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select attname as name from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`.execute(db);
  return rows.map(({ name }) => name);
}
