import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ChartSeries, chartSeries, mostChartBuckets, type SendChart } from "#contract/send-chart.ts";
import type { Send } from "#contract/sends.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { sendTo } from "#test/engine.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { type FakeProvider, fakeProvider } from "#test/fake-provider.ts";
import { chain, email, node, sms } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";
import { type HistorySeed, seedHistory } from "#test/seed-history.ts";

let app: TestApp;
let seed: HistorySeed;
let viewer: Client;
let providers: Record<"sms" | "email", FakeProvider>;
beforeAll(async () => {
  app = await startTestApp({ engine: { providerFor: async (_, channel) => providers[channel] } });
  seed = await seedHistory(app.db.owner, app.ours.workspaceId);
  viewer = await app.ours.as("viewer");
});
afterAll(() => app.stop());
beforeEach(() => {
  providers = { sms: fakeProvider("sms"), email: fakeProvider("email") };
});

const ws = () => app.ours.workspaceId;
const inZone = (zone: string) => app.db.owner.updateTable("workspaces").set({ time_zone: zone }).where("id", "=", ws()).execute();
async function chartOf(sendId: string, nodeId?: string): Promise<SendChart> {
  const { status, body } = await viewer.get(`/api/sends/${sendId}/chart${nodeId ? `?nodeId=${nodeId}` : ""}`);
  expect(status).toBe(200);
  return body;
}
const sumOf = ({ buckets }: SendChart, series: ChartSeries) => buckets.reduce((sum, { counts }) => sum + (counts[series] ?? 0), 0);
/** What is in the chart and not zero, by the beginning of its bucket. */
const shownIn = ({ buckets }: SendChart) =>
  Object.fromEntries(
    buckets.flatMap(({ from, counts }) => {
      const some = Object.entries(counts).filter(([, count]) => count > 0);
      return some.length === 0 ? [] : [[from, Object.fromEntries(some)]];
    }),
  );
/** A send whose executions began at these moments. */
async function sendThatBegan(...moments: string[]): Promise<string> {
  const send = await seed.send(await seed.flow(), { created_at: moments[0] as string });
  for (const at of moments) await seed.execution(send, { more: { started_at: at } });
  return send.id;
}

test("a send that is not there or of another workspace has no chart", async () => {
  const id = await sendThatBegan("2026-05-03T10:00:00Z");
  for (const [client, sendId] of [
    [viewer, randomUUID()],
    [await app.theirs.as("owner"), id],
  ] as const) {
    const { status, body } = await client.get(`/api/sends/${sendId}/chart`);
    expect([status, body.code]).toEqual([404, "send_not_found"]);
  }
});

test("a send of which nothing has happened has no buckets and totals of zero", async () => {
  const { id } = await seed.send(await seed.flow());
  const chart = await chartOf(id);
  expect(chart).toMatchObject({ sendId: id, unit: "minute", buckets: [] });
  expect(chart.totals).toEqual(Object.fromEntries(chartSeries.map((one) => [one, 0])));
});

describe("what is drawn adds up to the totals of the send", () => {
  const totalsOf = (send: Send) => {
    const messages = (outcome: string) =>
      send.messageCounts.filter((one) => one.outcome === outcome).reduce((sum, { count }) => sum + count, 0);
    return { started: send.enrolled, failed: send.failed + send.partialFailure, sent: messages("sent"), captured: messages("captured") };
  };
  async function run(isTest: boolean) {
    const ids = await buildContacts(app.db.owner, ws(), 40);
    ids.push(await buildContact(app.db.owner, ws(), { phone_e164: null }), await buildContact(app.db.owner, ws(), { email: null }));
    let calls = 0;
    providers.sms.answer(({ id }) => {
      calls += 1;
      if (calls % 7 === 0) return { outcome: "rejected", reason: "provider_rejected", message: "no", retryable: false };
      return { outcome: "accepted", providerMessageId: id };
    });
    providers.email.answer(({ id }) => {
      calls += 1;
      if (calls % 11 === 0) return { outcome: "rejected", reason: "provider_rejected", message: "no", retryable: false };
      return { outcome: "accepted", providerMessageId: id };
    });
    const graph = chain(node("start"), sms("Hi", { onError: "continue" }), email("Hi", { kind: "transactional" }), node("end"));
    const flowId = await buildFlow(app.db.owner, ws(), graph);
    const { sendId } = await app.resources.engine.createSend(sendTo(ws(), flowId, ids, { isTest }));
    await app.driver.runUntilIdle();
    return { send: (await viewer.get(`/api/sends/${sendId}`)).body as Send, chart: await chartOf(sendId) };
  }

  test.each([false, true])("of a test: %s", async (isTest) => {
    const { send, chart } = await run(isTest);
    const expected = totalsOf(send);
    expect(chart.totals).toMatchObject(expected);
    for (const series of chartSeries) expect([series, sumOf(chart, series)]).toEqual([series, chart.totals[series]]);
    expect(expected.started).toBe(42);
    if (isTest) expect(expected).toMatchObject({ sent: 0 });
    else expect(expected.failed).toBeGreaterThan(0);
    expect(isTest ? expected.captured : expected.sent).toBeGreaterThan(60);
  });
});

