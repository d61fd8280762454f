import { sql } from "kysely";
import { sampleDays, type WebhookSample } from "#contract/webhook-trials.ts";
import type { Db, Tx } from "../client.ts";

interface OfFlow {
  workspaceId: string;
  flowId: string;
}

interface NewSample extends OfFlow {
  nodeId: string;
  contactId: string | null;
  status: number;
  body: string;
  isCut: boolean;
  triedByName: string;
}

/** Keeps an answer in the place of the one before. Nothing is kept where the flow or the contact has gone meanwhile. */
export async function writeWebhookSample(
  tx: Tx,
  { workspaceId, flowId, nodeId, contactId, status, body, isCut, triedByName }: NewSample,
): Promise<void> {
  await sql`
    insert into webhook_samples (workspace_id, flow_id, node_id, contact_id, status, body, is_cut, tried_by_name)
    select f.workspace_id, f.id, ${nodeId}, ${contactId}::uuid, ${status}::integer, ${body}, ${isCut}::boolean, ${triedByName}
    from flows f where f.workspace_id = ${workspaceId} and f.id = ${flowId}::uuid
      and (${contactId}::uuid is null or exists (select from contacts c where c.workspace_id = ${workspaceId} and c.id = ${contactId}::uuid))
    on conflict (workspace_id, flow_id, node_id) do update set contact_id = excluded.contact_id, status = excluded.status,
      body = excluded.body, is_cut = excluded.is_cut, tried_by_name = excluded.tried_by_name, tried_at = now()`.execute(tx);
}

/** The answers to the webhooks of a flow that are still kept. */
export async function listWebhookSamples(db: Db, { workspaceId, flowId }: OfFlow): Promise<WebhookSample[]> {
  const rows = await db
    .selectFrom("webhook_samples")
    .select(["node_id", "status", "body", "is_cut", "tried_by_name", "tried_at"])
    .where("workspace_id", "=", workspaceId)
    .where("flow_id", "=", flowId)
    .where("tried_at", ">", sql<Date>`now() - make_interval(days => ${sampleDays})`)
    .orderBy("node_id")
    .execute();
  return rows.map(({ node_id, status, body, is_cut, tried_by_name, tried_at }) => ({
    nodeId: node_id,
    status,
    body,
    isCut: is_cut,
    triedByName: tried_by_name,
    triedAt: tried_at.toISOString(),
  }));
}
