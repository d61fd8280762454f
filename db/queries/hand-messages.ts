import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "../client.ts";

export interface HandMessageRow {
  id: string;
  workspaceId: string;
  contactId: string;
  channel: Channel;
  provider: string;
  to: string | null;
  from: string | null;
  subject: string | null;
  body: string;
  segments: number | null;
  /** Why it may not leave; null where it is about to. */
  refusal: Reason | null;
}

/**
 * Writes a message that a person sends by hand. The owner's login is needed, because members may not write messages. Returns
 * false where a message with this id is there already.
 */
export async function insertHandMessage(db: Db, { refusal, ...message }: HandMessageRow): Promise<boolean> {
  const row = await db
    .insertInto("messages")
    .values({
      id: message.id,
      workspace_id: message.workspaceId,
      contact_id: message.contactId,
      channel: message.channel,
      provider: message.provider,
      status: refusal === null ? "sending" : "failed",
      reason: refusal,
      to_address: message.to,
      from_address: message.from,
      subject: message.subject,
      body: message.body,
      segments: message.segments,
    })
    .onConflict((on) => on.doNothing())
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
}
