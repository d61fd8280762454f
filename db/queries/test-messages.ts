import { sql } from "kysely";
import type { Channel, MessageStatus } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "../client.ts";

export interface TestMessage {
  workspaceId: string;
  channel: Channel;
  provider: string;
  to: string;
  from: string | null;
  subject: string | null;
  body: string;
  html: string | null;
  segments: number | null;
}

/** Seconds. Longer than a provider is waited for (server/commands/send-test-message.ts), so nothing renews it. */
const leaseSeconds = 60;

/**
 * Writes the row as `sending` before the provider is called, like every message. The owner's login is needed, because
 * members may not write messages. If nobody finishes it, a worker settles it when its lease is over
 * (engine/schedule/lost-messages.ts).
 */
export async function insertTestMessage(db: Db, message: TestMessage): Promise<string> {
  const { id } = await db
    .insertInto("messages")
    .values({
      workspace_id: message.workspaceId,
      channel: message.channel,
      provider: message.provider,
      is_test: true,
      status: "sending",
      to_address: message.to,
      from_address: message.from,
      subject: message.subject,
      body: message.body,
      html: message.html,
      segments: message.segments,
      lease_until: sql`now() + ${leaseSeconds} * interval '1 second'`,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

export async function finishTestMessage(
  db: Db,
  given: {
    workspaceId: string;
    id: string;
    status: MessageStatus;
    providerMessageId?: string;
    reason?: Reason;
    errorMessage?: string;
  },
): Promise<void> {
  await db
    .updateTable("messages")
    .set({
      status: given.status,
      provider_message_id: given.providerMessageId ?? null,
      reason: given.reason ?? null,
      error_message: given.errorMessage ?? null,
      updated_at: sql`now()`,
      lease_until: null,
      ...(given.status === "sent" ? { sent_at: sql`now()` } : {}),
      ...(given.status === "unknown" ? { doubt_at: sql`now()` } : {}),
    })
    .where("workspace_id", "=", given.workspaceId)
    .where("id", "=", given.id)
    // A report of the provider may have come before its answer, and tells more. The process that gave it up as unknown was guessing.
    .where("status", "in", ["sending", "unknown"])
    .execute();
}
