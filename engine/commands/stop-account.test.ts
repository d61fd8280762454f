import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { freeTheDead, sendTo } from "#test/engine.ts";
import { db, restartEngine, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { fakeProvider } from "#test/fake-provider.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import { type BreakPoint, onBreakPoint, SimulatedCrash } from "../base/break-point.ts";
import type { StopCount } from "../send-api.ts";

setUpEngine();

const actor = { id: null, name: "Ada" };
const stop = (sendId: string) => sluice.engine.stopSend({ workspaceId, sendId, actor });

async function begin(flow: FlowGraph, people: number): Promise<string> {
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, await buildContacts(db.owner, workspaceId, people)));
  return sendId;
}

/** Points inside a transaction that holds the send: a stop that is pressed there is answered after its commit. */
const holdsSend: readonly BreakPoint[] = ["changing", "saving"];

/** Presses Stop when this point is passed for the nth time, and returns what was told; undefined where nothing was left to stop. */
async function stopAt(sendId: string, point: BreakPoint, nth: number, work: () => Promise<unknown>): Promise<StopCount | undefined> {
  let passed = 0;
  let pressed: Promise<StopCount | undefined> | undefined;
  onBreakPoint(async (name) => {
    if (name !== point) return;
    passed += 1;
    if (passed !== nth) return;
    onBreakPoint(undefined);
    pressed = stop(sendId).catch((error) => {
      expect(error).toMatchObject({ code: "send_over" });
      return undefined;
    });
    if (!holdsSend.includes(point)) await pressed;
  });
  await work();
  onBreakPoint(undefined);
  return pressed;
}

/** What the rows say once nothing of the send is under way. */
async function atTheEnd(sendId: string) {
  const { rows } = await sql<{ enrolled: number; open: number; stopped: number; otherwise: number; sent: number }>`
    select (select enrolled from flow_sends where id = ${sendId}::uuid) as enrolled,
      count(*) filter (where status in ('pending', 'running'))::int as open,
      count(*) filter (where status = 'cancelled' and ended_reason = 'send_stopped')::int as stopped,
      count(*) filter (where status in ('completed', 'failed', 'partial_failure'))::int as otherwise,
      (select count(*)::int from messages where send_id = ${sendId}::uuid and status = 'sent') as sent
    from flow_executions where send_id = ${sendId}::uuid`.execute(db.owner);
  return rows[0] as { enrolled: number; open: number; stopped: number; otherwise: number; sent: number };
}

test("a pass that had walked everybody to the end when Stop was pressed completes nobody", async () => {
  const sendId = await begin(chain(node("start"), node("set_variable", { name: "x", value: "y" }), node("end")), 3);
  const account = await stopAt(sendId, "before-save", 1, sluice.run);
  expect(account).toMatchObject({ ended: 0, stopped: 3, finishing: 0, inFlight: 0 });
  await sluice.wait(5);
  expect(await atTheEnd(sendId)).toMatchObject({ open: 0, stopped: 3, otherwise: 0 });
});

test("a Stop that is pressed while a pass writes waits for it, and finds them finished", async () => {
  const sendId = await begin(chain(node("start"), node("end")), 3);
  expect(await stopAt(sendId, "saving", 1, sluice.run)).toBeUndefined();
  expect(await atTheEnd(sendId)).toMatchObject({ open: 0, stopped: 0, otherwise: 3 });
});

test("whose message was answered but is not in the history yet is told apart, and no message that left is missing", async () => {
  const slow = { sms: fakeProvider("sms", { concurrency: 1 }), email: fakeProvider("email") };
  await restartEngine({ providerFor: async (_, channel) => slow[channel] });
  const sendId = await begin(chain(node("start"), sms()), 60);
  // Batches are of 25: the answers of the first are stored with the second, and no cursor has moved yet.
  const account = await stopAt(sendId, "batch-answered", 2, sluice.run);
  expect(account).toMatchObject({ sent: 25, ended: 0, finishing: 25, inFlight: 25, stopped: 10 });
  await sluice.wait(5);
  expect(slow.sms.calls).toHaveLength(50);
  expect(await atTheEnd(sendId)).toMatchObject({ open: 0, stopped: 60, otherwise: 0, sent: 50 });
});

test("a flow that ends behind what it did to a contact is stopped there, although that step is in the history", async () => {
  const sendId = await begin(
    chain(node("start"), node("update_contact", { changes: [{ field: "tags", operation: "add_tag", value: "VIP" }] })),
    4,
  );
  const account = await stopAt(sendId, "changes-committed", 1, sluice.run);
  expect(account).toMatchObject({ ended: 0, stopped: 4, finishing: 0, inFlight: 0 });
  await sluice.wait(5);
  expect(await atTheEnd(sendId)).toMatchObject({ open: 0, stopped: 4, otherwise: 0 });
});

