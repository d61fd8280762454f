import { sql } from "kysely";
import { expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { SendingRules } from "#contract/sending-rules.ts";
import { saveSendingRules } from "#db/queries/sending-rules.ts";
import { sendTo } from "#test/engine.ts";
import { db, restartEngine, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, graph, node, sms, wait } from "#test/graphs.ts";
import { randomNumbers } from "#test/random-flow.ts";
import { setUpTimeOfMessages } from "#test/time-of-messages.ts";
import { createStillClock } from "../base/clock.ts";

// What a contact gets anyway is what the engine sends, also where two flows reach a limit of the contact together. ONE_CONTACT_SEED repeats
// a run, and ONE_CONTACT_RUNS says how many contacts are looked at.
const firstSeed = Number(process.env.ONE_CONTACT_SEED ?? Date.now() % 2 ** 31);
const runs = Number(process.env.ONE_CONTACT_RUNS ?? 25);

setUpEngine();
const messageTime = setUpTimeOfMessages(() => db.owner);

const hour = 3_600;
const minuteMs = 60_000;

/** A flow of several messages. Its waits are of whole hours and so many minutes that no two flows come to a message at one moment. */
function drawFlow(random: () => number, minutes: number) {
  const one = <T>(...values: readonly T[]) => values[Math.floor(random() * values.length)] as T;
  const steps = Array.from({ length: one(1, 2, 3, 4) }, (_, index) => [
    wait(hour * one(1, 5, 12, 24, 30, 50) + (index === 0 ? minutes * 60 : 0), `wait ${index}`),
    sms("Hello", { kind: one("marketing", "marketing", "transactional") }, `sms ${index}`),
  ]).flat();
  return chain(node("start"), ...steps, node("end"));
}

async function compare(seed: number): Promise<{ held: number; sent: number }> {
  const random = randomNumbers(seed);
  const one = <T>(...values: readonly T[]) => values[Math.floor(random() * values.length)] as T;
  const clock = createStillClock(new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000));
  await restartEngine({}, { clock });
  await messageTime.tell(clock.time());
  const limits = { marketingPerDay: one(null, 1, 2), marketingPerWeek: one(null, 2, 3) };
  await saveSendingRules(db.owner, { workspaceId, rules: SendingRules.parse({ quietHours: { on: false }, ...limits }) });
  const contactId = await buildContact(db.owner, workspaceId);
  const flows: string[] = [];
  for (const minutes of [7, 19, 41].slice(0, one(2, 2, 3))) {
    const flowId = await buildFlow(db.owner, workspaceId, drawFlow(random, minutes), `Flow ${minutes}`);
    flows.push(flowId);
    await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  }
  await sluice.run();

  const plan = await sluice.engine.planContact({ workspaceId, contactId });
  const forecast = plan.items.flatMap(({ flowId, steps }) =>
    steps.flatMap(({ nodeId, channel, at, reason }) =>
      channel === null ? [] : [`${at.slice(0, 16)} ${flows.indexOf(flowId)} ${nodeId} ${reason ?? "sent"}`],
    ),
  );
  const found = await sluice.engine.findCollisions({ workspaceId, selection: { type: "ids", ids: [contactId] } });
  const week = clock.time();

  for (let moments = 0; moments < 100; moments += 1) {
    const { rows } = await sql<{ due: number | null }>`select extract(epoch from min(w.due_at))::float8 * 1000 as due from wake_ups w
      where w.workspace_id = ${workspaceId}`.execute(db.owner);
    const due = rows[0]?.due;
    if (due == null) break;
    clock.moveTo(Math.ceil(due));
    messageTime.pass(minuteMs);
    await messageTime.tell(clock.time());
    await sluice.run();
  }
  const { rows } = await sql<{ at: Date; flow_id: string; node_id: string; reason: string | null }>`
    select s.started_at as at, e.flow_id, s.node_id, s.reason from flow_executions e join flow_execution_steps s on s.flow_execution_id = e.id
    where e.workspace_id = ${workspaceId} and e.contact_id = ${contactId}::uuid and s.node_type = 'send_sms'`.execute(db.owner);
  const outcome = rows.map(
    ({ at, flow_id, node_id, reason }) => `${at.toISOString().slice(0, 16)} ${flows.indexOf(flow_id)} ${node_id} ${reason ?? "sent"}`,
  );
  expect(forecast.toSorted(), `ONE_CONTACT_SEED=${seed} ${JSON.stringify(limits)}`).toEqual(outcome.toSorted());
  const lastDay = Date.parse(`${found.days.at(-1)?.date}T00:00:00Z`) + 24 * 3_600_000;
  const sent = rows.filter(({ reason }) => reason === null);
  const within = sent.filter(({ at }) => at.getTime() > week && at.getTime() < lastDay);
  expect(
    found.days.reduce((sum, { messages }) => sum + messages, 0),
    `ONE_CONTACT_SEED=${seed}`,
  ).toBe(within.length);
  return { held: rows.length - sent.length, sent: sent.length };
}

test(`what ${runs} contacts in two or three flows get is what was told, under limits that the flows reach together (ONE_CONTACT_SEED=${firstSeed})`, {
  timeout: 1_800_000,
}, async () => {
  const all = { held: 0, sent: 0 };
  for (let run = 0; run < runs; run += 1) {
    const { held, sent } = await compare(firstSeed + run);
    all.held += held;
    all.sent += sent;
  }
  process.stdout.write(`of one contact: ONE_CONTACT_SEED=${firstSeed} ${JSON.stringify(all)}\n`);
  expect(all.held).toBeGreaterThan(0);
  expect(all.sent).toBeGreaterThan(0);
});

test("what one flow makes of a contact is what another one finds", async () => {
  const clock = createStillClock(new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000));
  await restartEngine({}, { clock });
  const contactId = await buildContact(db.owner, workspaceId, { lead_status: "New" });
  const change = node("update_contact", { changes: [{ field: "lead_status", operation: "set", value: "Customer" }] }, "change");
  const isCustomer = { field: "lead_status", operator: "is", value: "Customer" };
  const asks = node("condition", { branches: [{ id: "yes", tests: [isCustomer] }] }, "asks");
  const send = async (flow: FlowGraph) =>
    sluice.engine.createSend(sendTo(workspaceId, await buildFlow(db.owner, workspaceId, flow), [contactId]));
  await send(chain(node("start"), wait(hour), change, node("end")));
  await send(graph([node("start"), wait(2 * hour), asks, sms()], "start > delay", "delay > asks", "asks:yes > sms"));
  await sluice.run();
  const selection = { type: "ids" as const, ids: [contactId] };
  expect((await sluice.engine.findCollisions({ workspaceId, selection })).planned).toBe(1);
});
