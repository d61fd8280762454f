import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Tx } from "#db/client.ts";
import type { OneOfEverything } from "./everything-ids.ts";

/** Writes a contact, one in the bin, and a row of everything that is kept of contacts outside of flows. */
export async function buildOneContact(tx: Tx, { workspaceId, contact: contact_id, ...ids }: OneOfEverything): Promise<void> {
  const of = { workspace_id: workspaceId };
  await tx
    .insertInto("contacts")
    .values({ ...of, id: contact_id, firstname: "Canary", lastname: "Contact", email: "canary@example.com" })
    .execute();
  await tx
    .insertInto("contacts")
    .values({ ...of, id: ids.binned, firstname: "Binned", lastname: "Contact", deleted_at: sql<Date>`now()`, deleted_by_name: "Canary" })
    .execute();
  await tx
    .insertInto("lead_statuses")
    .values({ ...of, id: ids.leadStatus, name: `Canary ${ids.leadStatus}`, place: 50 })
    .execute();
  await tx
    .insertInto("suppressions")
    .values({ ...of, id: ids.suppression, channel: "sms", address: `+1${randomUUID()}`, reason: "bounced_before" })
    .execute();
  await tx
    .insertInto("contact_consents")
    .values({ ...of, contact_id, channel: "sms", state: "opted_in", given_at: new Date(0) })
    .execute();
  await tx
    .insertInto("contact_imports")
    .values({ ...of, id: ids.import, state: "done" })
    .execute();
  await tx
    .insertInto("contact_import_changes")
    .values({ ...of, import_id: ids.import, contact_id, line: 2, created: false, apart_from: null, apart_reason: null })
    .execute();
  const change = { ...of, kind: "change_status", params: '{"leadStatus":"Canary"}', request_hash: "x" };
  await tx
    .insertInto("bulk_jobs")
    .values([
      { ...change, id: ids.bulkJob, state: "done", total: 1, changed: 1, finished_at: sql`now()` },
      { ...change, id: ids.askingJob, state: "asks", total: 1 },
    ])
    .execute();
  await tx
    .insertInto("bulk_job_items")
    .values([
      { ...of, job_id: ids.bulkJob, seq: 1, contact_id, outcome: "changed", before: '{"leadStatus":null}' },
      { ...of, job_id: ids.askingJob, seq: 1, contact_id },
    ])
    .execute();
  await tx
    .insertInto("inbound_messages")
    .values({
      ...of,
      channel: "sms",
      provider: "twilio",
      provider_message_id: randomUUID(),
      to_address: "+15550001111",
      contact_id,
      body: "Canary",
    })
    .execute();
  await tx
    .insertInto("conversations")
    .values({ ...of, contact_id, last_at: new Date(0) })
    .execute();
}