describe("the chart of one step", () => {
  test("counts who came to it, what became of its messages and who failed there, and all steps together make the whole", async () => {
    const ids = await buildContacts(app.db.owner, ws(), 12);
    ids.push(await buildContact(app.db.owner, ws(), { phone_e164: null }));
    let calls = 0;
    providers.sms.answer(({ id }) => {
      calls += 1;
      if (calls % 4 === 0) return { outcome: "rejected", reason: "provider_rejected", message: "no", retryable: false };
      return { outcome: "accepted", providerMessageId: id };
    });
    const graph = chain(node("start"), sms("Hi", { onError: "continue" }), email("Hi", { kind: "transactional" }, "mail"), node("end"));
    const { sendId } = await app.resources.engine.createSend(sendTo(ws(), await buildFlow(app.db.owner, ws(), graph), ids));
    await app.driver.runUntilIdle();
    const whole = await chartOf(sendId);
    expect(whole.nodes).toEqual([
      { id: "start", label: expect.any(String) },
      { id: "sms", label: "Send SMS" },
      { id: "mail", label: "Send e-mail" },
      { id: "end", label: expect.any(String) },
    ]);
    const [text, mail] = [await chartOf(sendId, "sms"), await chartOf(sendId, "mail")];
    expect(text).toMatchObject({ nodeId: "sms", totals: { started: 13, sent: 9, failed: 3 } });
    expect(mail).toMatchObject({ nodeId: "mail", totals: { started: 13, sent: 13, failed: 0 } });
    expect((text.totals.sent ?? 0) + (mail.totals.sent ?? 0)).toBe(whole.totals.sent);
    for (const series of chartSeries) expect([series, sumOf(text, series)]).toEqual([series, text.totals[series]]);
    expect((await chartOf(sendId, "nobody-knows-it")).totals).toEqual(Object.fromEntries(chartSeries.map((one) => [one, 0])));
  });

  test("takes a failure off again that a retry did anew", async () => {
    const ids = await buildContacts(app.db.owner, ws(), 2);
    providers.sms.answer({ outcome: "rejected", reason: "provider_rejected", message: "no", retryable: false });
    const { sendId } = await app.resources.engine.createSend(
      sendTo(ws(), await buildFlow(app.db.owner, ws(), chain(node("start"), sms())), ids),
    );
    await app.driver.runUntilIdle();
    expect((await chartOf(sendId, "sms")).totals.failed).toBe(2);
    providers.sms.answer();
    await app.resources.engine.retry({ workspaceId: ws(), sendId });
    await app.driver.runUntilIdle();
    expect((await chartOf(sendId, "sms")).totals).toMatchObject({ started: 2, failed: 0, sent: 2 });
  });
});

