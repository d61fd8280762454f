import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { Provider } from "#channels/channel.ts";
import type { Channel } from "#contract/messages.ts";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { fakeProvider } from "#test/fake-provider.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import { mostStartsPerContactDay } from "../effects/start-budget-rows.ts";

setUpEngine();

const limitTo = (limits: { day?: number; hour?: number }) =>
  sql`insert into private.workspace_limits as l (workspace_id, messages_per_contact_day, messages_per_hour)
    values (${workspaceId}, ${limits.day ?? null}::int, ${limits.hour ?? null}::int)
    on conflict (workspace_id) do update set messages_per_contact_day = excluded.messages_per_contact_day, messages_per_hour = excluded.messages_per_hour`.execute(
    db.owner,
  );
const send = async (flowId: string, ids: string[], more = {}) =>
  (await sluice.engine.createSend(sendTo(workspaceId, flowId, ids, more))).sendId;
const reasons = async () => {
  const { rows } = await sql<{ node_type: string; status: string; reason: string; count: number }>`
    select node_type, status, reason, count(*)::int as count from flow_execution_steps where workspace_id = ${workspaceId} and reason is not null
    group by 1, 2, 3 order by 1, 2, 3`.execute(db.owner);
  return rows;
};
const sent = () => sluice.providers.sms.calls.length + sluice.providers.email.calls.length;

describe("the messages of a contact within a day", () => {
  const three = chain(node("start"), sms("1", {}, "one"), email(), sms("3", {}, "three"));

  test("are no more than the limit, on all channels and of all flows together, and the history says why", async () => {
    await limitTo({ day: 4 });
    const flowId = await buildFlow(db.owner, workspaceId, three);
    const contact = await buildContact(db.owner, workspaceId, { phone_e164: "+14155550101", email: "a@example.test" });
    await send(flowId, [contact]);
    await sluice.run();
    await send(flowId, [contact]);
    await sluice.run();
    expect(sent()).toBe(4);
    expect(await reasons()).toEqual([
      { node_type: "send_email", status: "skipped", reason: "cap_reached", count: 1 },
      { node_type: "send_sms", status: "skipped", reason: "cap_reached", count: 1 },
    ]);
  });

  test("count for each contact alone, also when several executions of one contact stand in one batch", async () => {
    await limitTo({ day: 1 });
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start", { reEntry: { rule: "any_time" } }), wait(60), sms("x")));
    const people = await buildContacts(db.owner, workspaceId, 3);
    for (let time = 0; time < 3; time += 1) await send(flowId, people);
    await sluice.run();
    await sluice.wait(61);
    expect(sluice.providers.sms.calls).toHaveLength(3);
    expect(new Set(sluice.providers.sms.calls.map(({ to }) => to)).size).toBe(3);
  });

  test("in test mode count for nothing and have no limit, because they reach nobody", async () => {
    await limitTo({ day: 1 });
    const flowId = await buildFlow(db.owner, workspaceId, three);
    const contact = await buildContact(db.owner, workspaceId, { phone_e164: "+14155550101", email: "a@example.test" });
    const tried: string[] = [];
    const capture = (channel: Channel): Provider => ({
      ...fakeProvider(channel),
      name: "capture",
      send: async ({ id }) => {
        tried.push(id);
        return { outcome: "accepted", providerMessageId: id };
      },
    });
    const inTestMode = await startTestEngine(db.owner, { providerFor: async (_, channel) => capture(channel) });
    await inTestMode.engine.createSend(sendTo(workspaceId, flowId, [contact]));
    await inTestMode.run();
    expect(tried).toHaveLength(3);
    await send(flowId, [contact]);
    await sluice.run();
    expect(sent()).toBe(1);
  });

  test("count while nobody knows whether they left, because they may have", async () => {
    await limitTo({ day: 1 });
    const start = node("start", { reEntry: { rule: "any_time" } });
    const flowId = await buildFlow(db.owner, workspaceId, chain(start, sms("x")));
    const contact = await buildContact(db.owner, workspaceId, { phone_e164: "+14155550101" });
    sluice.providers.sms.answer({ outcome: "unknown", message: "No answer" });
    await send(flowId, [contact]);
    await sluice.run();
    await send(flowId, [contact]);
    await sluice.run();
    expect(sent()).toBe(1);
    expect(await reasons()).toContainEqual({ node_type: "send_sms", status: "skipped", reason: "cap_reached", count: 1 });
  });

  test("are counted anew after a day, and a test counts for nothing", async () => {
    await limitTo({ day: 1 });
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("x")));
    const contact = await buildContact(db.owner, workspaceId);
    await send(flowId, [contact], { isTest: true });
    await send(flowId, [contact]);
    await sluice.run();
    expect(sluice.providers.sms.calls).toHaveLength(1);
    await sluice.wait(24 * 3600 + 1);
    await send(flowId, [contact]);
    await sluice.run();
    expect(sluice.providers.sms.calls).toHaveLength(2);
  });
});

