import { sql } from "kysely";
import { isSendOver, type SendPatch } from "#contract/sends.ts";
import type { Tx } from "#db/client.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { OfSend } from "../engine-api.ts";
import type { EngineContext } from "../engine-context.ts";
import { turnJobs } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";
import { lockSend } from "./control-send.ts";

/**
 * Changes the start or the drip of a send that is under way. The start can be moved while no execution has begun, the
 * drip at any time; the open round goes by the new count.
 */
export async function rescheduleSend(context: EngineContext, { patch, ...input }: OfSend & { patch: SendPatch }): Promise<void> {
  await transactThenRing(context, async (tx, ring) => {
    const send = await lockSend(tx, input, context);
    if (isSendOver(send.state)) throw new EngineRefusal("send_over", "This send is over; its schedule cannot be changed any more.");
    const { rows } = await sql<{ zone: string | null; has_begun: boolean }>`
      select start ->> 'zone' as zone, exists (select from flow_executions e where e.send_id = s.id and e.status <> 'pending') as has_begun
      from flow_sends s where id = ${input.sendId}::uuid`.execute(tx);
    const current = rows[0] as { zone: string | null; has_begun: boolean };
    if (patch.start !== undefined) await moveStart(tx, context, input, { start: patch.start, ...current });
    if (patch.drip !== undefined) {
      if (patch.drip !== null && current.zone === "contact") {
        throw new EngineRefusal(
          "conflict",
          "This send begins on each contact's own clock; a drip runs on the workspace's and cannot go with it.",
        );
      }
      await sql`update flow_sends set drip = ${patch.drip ? JSON.stringify(patch.drip) : null}::jsonb,
        next_at = case when start_at > ${context.clock.now} then start_at end where id = ${input.sendId}::uuid`.execute(tx);
      // Lanes that wait for a round may go on at once, but not before the start or within the time for undoing.
      await readyLanes(tx, input.sendId);
    }
    ring([...turnJobs(input.workspaceId, { quick: true }), ...turnJobs(input.workspaceId, { quick: false })]);
  });
}

async function moveStart(
  tx: Tx,
  { clock }: EngineContext,
  { sendId }: OfSend,
  change: { start: SendPatch["start"]; zone: string | null; has_begun: boolean },
): Promise<void> {
  const { start, zone } = change;
  if (change.has_begun)
    throw new EngineRefusal("conflict", "Some contacts have begun already, so the start cannot be moved. Pause or stop the send instead.");
  if ((zone === "contact") !== (start?.zone === "contact") && !(zone === "contact" && !start)) {
    throw new EngineRefusal(
      "conflict",
      "A send cannot change between the workspace's clock and each contact's own. Stop it and send again.",
    );
  }
  await sql`
    update flow_sends s set start = ${start ? JSON.stringify(start) : null}::jsonb, start_at = t.at, next_at = case when t.at > ${clock.now} then t.at end
    from (select case when ${start?.zone === "workspace"} then ${start?.at ?? null}::timestamp at time zone w.time_zone end as at
      from workspaces w join flow_sends f on f.workspace_id = w.id where f.id = ${sendId}::uuid) t
    where s.id = ${sendId}::uuid`.execute(tx);
  if (zone !== "contact") return readyLanes(tx, sendId);
  // Contacts that are not enrolled yet get the new time when they are.
  await sql`
    with moved as (
      update flow_executions e set wake_at = greatest(s.undo_until, ${clock.now}, ${start?.at ?? null}::timestamp at time zone
        coalesce((select z.name from pg_timezone_names z where z.name = c.time_zone), w.time_zone))
      from flow_sends s join workspaces w on w.id = s.workspace_id, contacts c
      where s.id = ${sendId}::uuid and e.send_id = s.id and e.status = 'pending' and c.workspace_id = e.workspace_id and c.id = e.contact_id
      returning e.id, e.wake_at
    )
    update wake_ups u set due_at = moved.wake_at from moved where u.flow_execution_id = moved.id`.execute(tx);
}

async function readyLanes(tx: Tx, sendId: string): Promise<void> {
  await sql`
    update private.send_lanes l set ready_at = greatest(s.created_at, s.undo_until, s.start_at) from flow_sends s
    where s.id = ${sendId}::uuid and l.send_id = s.id`.execute(tx);
}
