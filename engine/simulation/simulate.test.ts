import { randomUUID } from "node:crypto";
import { Socket } from "node:net";
import { sql } from "kysely";
import { afterEach, expect, test, vi } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { simulationLimits } from "#contract/simulations.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import { sendTo, silentLog } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import { onBreakPoint } from "../base/break-point.ts";
import { createSimulator, type ScriptedEvent, type SimulateInput } from "./simulate.ts";

setUpEngine({ timeZone: "Europe/Vienna" });
afterEach(() => vi.restoreAllMocks());

const startAt = new Date("2027-03-01T09:00:00Z");
const days = (count: number) => startAt.getTime() + count * 86_400_000;
const twoDays = wait(2 * 86_400);

/** The limit of time is no matter of these tests but of the one that hands in its clock. */
const simulator = (elapsed = () => 0, steps: number = simulationLimits.steps) =>
  createSimulator({ db: db.owner, nodes: nodeRegistry, log: silentLog, limits: { steps, seconds: 600 }, elapsed });
/** Simulates this graph for Ada, or with other input. */
async function simulate(flow: FlowGraph, more: Partial<SimulateInput> = {}, run = simulator()) {
  const contact = more.contact ?? { id: await buildContact(db.owner, workspaceId) };
  const flowId = more.flowId ?? (await buildFlow(db.owner, workspaceId, flow));
  return run({ workspaceId, flowId, contact, startAt, events: [], answers: {}, seed: "1", ...more });
}
const pathOf = ({ steps }: Awaited<ReturnType<typeof simulate>>) =>
  steps.filter(({ status }) => status !== "waiting").map(({ node_id, exit, reason }) => `${node_id}:${reason ?? exit}`);
const textsOf = ({ steps }: Awaited<ReturnType<typeof simulate>>) => steps.flatMap(({ message }) => message?.text ?? []);
const day = (moment: Date | null | undefined) => moment?.toISOString().slice(0, 16);

test("a flow or a contact of another workspace is refused as one that is not there", async () => {
  const elsewhere = await buildWorkspace(db.owner);
  const foreign = await buildFlow(db.owner, elsewhere, chain(node("start"), sms()));
  const stranger = await buildContact(db.owner, elsewhere);
  await expect(simulate(chain(), { flowId: foreign })).rejects.toMatchObject({ code: "flow_not_found" });
  for (const id of [stranger, randomUUID()]) {
    await expect(simulate(chain(node("start"), sms()), { contact: { id } })).rejects.toMatchObject({ code: "contact_not_found" });
  }
});

test("a contact in the bin is refused", async () => {
  const id = await buildContact(db.owner, workspaceId);
  await db.owner.updateTable("contacts").set({ deleted_at: new Date() }).where("id", "=", id).execute();
  await expect(simulate(chain(node("start"), sms()), { contact: { id } })).rejects.toMatchObject({ code: "contact_not_found" });
});

test("a graph with errors is refused with its problems", async () => {
  const broken = chain(node("start"), node("send_sms", {}));
  await expect(simulate(broken)).rejects.toMatchObject({
    code: "flow_invalid",
    problems: [expect.objectContaining({ nodeId: "send_sms" })],
  });
});

