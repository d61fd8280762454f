import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "#db/client.ts";
import { isNotBinned } from "#db/queries/contact-rows.ts";
import type { Clock } from "../base/clock.ts";
import { type ContactRow, contactColumns } from "../execution/contact-rows.ts";
import { leaseUntil } from "../execution/message-rows.ts";
import { closesFor } from "./closed-address-rows.ts";

/** A contact as it is now, with the database's time; undefined where it is not there. */
export async function readContactNow(
  db: Db,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
  clock: Clock,
): Promise<(ContactRow & { now: Date }) | undefined> {
  const { rows } = await sql<ContactRow & { now: Date }>`
    select ${contactColumns}, ${clock.now} as now from contacts c
    where c.workspace_id = ${workspaceId} and c.id = ${contactId}::uuid and ${isNotBinned("c")}`.execute(db);
  return rows[0];
}

export interface HandMessageRow {
  id: string;
  workspaceId: string;
  contactId: string;
  /** The contact that was judged. */
  contactVersion: string;
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
 * Writes a message that a person sends by hand, under the same locks as a claim (claim-rows.ts): one that is about to leave is written
 * only if the contact is as it was judged and its address is not closed. `known`: a message with this id is there already. `changed`: the
 * contact is to be judged anew.
 */
export async function insertByHand(db: Db, row: HandMessageRow, clock: Clock): Promise<"made" | "known" | "changed"> {
  const { workspaceId, channel, to } = row;
  const { rows } = await sql<{ made: boolean; known: boolean }>`
    with judged as materialized (
      select c.xmin::text as version from contacts c
      where c.workspace_id = ${workspaceId} and c.id = ${row.contactId}::uuid and ${isNotBinned("c")} for key share offset 0
    ), made as (
      insert into messages (id, workspace_id, contact_id, channel, kind, provider, status, reason, to_address, from_address, subject, body, segments, created_at, lease_until)
      select ${row.id}::uuid, ${workspaceId}, ${row.contactId}::uuid, ${channel}, 'conversational', ${row.provider},
        ${row.refusal === null ? "sending" : "failed"}, ${row.refusal}, ${to}, ${row.from}, ${row.subject}, ${row.body}, ${row.segments}::int, ${clock.now},
        case when ${row.refusal === null} then ${leaseUntil(clock)} end
      from judged
      where ${row.refusal !== null} or judged.version = ${row.contactVersion} and not exists (
        select from suppressions x where x.workspace_id = ${workspaceId} and x.channel = ${channel} and x.address = lower(${to})
          and ${closesFor("conversational", "x")})
      on conflict do nothing returning id
    )
    select exists (select from made) as made, exists (select from messages where id = ${row.id}::uuid) as known`.execute(db);
  const [found] = rows;
  return found?.made ? "made" : found?.known ? "known" : "changed";
}
