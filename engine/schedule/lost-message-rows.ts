import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import { leaseEnd } from "../execution/message-rows.ts";

export interface LostMessage {
  id: string;
  workspaceId: string;
  channel: Channel;
  provider: string;
  status: "sending" | "queued";
  /** Whether it was found not to have left, and that was not written of it yet. */
  hasNotLeft: boolean;
  /** Its contact was not erased meanwhile. */
  hasAddress: boolean;
  now: Date;
}

const atMost = 100;

/**
 * Messages of no execution that nobody has in hand and whose outcome nobody has written: sent by hand, or tried out. The index holds
 * such messages by their age, and nothing of it changes while a message is sent. `withinHours` null: however old they are.
 */
export async function listLostMessages(db: Db, { withinHours }: { withinHours: number | null }, clock: Clock): Promise<LostMessage[]> {
  const { rows } = await sql<LostMessage>`
    select m.id, m.workspace_id as "workspaceId", m.channel, m.provider, m.status,
      m.status = 'queued' and m.reason is distinct from 'outcome_unknown' as "hasNotLeft", m.to_address is not null as "hasAddress", ${clock.now} as now
    from messages m
    where m.flow_execution_id is null and m.created_at > ${withinHours === null ? sql`'-infinity'` : sql`${clock.now} - ${withinHours} * interval '1 hour'`}
      and (m.status = 'queued' or m.status = 'sending' and ${leaseEnd} <= ${clock.now})
    order by m.created_at desc limit ${atMost}`.execute(db);
  return rows;
}

/** Writes what became of a message that was in doubt. There is no other try: who wrote it decides. */
export async function closeLostMessage(
  db: Db,
  { id, status, errorMessage }: { id: string; status: "unknown" | "failed"; errorMessage: string },
): Promise<void> {
  await sql`
    update messages set status = ${status}, reason = ${status === "unknown" ? "outcome_unknown" : "provider_unavailable"},
      error_message = ${errorMessage}, lease_until = null, updated_at = now()
    where id = ${id}::uuid and status = 'queued' and flow_execution_id is null`.execute(db);
}
