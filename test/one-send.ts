import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Tx } from "#db/client.ts";
import type { OneOfEverything } from "./everything-ids.ts";
import { buildOneForecast } from "./one-forecast.ts";

/** Writes a send that is under way, one that is over, one that waits for approval and one that has begun with a few. */
export async function buildOneSend(
  tx: Tx,
  { workspaceId, contact: contact_id, flow: flow_id, send: send_id, ...ids }: OneOfEverything,
): Promise<void> {
  const of = { workspace_id: workspaceId };
  const oneContact = JSON.stringify({ type: "ids", ids: [contact_id] });
  await tx
    .insertInto("flow_sends")
    .values({
      ...of,
      id: send_id,
      flow_id,
      flow_version_id: ids.version,
      selection: '{"type":"ids","ids":[]}',
      state: "running",
      enrolled: 3,
      failed: 1,
      enrolled_at: sql`now()`,
      undo_until: sql`now() + interval '1 minute'`,
    })
    .execute();
  await tx
    .insertInto("flow_sends")
    .values({ ...of, id: ids.endedSend, flow_id, flow_version_id: ids.version, selection: '{"type":"ids","ids":[]}', state: "done" })
    .execute();
  // Somebody was left out of it who may enter now.
  await tx
    .updateTable("flow_sends")
    .set({ expected: 1, not_enrolled: 1, enrolled_at: sql`now()` })
    .where("id", "=", ids.endedSend)
    .execute();
  await tx
    .insertInto("flow_send_skips")
    .values({ ...of, send_id: ids.endedSend, contact_id, reason: "send_condition" })
    .execute();
  await tx
    .insertInto("flow_sends")
    .values({
      ...of,
      id: ids.askingSend,
      flow_id,
      flow_version_id: ids.version,
      selection: oneContact,
      state: "awaiting_approval",
      expected: 1,
    })
    .execute();
  await tx
    .insertInto("send_approvals")
    .values({ ...of, send_id: ids.askingSend, hash: "canary", contacts: 1, asked_at: new Date(0), asked_by_name: "Canary" })
    .execute();
  await buildOneForecast(tx, { workspaceId, flowId: flow_id, contactId: contact_id, sendId: send_id, id: ids.forecast });
  await tx
    .insertInto("flow_send_skips")
    .values({ ...of, send_id, contact_id: randomUUID(), reason: "opted_out_sms" })
    .execute();
  await tx
    .insertInto("send_message_counts")
    .values({ ...of, send_id, channel: "sms", outcome: "skipped", reason: "no_phone", count: 1 })
    .execute();
  const canary = { ...of, id: ids.canarySend, flow_id, flow_version_id: ids.version, selection: '{"type":"ids","ids":[]}' };
  await tx
    .insertInto("flow_sends")
    .values({ ...canary, state: "canary", enrolled_at: sql`now()` })
    .execute();
  await tx
    .insertInto("send_canaries")
    .values({
      ...{ ...of, send_id: ids.canarySend, contacts: 25, minutes: 15, failure_percent: 2, opt_out_percent: 0.5 },
      ...{ has_messages: true, few: 1, opened_by_name: "Canary" },
    })
    .execute();
}