test("those of one workspace take turns, so one workspace leaves a place for others, and a third workspace has its turn too", async () => {
  const run = simulator();
  const inputOf = async (id: string) => ({
    workspaceId: id,
    flowId: await buildFlow(db.owner, id, chain(node("start"), sms())),
    contact: { id: await buildContact(db.owner, id) },
    ...{ startAt, events: [], answers: {}, seed: "1" },
  });
  const [ours, second, third] = [
    await inputOf(workspaceId),
    await inputOf(await buildWorkspace(db.owner)),
    await inputOf(await buildWorkspace(db.owner)),
  ];
  const outcomes = await Promise.allSettled([run(ours), run(ours), run(ours), run(second), run(third)]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled", "fulfilled", "fulfilled"]);
  await expect(run(third)).resolves.toMatchObject({ end: "over" });
});

test("a flow that is archived or in the bin is not started by another one, as when it is sent", async () => {
  const child = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Child")));
  const parent = () =>
    simulate(
      graph([node("start"), node("start_flow", { flowId: child }), sms("Refused")], "start > start_flow", "start_flow:failed > sms"),
    );
  expect(textsOf(await parent())).toEqual(["Child"]);
  await db.owner.updateTable("flows").set({ archived_at: new Date() }).where("id", "=", child).execute();
  const archived = await parent();
  expect([textsOf(archived), archived.steps[1]?.reason]).toEqual([["Refused"], "flow_archived"]);
  await db.owner.updateTable("flows").set({ deleted_at: new Date() }).where("id", "=", child).execute();
  expect(textsOf(await parent())).toEqual(["Refused"]);
});

test("messages are filled in, times are virtual, and the simulation ends with the flow", async () => {
  const id = await buildContact(db.owner, workspaceId, { firstname: "Grace", email: "grace@example.test" });
  const result = await simulate(chain(node("start"), sms("Hi {{ firstname }}"), twoDays, email("Dear {{ firstname }}"), node("end")), {
    contact: { id },
  });
  expect(result).toMatchObject({ end: "over", notEnrolled: null, execution: { status: "completed" } });
  expect(pathOf(result)).toEqual(["start:next", "sms:sent", "delay:next", "email:sent", "end:null"]);
  expect(result.steps[1]).toMatchObject({ flow_name: expect.stringMatching(/^Flow /), message: { channel: "sms", text: "Hi Grace" } });
  expect(result.steps.find(({ node_id }) => node_id === "email")?.message).toMatchObject({
    to: "grace@example.test",
    subject: "Dear Grace",
  });
  expect(day(result.steps[0]?.started_at)).toBe("2027-03-01T09:00");
  expect(day(result.endedAt)).toBe("2027-03-03T09:00");
});

test("a start in the past is as good as one to come", async () => {
  const result = await simulate(chain(node("start"), twoDays, sms()), { startAt: new Date("2020-02-28T23:00:00Z") });
  expect(day(result.endedAt)).toBe("2020-03-01T23:00");
});

test("a graph that is not stored is simulated instead of what is live", async () => {
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Live")));
  const result = await simulate(chain(), { flowId, graph: chain(node("start"), sms("Draft")) });
  expect(textsOf(result)).toEqual(["Draft"]);
});

test("a contact that was typed in is simulated like one of the workspace", async () => {
  const fields = { firstname: "Typed", lastname: "Person", phone: { typed: "+15551234567", e164: "+15551234567" } };
  const result = await simulate(chain(node("start"), sms("Hi {{ firstname }}"), email()), { contact: { fields } });
  expect(textsOf(result)).toEqual(["Hi Typed"]);
  expect(pathOf(result).at(-1)).toBe("email:no_email");
});

test("consent, suppressions and the countries of the workspace are those of the contact", async () => {
  const flow = chain(node("start"), sms(), email());
  const refused = await buildContact(db.owner, workspaceId, { sms_opted_out_at: new Date(), email: "gone@example.test" });
  const gone = { workspace_id: workspaceId, channel: "email" as const, address: "gone@example.test", reason: "bounced_before" };
  await db.owner.insertInto("suppressions").values(gone).execute();
  expect(pathOf(await simulate(flow, { contact: { id: refused } }))).toEqual(["start:next", "sms:opted_out_sms", "email:bounced_before"]);
});

test("a decision shows the values that it compared", async () => {
  const test = { field: "lead_status", operator: "is", value: "Customer" };
  const condition = node("condition", { branches: [{ id: "yes", label: "Yes", match: "all", tests: [test] }] });
  const result = await simulate(graph([node("start"), condition, sms()], "start > condition", "condition:yes > sms"));
  expect(result.steps[1]).toMatchObject({
    exit: "otherwise",
    result: { compared: [{ field: "lead_status", wanted: "Customer", found: null, held: false }] },
  });
});

test("STOP while the contact waits closes the channel for what comes after", async () => {
  const flow = chain(node("start"), sms("First"), twoDays, sms("Second", {}, "second"), email());
  const stop: ScriptedEvent = { type: "stop", channel: "sms", at: days(1) };
  const late: ScriptedEvent = { type: "stop", channel: "all", at: days(30) };
  const result = await simulate(flow, { events: [late, stop] });
  expect(pathOf(result)).toEqual(["start:next", "sms:sent", "delay:next", "second:opted_out_sms", "email:sent"]);
  expect(result.eventsSeen).toBe(1);
});

test.each(["2020-03-01T09:00:00Z", "2027-03-01T09:00:00Z"])("a change of the contact wakes who waits for it, from %s on", async (start) => {
  const until = node("wait_until", { tests: [{ field: "lead_status", operator: "is", value: "Customer" }], limitSeconds: 7 * 86_400 });
  const flow = graph(
    [node("start"), until, sms("Welcome"), email()],
    "start > wait_until",
    "wait_until:met > sms",
    "wait_until:time_over > email",
  );
  const from = new Date(start);
  const change: ScriptedEvent = { type: "change", fields: { leadStatus: "Customer" }, at: from.getTime() + 3 * 86_400_000 };
  const result = await simulate(flow, { startAt: from, events: [change] });
  expect(pathOf(result)).toEqual(["start:next", "wait_until:met", "sms:sent"]);
  expect(result.endedAt.getTime() - change.at).toBeLessThan(1_000);
  expect(pathOf(await simulate(flow, { startAt: from }))).toEqual(["start:next", "wait_until:time_over", "email:sent"]);
});

const hook = node("webhook", {
  url: "https://api.example.com/orders?of={{ email | url }}",
  headers: [{ name: "X-Key", value: "{{ secrets.key }}" }],
  fields: [{ name: "number", path: "order.number" }],
});
const calling = graph(
  [node("start"), { ...hook, data: { ...hook.data, key: "order" } }, sms("Order {{ steps.order.number }}"), email()],
  "start > webhook",
  "webhook:success > sms",
  "webhook:error > email",
);

test("a webhook is answered by the script: with a sample, an error or silence", async () => {
  const sample = await simulate(calling, { answers: { webhook: { type: "success", status: 200, body: { order: { number: 42 } } } } });
  expect(textsOf(sample)).toEqual(["Order 42"]);
  expect(sample.calls).toMatchObject([
    { nodeId: "webhook", method: "POST", url: expect.stringContaining("https://api.example.com/orders?of=") },
  ]);

  const failing = await simulate(calling, { answers: { webhook: { type: "error", status: 500 } } });
  expect(pathOf(failing).at(-1)).toBe("email:sent");
  expect(failing.steps.findLast(({ node_id }) => node_id === "webhook")).toMatchObject({ reason: "call_failed", exit: "error" });
  expect(failing.calls.length).toBeGreaterThan(1);
  expect(failing.endedAt.getTime()).toBeGreaterThan(startAt.getTime() + 1_000);

  const silent = await simulate(calling, { answers: { webhook: { type: "timeout" } } });
  expect(silent.steps.findLast(({ node_id }) => node_id === "webhook")).toMatchObject({ reason: "call_timeout" });
});

test("flows that it starts are walked too, and shown by their own ids and names", async () => {
  const child = await buildFlow(db.owner, workspaceId, chain(node("start"), twoDays, sms("From the child")), "Child");
  const starting = node("start_flow", { flowId: child, wait: true });
  const result = await simulate(graph([node("start"), starting, email()], "start > start_flow", "start_flow:finished > email"));
  expect(result.steps.find(({ node_id }) => node_id === "sms")).toMatchObject({ flow_id: child, flow_name: "Child" });
  expect(result.steps.find(({ node_type }) => node_type === "start_flow")?.result).toMatchObject({ flow_id: child });
  expect(pathOf(result).at(-1)).toBe("email:sent");
});

test("a split that keeps contacts on their way takes the way of a real send, and chance follows the seed", async () => {
  const shares = [..."abcdefgh"].map((id) => ({ id, label: id, percent: 12.5 }));
  const ids = await buildContacts(db.owner, workspaceId, 6);
  const sticky = await buildFlow(db.owner, workspaceId, chain(node("start"), node("split", { shares })));
  await sluice.engine.createSend(sendTo(workspaceId, sticky, ids));
  await sluice.run();
  const real = await db.owner
    .selectFrom("flow_execution_steps as s")
    .innerJoin("flow_executions as e", "e.id", "s.flow_execution_id")
    .select(["e.contact_id", "s.exit"])
    .where("s.node_type", "=", "split")
    .where("e.flow_id", "=", sticky)
    .execute();
  for (const { contact_id, exit } of real) {
    const simulated = await simulate(chain(), { flowId: sticky, contact: { id: contact_id as string } });
    expect(simulated.steps[1]?.exit).toBe(exit);
  }
  const fresh = await buildFlow(db.owner, workspaceId, chain(node("start"), node("split", { shares, draw: "fresh" })));
  const draw = async (seed: string) => (await simulate(chain(), { flowId: fresh, seed, contact: { id: ids[0] as string } })).steps[1]?.exit;
  const draws = await Promise.all(["one", "one"].map(draw));
  expect(draws[0]).toBe(draws[1]);
  const more = [];
  for (const seed of "123456789") more.push(await draw(seed));
  expect(new Set(more).size).toBeGreaterThan(1);
});

test("a flow without end stops at the limit of days", async () => {
  const loop = graph([node("start"), wait(20 * 86_400), sms()], "start > delay", "delay > sms", "sms:sent > delay");
  const result = await simulate(loop);
  expect(result).toMatchObject({ end: "too_many_days", execution: { status: "running" } });
  expect(textsOf(result)).toHaveLength(18);
});

function endless(): FlowGraph {
  const waits = Array.from({ length: 12 }, (_, index) => wait(60, `wait ${index}`));
  const loop = { ...chain(node("start"), ...waits) };
  loop.edges.push({ id: "back", source: "wait 11", target: "wait 0" });
  return loop;
}

test("a flow that goes on for ever stops at the limit of steps, and says so", async () => {
  const result = await simulate(
    endless(),
    {},
    simulator(() => 0, 40),
  );
  expect(result).toMatchObject({ end: "too_many_steps", execution: { status: "running" } });
  expect(result.steps).toHaveLength(40);
});

test("a simulation that is slow stops at the limit of time, and says so", async () => {
  let seconds = 0;
  const slow = simulator(() => {
    seconds += 100;
    return seconds * 1_000;
  });
  const result = await simulate(endless(), {}, slow);
  expect(result).toMatchObject({ end: "took_too_long", execution: { status: "running" } });
  expect(result.steps.length).toBeLessThan(100);
});

/** A mark of every row of every table, by table. */
async function marks(): Promise<Record<string, string>> {
  const { rows: tables } = await sql<{ name: string }>`
    select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'`.execute(
    db.owner,
  );
  const found: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await sql<{ mark: string }>`
      select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text || t.xmin::text), '' order by md5(t::text))), '') as mark
      from ${sql.raw(name)} t`.execute(db.owner);
    found[name] = rows[0]?.mark ?? "";
  }
  return found;
}