describe("buckets", () => {
  test("are minutes up to two hours, hours up to a week, days up to a year, and months", async () => {
    await inZone("UTC");
    const began = "2026-05-03T10:00:30Z";
    for (const [end, unit, count] of [
      ["2026-05-03T10:00:59Z", "minute", 1],
      ["2026-05-03T11:59:10Z", "minute", 120],
      ["2026-05-03T12:00:10Z", "hour", 3],
      ["2026-05-10T09:59:00Z", "hour", 168],
      ["2026-05-10T10:01:00Z", "day", 8],
      ["2027-04-27T00:00:00Z", "day", 360],
      ["2027-05-03T00:00:00Z", "month", 13],
      ["2066-05-03T00:00:00Z", "month", 481],
    ] as const) {
      const chart = await chartOf(await sendThatBegan(began, end));
      expect([end, chart.unit, chart.buckets.length, sumOf(chart, "started")]).toEqual([end, unit, count, 2]);
      expect(chart.buckets.length).toBeLessThanOrEqual(mostChartBuckets);
    }
  });

  test("begin in the zone of the workspace, also where it is not a whole number of hours away", async () => {
    await inZone("Asia/Kathmandu");
    const chart = await chartOf(await sendThatBegan("2026-05-03T18:10:00Z", "2026-05-03T18:20:00Z", "2026-05-13T12:00:00Z"));
    expect([chart.timeZone, chart.unit]).toEqual(["Asia/Kathmandu", "day"]);
    expect(shownIn(chart)).toEqual({
      "2026-05-02T18:15:00.000Z": { started: 1 },
      "2026-05-03T18:15:00.000Z": { started: 1 },
      "2026-05-12T18:15:00.000Z": { started: 1 },
    });
    const hours = await chartOf(await sendThatBegan("2026-05-03T10:14:00Z", "2026-05-03T10:15:00Z", "2026-05-03T15:00:00Z"));
    expect(Object.keys(shownIn(hours))).toEqual(["2026-05-03T09:15:00.000Z", "2026-05-03T10:15:00.000Z", "2026-05-03T14:15:00.000Z"]);
  });

  test("keep the hour that comes twice apart, leave out the one that never comes, and days of 23 and 25 hours are days", async () => {
    await inZone("America/Chicago");
    const twice = await chartOf(
      await sendThatBegan("2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "2026-11-01T07:30:00Z", "2026-11-01T08:30:00Z"),
    );
    expect(twice.buckets.map(({ from, counts }) => [from.slice(11, 16), counts.started])).toEqual([
      ["05:00", 1],
      ["06:00", 1],
      ["07:00", 1],
      ["08:00", 1],
    ]);
    const never = await chartOf(await sendThatBegan("2026-03-08T07:30:00Z", "2026-03-08T10:30:00Z"));
    expect(never.buckets.map(({ from }) => from.slice(11, 16))).toEqual(["07:00", "08:00", "09:00", "10:00"]);
    const days = await chartOf(
      await sendThatBegan("2026-10-28T12:00:00Z", "2026-11-01T04:59:00Z", "2026-11-02T05:59:00Z", "2026-11-05T12:00:00Z"),
    );
    expect(shownIn(days)).toEqual({
      "2026-10-28T05:00:00.000Z": { started: 1 },
      "2026-10-31T05:00:00.000Z": { started: 1 },
      "2026-11-01T05:00:00.000Z": { started: 1 },
      "2026-11-05T06:00:00.000Z": { started: 1 },
    });
    expect(days.buckets).toHaveLength(9);
  });

  test("lose nothing where a zone moves its clocks by half an hour", async () => {
    await inZone("Australia/Lord_Howe");
    const moments = Array.from({ length: 30 }, (_, n) => new Date(Date.parse("2026-04-04T08:00:00Z") + n * 25 * 60_000).toISOString());
    const chart = await chartOf(await sendThatBegan(...moments));
    expect(sumOf(chart, "started")).toBe(30);
    const starts = chart.buckets.map(({ from }) => from);
    expect(starts).toEqual([...new Set(starts)].sort());
  });
});

describe("an enrollment counts once", () => {
  async function answered() {
    await inZone("UTC");
    const send = await seed.send(await seed.flow(), { created_at: "2026-05-03T10:00:00Z" });
    const contactId = await seed.contact();
    const executionId = await seed.execution(send, { contactId, more: { started_at: "2026-05-03T10:00:00Z" } });
    const messageId = await seed.message({
      ...{ flow_execution_id: executionId, send_id: send.id, contact_id: contactId, visit: 1, provider: "twilio" },
      ...{ sent_at: "2026-05-03T10:01:00Z", created_at: "2026-05-03T10:01:00Z", delivered_at: "2026-05-03T10:02:00Z", status: "delivered" },
    });
    const write = (at: string, more: { word?: string; automatic?: boolean } = {}) =>
      app.db.owner
        .insertInto("inbound_messages")
        .values({
          ...{ workspace_id: ws(), channel: "sms", provider: "twilio", provider_message_id: randomUUID(), to_address: "+15550001111" },
          ...{ contact_id: contactId, answers_id: messageId, body: "x", received_at: new Date(at), ...more },
        })
        .execute();
    return { send, contactId, executionId, write };
  }

  test("with its first reply, and an automatic answer is none", async () => {
    const { send, write } = await answered();
    await write("2026-05-03T10:03:00Z", { automatic: true });
    await write("2026-05-03T10:05:00Z");
    await write("2026-05-03T10:09:00Z");
    const chart = await chartOf(send.id);
    expect(shownIn(chart)).toEqual({
      "2026-05-03T10:00:00.000Z": { started: 1 },
      "2026-05-03T10:01:00.000Z": { sent: 1 },
      "2026-05-03T10:02:00.000Z": { delivered: 1 },
      "2026-05-03T10:05:00.000Z": { replied: 1 },
    });
    expect(chart.buckets).toHaveLength(6);
  });

  test("with its first STOP, which is no reply, however often it comes", async () => {
    const { send, write } = await answered();
    await write("2026-05-03T10:05:00Z", { word: "stop" });
    await write("2026-05-03T10:06:00Z", { word: "stop" });
    const { totals } = await chartOf(send.id);
    expect([totals.replied, totals.optedOut]).toEqual([0, 1]);
  });

  test("with an opt-out by a link after its last message, and not where another send wrote in between or a member noted it", async () => {
    const consent = (contactId: string, at: string, more: object = {}) =>
      app.db.owner
        .insertInto("contact_consents")
        .values({
          workspace_id: ws(),
          contact_id: contactId,
          channel: "all",
          state: "opted_out",
          given_at: new Date(at),
          created_at: new Date(at),
          ...more,
        })
        .execute();
    const one = await answered();
    await consent(one.contactId, "2026-05-03T10:07:00Z");
    expect((await chartOf(one.send.id)).totals.optedOut).toBe(1);

    const two = await answered();
    const other = await seed.send(await seed.flow(), { created_at: "2026-05-03T10:03:00Z" });
    const executionId = await seed.execution(other, { contactId: two.contactId });
    await seed.message({
      ...{ flow_execution_id: executionId, send_id: other.id, contact_id: two.contactId, visit: 1 },
      ...{ sent_at: "2026-05-03T10:04:00Z", created_at: "2026-05-03T10:04:00Z" },
    });
    await consent(two.contactId, "2026-05-03T10:07:00Z");
    expect([(await chartOf(two.send.id)).totals.optedOut, (await chartOf(other.id)).totals.optedOut]).toEqual([0, 1]);

    const three = await answered();
    await consent(three.contactId, "2026-05-03T10:07:00Z", { actor_id: app.ours.ownerId });
    expect((await chartOf(three.send.id)).totals.optedOut).toBe(0);
  });

  test("with its first click, whichever link it was", async () => {
    const { send, contactId, executionId } = await answered();
    const row = (url: string, at: string | null) => ({
      ...{ workspace_id: ws(), flow_execution_id: executionId, visit: 1, channel: "sms" as const, send_id: send.id, contact_id: contactId },
      ...{ kind: "click", url, times: at ? 1 : 0, machine_times: 1, first_at: at ? new Date(at) : null },
    });
    await app.db.owner
      .insertInto("tracked_links")
      .values([
        row("https://a.example/", "2026-05-03T10:08:00Z"),
        row("https://b.example/", "2026-05-03T10:07:00Z"),
        row("https://c.example/", null),
      ])
      .execute();
    const chart = await chartOf(send.id);
    expect(shownIn(chart)["2026-05-03T10:07:00.000Z"]).toEqual({ clicked: 1 });
    expect(chart.totals.clicked).toBe(1);
  });
});
