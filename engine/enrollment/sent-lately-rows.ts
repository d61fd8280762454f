import { sql } from "kysely";
import { countedMinutes } from "#contract/approvals.ts";
import type { Db, Tx } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";

export interface Sending {
  workspaceId: string;
  /** Null where what they sent of all flows counts together. */
  flowId: string | null;
  /** The person behind an API key counts, with all keys that they made. */
  personId: string;
  /** A send that goes on is not counted beside itself. */
  exceptSendId?: string | undefined;
}

/** Keeps another send that counts with it out until the transaction ends, so that of two at once each counts the other. */
export async function lockSending(tx: Tx, { workspaceId, flowId, personId }: Sending): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`approval ${workspaceId} ${flowId ?? "all"} ${personId}`}, 0))`.execute(tx);
}

/**
 * To how many contacts a person has sent lately without an approval: by sends, and by presses that sent the rest of older ones.
 * What was approved, refused or withdrawn was looked at, and an undone send has reached nobody.
 */
export async function countSentLately(db: Db, { workspaceId, flowId, personId, exceptSendId }: Sending, clock: Clock): Promise<number> {
  const ofFlow = flowId === null ? sql`` : sql`and s.flow_id = ${flowId}::uuid`;
  const begin = sql`${clock.now} - ${countedMinutes} * interval '1 minute'`;
  const { rows } = await sql<{ contacts: number }>`
    with callers as materialized (
      select ${personId}::uuid as id union select member_id from api_keys where workspace_id = ${workspaceId} and created_by = ${personId}::uuid
    ), counted as (
      select s.expected as contacts from flow_sends s
      where s.workspace_id = ${workspaceId} and s.created_at > ${begin} ${ofFlow} and s.launched_by in (select id from callers)
        and not s.is_test and s.parent_send_id is null and s.state <> 'undone' and s.id is distinct from ${exceptSendId ?? null}::uuid
        and not exists (select from send_approvals a where a.workspace_id = s.workspace_id and a.send_id = s.id)
      union all
      select case when s.healing ->> 'stage' = 'over' then 0 else coalesce((s.healing ->> 'most')::int, s.expected) end
        + (s.healing ->> 'enrolled')::int + (s.healing ->> 'continued')::int from flow_sends s
      where s.workspace_id = ${workspaceId} ${ofFlow} and s.healing is not null and s.created_at <= ${begin}
        and (s.healing ->> 'startedAt')::timestamptz > ${begin} and s.healing ->> 'startedById' in (select id::text from callers)
        and s.id is distinct from ${exceptSendId ?? null}::uuid
    )
    select coalesce(sum(contacts), 0)::float8 as contacts from counted`.execute(db);
  return rows[0]?.contacts ?? 0;
}