test("while a thousand people wait, a simulation changes no row of any table, locks none, and reaches no provider and no network", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 1_000);
  const child = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Child")));
  const flow = graph(
    [
      node("start"),
      twoDays,
      hook,
      node("update_contact", { changes: [{ field: "lead_status", operation: "set", value: "Customer" }] }),
      node("start_flow", { flowId: child }),
      sms("Bye"),
      email(),
      node("leave_flows", { flows: { type: "all_others" } }),
    ],
    "start > delay",
    "delay > webhook",
    "webhook:error > update_contact",
    "update_contact > start_flow",
    "start_flow:started > sms",
    "sms:sent > email",
    "sms:skipped > email",
    "email:sent > leave_flows",
  );
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
  await sluice.run();
  const { rows: waiting } = await sql<{ many: number }>`select count(*)::int as many from wake_ups`.execute(db.owner);
  expect(waiting[0]?.many).toBe(1_000);

  const locked: string[] = [];
  onBreakPoint(async (point) => {
    if (point !== "call-answered" || locked.length > 0) return;
    for (const table of [
      "workspaces",
      "contacts",
      "flows",
      "flow_versions",
      "flow_sends",
      "flow_executions",
      "wake_ups",
      "private.instance",
      "private.leases",
    ]) {
      await sql`select from ${sql.table(table)} for update nowait`.execute(db.owner);
      locked.push(table);
    }
  });
  const before = await marks();
  const connect = vi.spyOn(Socket.prototype, "connect");
  const contact = { id: ids[0] as string };
  const stop: ScriptedEvent = { type: "stop", channel: "sms", at: days(1) };
  const result = await simulate(chain(), { flowId, contact, events: [stop], answers: { webhook: { type: "error", status: 500 } } });
  const reached = connect.mock.calls.map(([where]) => JSON.stringify(where)).filter((where) => !where.includes(new URL(db.ownerUrl).port));

  expect(pathOf(result)).toContain("sms:opted_out_sms");
  expect(pathOf(result)).toContain("leave_flows:next");
  expect(textsOf(result).length).toBeGreaterThan(0);
  expect(locked).toHaveLength(9);
  expect(reached).toEqual([]);
  expect([...sluice.providers.sms.calls, ...sluice.providers.email.calls]).toEqual([]);
  expect(await marks()).toEqual(before);
  expect(new Set(result.steps.map(({ flow_id }) => flow_id))).toEqual(new Set([flowId]));
  expect(result.steps.find(({ node_type }) => node_type === "start_flow")?.result).toMatchObject({ flow_id: child });
});

test("a scripted reply steers the flow as one that comes in, and STOP is none", async () => {
  const flow = graph(
    [
      node("start"),
      sms("Coming?"),
      node("wait_for_reply", { limitSeconds: 2 * 86_400, cases: [{ id: "yes", is: "yes" }] }),
      sms("Great", {}, "great"),
      sms("Pity", {}, "pity"),
    ],
    "start > sms",
    "sms > wait_for_reply",
    "wait_for_reply:yes > great",
    "wait_for_reply:no_reply > pity",
  );
  const reply = (text: string) => [{ type: "reply", channel: "sms", text, at: startAt.getTime() + 3_600_000 } as const];
  const came = await simulate(flow, { events: reply("yes please") });
  expect(textsOf(came)).toEqual(["Coming?", "Great"]);
  expect(day(came.endedAt)).toBe("2027-03-01T10:00");
  const stopped = await simulate(flow, { events: reply("STOP") });
  expect(pathOf(stopped).slice(-2)).toEqual(["wait_for_reply:no_reply", "pity:opted_out_sms"]);
});
