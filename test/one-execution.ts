import { sql } from "kysely";
import type { Tx } from "#db/client.ts";
import type { OneOfEverything } from "./everything-ids.ts";
import { toTheEnd } from "./one-flow.ts";

/** The wait of the execution that waits. */
export const oneWait = { visit: 1, attempt: 1, until: "2090-01-01T00:00:00Z" };

/** Writes an execution that is under way, one that failed and one that waits, with a row of everything that they leave. */
export async function buildOneExecution(
  tx: Tx,
  { workspaceId, contact: contact_id, flow: flow_id, send: send_id, execution: flow_execution_id, ...ids }: OneOfEverything,
): Promise<void> {
  const of = { workspace_id: workspaceId };
  await tx
    .insertInto("flow_executions")
    .values({
      ...of,
      id: flow_execution_id,
      flow_id,
      contact_id,
      send_id,
      seq: 1,
      flow_version_id: ids.version,
      status: "running",
      source: "manual",
      wake_at: new Date(0),
    })
    .execute();
  await tx
    .insertInto("flow_executions")
    .values({
      ...of,
      id: ids.failedExecution,
      flow_id,
      contact_id,
      send_id,
      seq: 2,
      flow_version_id: ids.version,
      status: "failed",
      source: "manual",
      ended_reason: "provider_rejected",
    })
    .execute();
  const waiting = { ...of, flow_version_id: ids.version, wake_at: new Date(oneWait.until), visit: oneWait.visit };
  await tx
    .insertInto("flow_executions")
    .values({
      ...{ ...waiting, id: ids.waitingExecution, flow_id, contact_id, send_id },
      ...{ seq: 3, status: "running", source: "manual", waiting_for: "time", current_node_id: "start" },
    })
    .execute();
  await tx
    .insertInto("canary_executions")
    .values({ ...of, flow_execution_id: ids.waitingExecution, send_id: ids.canarySend })
    .execute();
  const step = { ...of, node_id: "start", node_type: "start", visit: 1 };
  await tx
    .insertInto("flow_execution_steps")
    .values([
      { ...step, flow_execution_id, status: "completed", wake_at: null },
      { ...step, flow_execution_id: ids.waitingExecution, status: "waiting", wake_at: new Date(oneWait.until) },
    ])
    .execute();
  await tx
    .insertInto("flow_execution_moves")
    .values({
      ...toTheEnd({ workspaceId, ...ids }),
      flow_execution_id: ids.failedExecution,
      from_node_id: "start",
      visit: 1,
      moved_at: new Date(0),
    })
    .execute();
  await tx
    .insertInto("messages")
    .values({
      ...of,
      id: ids.message,
      flow_execution_id,
      send_id,
      contact_id,
      visit: 1,
      channel: "sms",
      provider: "capture",
      body: "Canary",
      status: "sent",
    })
    .execute();
  await sql`insert into message_reports (workspace_id, message_id, provider, status, received_at)
    select workspace_id, id, 'capture', 'delivered', now() from messages where flow_execution_id = ${flow_execution_id}::uuid limit 1`.execute(
    tx,
  );
  const link = { ...of, flow_execution_id, visit: 1, channel: "sms" as const, send_id, contact_id, kind: "click" };
  await tx
    .insertInto("tracked_links")
    .values({ ...link, url: "https://canary.example/", times: 1, first_at: new Date(0), last_at: new Date(0) })
    .execute();
  await tx
    .insertInto("wake_ups")
    .values([
      { ...of, flow_execution_id, flow_version_id: ids.version, due_at: new Date(0), node_id: "start" },
      { ...of, flow_execution_id: ids.waitingExecution, flow_version_id: ids.version, due_at: new Date(oneWait.until), node_id: "start" },
    ])
    .execute();
  await tx
    .insertInto("waits")
    .values({ ...of, flow_execution_id, contact_id, node_id: "start" })
    .execute();
}