test("a worker that died after its messages had left: they are told apart, and what they sent is in the history", async () => {
  const slow = { sms: fakeProvider("sms", { concurrency: 1 }), email: fakeProvider("email") };
  await restartEngine({ providerFor: async (_, channel) => slow[channel] });
  const sendId = await begin(chain(node("start"), sms()), 50);
  let passed = 0;
  onBreakPoint((name) => {
    if (name === "batch-answered" && ++passed === 2) throw new SimulatedCrash(name);
  });
  await expect(sluice.run()).rejects.toBeInstanceOf(SimulatedCrash);
  onBreakPoint(undefined);
  await freeTheDead(db.owner, sluice);
  expect(await stop(sendId)).toMatchObject({ sent: 25, ended: 0, finishing: 25, inFlight: 25, stopped: 0 });
  await sluice.wait(30);
  await sluice.wait(30);
  expect(slow.sms.calls).toHaveLength(50);
  const { rows } = await sql`select count(*)::int as steps from flow_execution_steps s join flow_executions e on e.id = s.flow_execution_id
    where e.send_id = ${sendId}::uuid and s.node_id = 'sms' and s.status = 'completed'`.execute(db.owner);
  expect(rows).toEqual([{ steps: 25 }]);
  expect(await atTheEnd(sendId)).toMatchObject({ open: 0, stopped: 50 });
});

const points: BreakPoint[] = [
  "portion-taken",
  "chunk-read",
  "messages-claimed",
  "provider-answered",
  "batch-answered",
  "changing",
  "changes-committed",
  "before-save",
  "saving",
  "chunk-saved",
];

test("a message that was refused before the Stop and is not in the history yet is told apart, and its refusal is in the history then", async () => {
  const slow = { sms: fakeProvider("sms", { concurrency: 1 }), email: fakeProvider("email") };
  slow.sms.answer({ outcome: "rejected", reason: "unknown_number", message: "no such number", retryable: false });
  await restartEngine({ providerFor: async (_, channel) => slow[channel] });
  const sendId = await begin(chain(node("start"), sms("Hello", { onError: "stop" }), node("end")), 50);
  const account = await stopAt(sendId, "batch-answered", 2, sluice.run);
  expect(account).toMatchObject({ sent: 0, ended: 0, finishing: 25, inFlight: 25, stopped: 0 });
  await sluice.wait(5);
  expect(await atTheEnd(sendId)).toMatchObject({ open: 0, sent: 0 });
  const { rows } = await sql`select s.status, s.reason, count(*)::int as n from flow_execution_steps s
    join flow_executions e on e.id = s.flow_execution_id where e.send_id = ${sendId}::uuid and s.node_id = 'sms' group by 1, 2`.execute(
    db.owner,
  );
  expect(rows).toEqual([{ status: "failed", reason: "unknown_number", n: 50 }]);
});

const flows: Record<string, FlowGraph> = {
  "a wait between": chain(node("start"), sms(), wait(60), email(), node("end")),
  "what it does to contacts": chain(
    node("start"),
    node("update_contact", { changes: [{ field: "tags", operation: "add_tag", value: "VIP" }] }),
    sms(),
    node("end"),
  ),
  "a question first": graph(
    [
      node("start"),
      node("condition", { branches: [{ id: "yes", tests: [{ field: "lead_status", operator: "is", value: "Customer" }] }] }),
      sms(),
      email(),
      node("end"),
    ],
    "start > condition",
    "condition:yes > sms",
    "condition:otherwise > email",
    "sms > end",
  ),
};

describe.each(Object.keys(flows))("the account of a stop is what the rows say at the end, in a flow of %s", (name) => {
  test.each(points)("stopped at %s", async (point) => {
    for (const nth of [1, 2]) {
      const slow = { sms: fakeProvider("sms", { concurrency: 1 }), email: fakeProvider("email", { concurrency: 2 }) };
      slow.sms.answer(...Array.from({ length: 20 }, (_, i) => answers[(i * 7 + nth) % answers.length] as never));
      await restartEngine({ providerFor: async (_, channel) => slow[channel] });
      const sendId = await begin(flows[name] as FlowGraph, 30);
      const account = await stopAt(sendId, point, nth, async () => {
        await sluice.run();
        await sluice.wait(61);
      });
      if (!account) return;
      for (let i = 0; i < 4; i += 1) await sluice.wait(61);
      const end = await atTheEnd(sendId);
      const { ended, stopped, finishing, inFlight, sent } = account;
      expect(ended + stopped + finishing + inFlight).toBe(end.enrolled);
      expect(end.open).toBe(0);
      // Who was told as stopped has stopped; only those who were told apart may have ended in another way.
      expect(end.stopped).toBeGreaterThanOrEqual(stopped);
      expect(end.stopped).toBeLessThanOrEqual(stopped + finishing + inFlight);
      expect(end.otherwise).toBeGreaterThanOrEqual(ended);
      expect(end.otherwise).toBeLessThanOrEqual(ended + finishing + inFlight);
      expect(end.sent).toBeGreaterThanOrEqual(sent);
      expect(end.sent).toBeLessThanOrEqual(sent + inFlight);
      const accepted = [...slow.sms.calls, ...slow.email.calls].filter((call) => call.workspaceId === workspaceId);
      expect(accepted.length).toBeGreaterThanOrEqual(end.sent);
    }
  });
});

const answers = [
  { outcome: "accepted", providerMessageId: "a" },
  { outcome: "rejected", reason: "unknown_number", message: "no such number", retryable: false },
  { outcome: "rejected", reason: "provider_unavailable", message: "busy", retryable: true },
  { outcome: "accepted", providerMessageId: "b" },
] as const;