describe("the messages of a workspace within a day", () => {
  const limitDayTo = (most: number) =>
    sql`insert into private.workspace_limits as l (workspace_id, messages_per_day) values (${workspaceId}, ${most}::int)
      on conflict (workspace_id) do update set messages_per_day = excluded.messages_per_day`.execute(db.owner);
  const waiting = async () => {
    const { rows } = await sql<{ waiting_for: string; count: number }>`
      select waiting_for, count(*)::int as count from flow_executions where workspace_id = ${workspaceId} and status = 'running' group by 1`.execute(
      db.owner,
    );
    return rows;
  };
  const sentHere = async () => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int from messages where workspace_id = ${workspaceId} and status = 'sent'`.execute(db.owner);
    return rows[0]?.count;
  };

  test("wait for the next day where they are more than the limit, and the history says so", async () => {
    await limitDayTo(5);
    await send(await buildFlow(db.owner, workspaceId, chain(node("start"), sms("x"))), await buildContacts(db.owner, workspaceId, 8));
    await sluice.run();
    expect(await sentHere()).toBe(5);
    expect(await waiting()).toEqual([{ waiting_for: "pace", count: 3 }]);
    expect(await reasons()).toEqual([{ node_type: "send_sms", status: "waiting", reason: "day_limit", count: 3 }]);
    await sluice.wait(12 * 3_600);
    expect(await sentHere()).toBe(5);
    // This process reports what it sent yesterday with its next question: that counts for yesterday.
    await sluice.wait(12 * 3_600 + 1);
    expect(await sentHere()).toBe(8);
  });

  test("leave at once where somebody raises the limit, and are told again where it is still too low", async () => {
    await limitDayTo(2);
    await send(await buildFlow(db.owner, workspaceId, chain(node("start"), sms("x"))), await buildContacts(db.owner, workspaceId, 6));
    await sluice.run();
    expect(await sentHere()).toBe(2);
    await limitDayTo(4);
    await sluice.engine.askPacedAgain({ workspaceId, afterMs: 0 });
    await sluice.run();
    expect(await sentHere()).toBe(4);
    expect(await waiting()).toEqual([{ waiting_for: "pace", count: 2 }]);
  });
});

describe("the messages of a workspace within an hour", () => {
  test("wait for the next hour where they are more than the limit, and none is lost", async () => {
    await limitTo({ hour: 5 });
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("x")));
    await send(flowId, await buildContacts(db.owner, workspaceId, 12));
    await sluice.run();
    expect(sluice.providers.sms.calls).toHaveLength(5);
    await sluice.wait(3_000);
    expect(sluice.providers.sms.calls).toHaveLength(5);
    // A process trusts its count for a second of real time; a new one asks the row at once.
    let elsewhere = 0;
    for (const hours of [1, 2]) {
      const other = await startTestEngine(db.owner);
      other.driver.clock.forward(hours * 3_601_000);
      await other.run();
      elsewhere += other.providers.sms.calls.length;
      expect(elsewhere).toBe(hours === 1 ? 5 : 7);
    }
    const { rows } = await sql<{ count: number }>`
      select count(*)::int from messages where workspace_id = ${workspaceId} and status = 'sent'`.execute(db.owner);
    expect(rows).toEqual([{ count: 12 }]);
    expect(await reasons()).toEqual([]);
  });
});

describe("flows that start flows", () => {
  /** A flow that starts another one `times` times, one after the other, and then writes. */
  const starterOf = (flowId: string, times: number) => {
    const starts = Array.from({ length: times }, (_, at) => node("start_flow", { flowId }, `s${at}`));
    const way = ["start", ...starts.map(({ id }) => id)];
    return graph(
      [node("start", { reEntry: { rule: "any_time" } }), ...starts, sms("x")],
      ...way.map((id, at) => `${id}${at === 0 ? "" : ":started"} > ${way[at + 1] ?? "sms"}`),
      ...starts.map(({ id }, at) => `${id}:failed > ${way[at + 2] ?? "sms"}`),
    );
  };

  test("do not multiply: one request for one person ends at the limits, whatever it is built of", async () => {
    let flowId = await buildFlow(db.owner, workspaceId, chain(node("start", { reEntry: { rule: "any_time" } }), sms("x")));
    for (let level = 0; level < 3; level += 1) flowId = await buildFlow(db.owner, workspaceId, starterOf(flowId, 5));
    const sendId = await send(flowId, [await buildContact(db.owner, workspaceId)]);
    for (let rounds = 0; rounds < 10; rounds += 1) await sluice.run();
    const { rows } = await sql<{ started: number; roots: number }>`
      select count(*) filter (where e.source = 'flow')::int as started, count(distinct s.root_send_id)::int as roots
      from flow_executions e join flow_sends s on s.id = e.send_id where e.workspace_id = ${workspaceId}`.execute(db.owner);
    // Without the budget flows would start 155 executions.
    expect(rows).toEqual([{ started: mostStartsPerContactDay, roots: 1 }]);
    expect(sluice.providers.sms.calls).toHaveLength(50);
    expect(await reasons()).toContainEqual(expect.objectContaining({ node_type: "start_flow", status: "failed", reason: "start_limit" }));
    const below = await db.owner
      .selectFrom("flow_sends")
      .select("root_send_id")
      .where("parent_send_id", "is not", null)
      .where("workspace_id", "=", workspaceId)
      .execute();
    expect(new Set(below.map(({ root_send_id }) => root_send_id))).toEqual(new Set([sendId]));
  });
});
