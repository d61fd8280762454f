import { sql } from "kysely";
import { expect } from "vitest";
import { expectTotalsToAddUp } from "../totals.ts";
import type { Answer, Call } from "./providers.ts";
import { saysNotSent } from "./providers.ts";
import type { World } from "./world.ts";

interface MessageRow {
  id: string;
  send: string;
  undo_until: Date | null;
  execution: string;
  visit: number;
  attempt: number;
  status: string;
}

/** Checks what must hold when every execution has ended, whatever happened on the way. */
export async function expectLawsToHold(world: World): Promise<void> {
  const { db, workspaceId, calls } = world;
  expect(world.faults, "calls that were forbidden when they were made").toEqual([]);
  expect(await world.openCount(), "sends and executions that never end").toBe(0);
  const { rows: jobs } = await sql<{ job: unknown }>`select job from private.inline_jobs`.execute(db);
  expect(jobs, "jobs left behind").toEqual([]);
  await expectTotalsToAddUp(db);

  const { rows: messages } = await sql<MessageRow>`select m.id, m.send_id as send, s.undo_until, m.flow_execution_id as execution,
      m.visit, m.attempt, m.status
    from messages m join flow_sends s on s.id = m.send_id where m.workspace_id = ${workspaceId}`.execute(db);
  const rowOf = new Map(messages.map((row) => [row.id, row]));
  for (const call of calls) if (!rowOf.has(call.messageId)) expect.fail(`a call without a row in the history: ${say(call)}`);
  const visitOf = ({ execution, visit }: MessageRow) => `${execution} ${visit}`;
  const byVisit = Map.groupBy(calls, ({ messageId }) => visitOf(rowOf.get(messageId) as MessageRow));
  for (const handed of byVisit.values()) {
    const again = handed.slice(1).filter((_, index) => !saysNotSent.includes((handed[index] as Call).answer));
    const allowed = world.resending.has((handed[0] as Call).channel) ? 1 : 0;
    if (again.length > allowed) expect.fail(`handed over again although it may have been sent: ${handed.map(say).join(", ")}`);
  }
  for (const row of messages) expectTrueStatus(row, byVisit.get(visitOf(row)) ?? [], world);
  for (const call of calls) expectNotHeld(call, rowOf.get(call.messageId) as MessageRow, world);
  await expectNothingEarly(world, rowOf);
  await expectEffectsOnce(world);
}

/**
 * The points of each contact equal the steps that added one, no variable was lost, and every execution that left for a
 * goal reached it.
 */
async function expectEffectsOnce({ db, workspaceId }: World): Promise<void> {
  const { rows: uneven } = await sql<{ contact: string; points: number; steps: number }>`
    select c.id as contact, coalesce((c.metadata ->> 'points')::int, 0) as points, (
      select count(*) from flow_executions e join flow_execution_steps s on s.flow_execution_id = e.id
      where e.contact_id = c.id and s.node_type = 'update_contact' and s.status = 'completed')::int as steps
    from contacts c where c.workspace_id = ${workspaceId}`.execute(db);
  for (const { points, steps } of uneven) expect(points, "points of a contact, by its steps").toBe(steps);
  const { rows: odd } = await sql<{ what: string }>`
    select 'a variable was lost: ' || s.node_id as what from flow_execution_steps s
      where s.workspace_id = ${workspaceId} and s.reason = 'template_missing_value'
        -- Who was moved past a step has not what it sets.
        and not exists (select from flow_execution_moves m where m.flow_execution_id = s.flow_execution_id)
    union all
    select 'left for a goal and did not come to it: ' || s.node_id from flow_execution_steps s
      where s.workspace_id = ${workspaceId} and s.reason = 'goal_reached' and not exists (
        select from flow_execution_steps g where g.flow_execution_id = s.flow_execution_id and g.visit = s.visit + 1
          and g.node_id = s.result ->> 'goal' and g.exit = 'reached')
    union all
    select 'an execution watches after its end: ' || w.node_id from waits w where w.workspace_id = ${workspaceId}`.execute(db);
  expect(odd).toEqual([]);
}

/** The history must say what the provider answered. It may say "unknown" only if a process died at the same moment. */
function expectTrueStatus(row: MessageRow, calls: readonly Call[], { crashedTurns, resending }: World): void {
  const last = calls.at(-1);
  const truth: Record<Answer, readonly string[]> = {
    accept: ["sent"],
    refuse: ["failed"],
    busy: ["queued", "failed"],
    "no such address": ["failed"],
    silence: ["unknown"],
    throw: ["unknown"],
  };
  const expected = last ? truth[last.answer] : [];
  if (expected.includes(row.status)) return;
  // A process that died with a claimed message may not have called at all.
  const inDoubt = [...crashedTurns].some((turn) => turn >= (last?.turn ?? 0));
  if (inDoubt && row.status === "unknown") return;
  // Whether or not the last try succeeded, an earlier one may have sent the message, or its process may have died just before
  // sending.
  const mayHaveLeft = calls.slice(0, -1).some(({ answer }) => !saysNotSent.includes(answer));
  const wasTriedAgain = last !== undefined && row.attempt > 1 && resending.has(last.channel) && crashedTurns.size > 0;
  if ((mayHaveLeft || wasTriedAgain) && row.status === "unknown") return;
  expect.fail(`a message says "${row.status}" after ${last ? say(last) : "no call"}`);
}

/** Nothing leaves while its send can be undone, is paused or is over, nor after its execution was cancelled. */
function expectNotHeld(call: Call, { send, execution, undo_until }: MessageRow, { held }: World): void {
  for (const id of [send, execution]) {
    const time = held.get(id)?.find(({ from, to }) => call.turn > from && call.turn < to);
    if (time) expect.fail(`sent although it was held from turn ${time.from} on: ${say(call)}`);
  }
  if (undo_until && call.at < undo_until.getTime() - 2) expect.fail(`sent while it could be undone: ${say(call)}`);
}

/**
 * A message never leaves before the wake-up time of its execution, unless the event that the execution waited for has
 * happened.
 */
async function expectNothingEarly({ db, workspaceId, calls }: World, rowOf: ReadonlyMap<string, MessageRow>): Promise<void> {
  const { rows: waits } = await sql<{
    execution: string;
    visit: number;
    wake_at: Date;
  }>`select flow_execution_id as execution, visit, wake_at
    from flow_execution_steps where workspace_id = ${workspaceId} and wake_at is not null and node_type <> 'send_sms' and node_type <> 'send_email'
      and status = 'completed' and (node_type, exit) is distinct from ('wait_until', 'met')`.execute(db);
  const waitsOf = Map.groupBy(waits, ({ execution }) => execution);
  for (const call of calls) {
    const { execution, visit } = rowOf.get(call.messageId) as MessageRow;
    for (const wait of waitsOf.get(execution) ?? []) {
      // Both clocks are this machine's. Rounding may lose a millisecond.
      if (wait.visit < visit && call.at < wait.wake_at.getTime() - 2)
        expect.fail(`sent before ${wait.wake_at.toISOString()}: ${say(call)}`);
    }
  }
}

const say = ({ channel, text, answer, turn }: Call) => `${channel} "${text}" in turn ${turn}, answered "${answer}"`;
