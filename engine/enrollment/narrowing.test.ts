import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { Selection } from "#contract/contacts.ts";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Narrowing } from "#contract/who-not.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import { sendTo } from "#test/engine.ts";
import { db, restartEngine, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";
import { onBreakPoint } from "../base/break-point.ts";
import { forecast } from "../forecast/forecast.ts";
import { walkAudience } from "../forecast/walk-audience.ts";

setUpEngine();

const everybody: Selection = { type: "filter", filter: { tests: [] }, excluded: [] };
const build = (name = "Hi") => buildFlow(db.owner, workspaceId, chain(node("start"), sms(name)));
const isNew: Narrowing["condition"] = {
  match: "all",
  tests: [{ field: "lead_status", operator: "is", value: "New", caseSensitive: false }],
};
const send = async (flowId: string, more: Narrowing & { selection?: Selection; sendId?: string; isTest?: boolean } = {}) => {
  const { sendId } = await sluice.engine.createSend({ ...sendTo(workspaceId, flowId, []), selection: everybody, ...more });
  await sluice.run();
  return sendId;
};
/** Who was left out of a send and why, and whether its totals are exact. */
const leftOut = async (sendId: string) => {
  const send = await db.owner
    .selectFrom("flow_sends")
    .select(["expected", "enrolled", "not_enrolled"])
    .where("id", "=", sendId)
    .executeTakeFirstOrThrow();
  expect(send.expected).toBe(send.enrolled + send.not_enrolled);
  const skips = await db.owner.selectFrom("flow_send_skips").select(["contact_id", "reason"]).where("send_id", "=", sendId).execute();
  expect(skips).toHaveLength(send.not_enrolled);
  return Object.fromEntries(skips.map(({ contact_id, reason }) => [contact_id, reason as Reason]));
};
const message = (contactId: string, { days, more = "" }: { days: number; more?: "test" | "failed" | "" }) =>
  sql`insert into messages (workspace_id, contact_id, visit, channel, provider, to_address, status, is_test, created_at)
    values (${workspaceId}, ${contactId}::uuid, 1, 'email', 'fake', 'a@example.test', ${more === "failed" ? "failed" : "sent"}, ${more === "test"},
      now() - ${days}::float8 * interval '1 day')`.execute(db.owner);
const reply = (contactId: string, days: number) =>
  sql`insert into inbound_messages (workspace_id, channel, provider, provider_message_id, from_address, to_address, contact_id, received_at)
    values (${workspaceId}, 'sms', 'fake', ${contactId}, '+15551112222', '+15550001111', ${contactId}::uuid, now() - ${days}::float8 * interval '1 day')`.execute(
    db.owner,
  );

describe("a send that leaves contacts out is refused", () => {
  test("where its condition cannot be asked of all contacts at once, and nothing of it is kept", async () => {
    await buildContacts(db.owner, workspaceId, 1);
    const condition: Narrowing["condition"] = {
      match: "all",
      tests: [{ field: "metadata.points", operator: "greater_than", value: 1, caseSensitive: false }],
    };
    const flowId = await build();
    await expect(send(flowId, { condition })).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("metadata.points"),
    });
    const question = { workspaceId, flowId, selection: everybody, oncePerAddress: true, condition };
    await expect(sluice.engine.previewSend(question)).rejects.toMatchObject({ code: "invalid_request" });
    await expect(sluice.engine.startForecast({ ...question, askedBy: "person 1" })).rejects.toMatchObject({ code: "invalid_request" });
    expect(await db.owner.selectFrom("flow_sends").selectAll().where("workspace_id", "=", workspaceId).execute()).toEqual([]);
  });

  test("where its id was used before for others", async () => {
    await buildContacts(db.owner, workspaceId, 1);
    const [flowId, sendId] = [await build(), crypto.randomUUID()];
    await send(flowId, { sendId, exclude: { messagedDays: 3 } });
    await expect(send(flowId, { sendId, exclude: { messagedDays: 4 } })).rejects.toMatchObject({ code: "send_mismatch" });
    await expect(send(flowId, { sendId })).rejects.toMatchObject({ code: "send_mismatch" });
    expect(await send(flowId, { sendId, exclude: { messagedDays: 3, inAnotherFlow: false } })).toBe(sendId);
  });
});

describe("a send leaves out", () => {
  test("who came into its flow within some days, although the flow lets them in again", async () => {
    const [lately, before, never] = await buildContacts(db.owner, workspaceId, 3);
    const flowId = await build();
    await send(flowId, { selection: { type: "ids", ids: [lately as string, before as string] } });
    await sql`update flow_executions set created_at = now() - interval '5 days' where contact_id = ${before as string}::uuid`.execute(
      db.owner,
    );
    expect(await leftOut(await send(flowId, { exclude: { hereDays: 4 } }))).toEqual({ [lately as string]: "was_here_recently" });
    expect(await leftOut(await send(flowId))).toEqual({});
    expect(never).toBeDefined();
  });

  test("who is in another flow now, and not who is in this one or has come to the end of another", async () => {
    const [there, ended, here] = (await buildContacts(db.owner, workspaceId, 3)) as [string, string, string];
    const waiting = chain(node("start"), wait(600), sms());
    const [other, ours] = [await buildFlow(db.owner, workspaceId, waiting), await buildFlow(db.owner, workspaceId, waiting)];
    await send(other, { selection: { type: "ids", ids: [there] } });
    await send(other, { selection: { type: "ids", ids: [here] }, isTest: true });
    await send(await build(), { selection: { type: "ids", ids: [ended] } });
    await send(ours, { selection: { type: "ids", ids: [here] } });
    expect(await leftOut(await send(ours, { exclude: { inAnotherFlow: true } }))).toEqual({ [there]: "in_another_flow" });
  });

  test("who got a message within some days, of which a test and one that did not leave are none", async () => {
    const [lately, before, tested, failed] = (await buildContacts(db.owner, workspaceId, 4)) as [string, string, string, string];
    await message(lately, { days: 2.9 });
    await message(before, { days: 3.1 });
    await message(tested, { days: 1, more: "test" });
    await message(failed, { days: 1, more: "failed" });
    expect(await leftOut(await send(await build(), { exclude: { messagedDays: 3 } }))).toEqual({ [lately]: "messaged_recently" });
  });

  test("who got a message in test mode, until the channel has a provider by which messages leave", async () => {
    const [tried, really] = (await buildContacts(db.owner, workspaceId, 2)) as [string, string];
    await message(really, { days: 1 });
    await message(tried, { days: 1 });
    await sql`update messages set provider = 'capture' where contact_id = ${tried}::uuid`.execute(db.owner);
    const leaveOut = async () => leftOut(await send(await build(), { exclude: { messagedDays: 3 } }));
    const both = { [tried]: "messaged_recently", [really]: "messaged_recently" };
    expect(await leaveOut()).toEqual(both);
    const choose = (channel: Channel) =>
      db.owner.insertInto("providers").values({ workspace_id: workspaceId, channel, provider: "smtp" }).execute();
    await choose("sms");
    expect(await leaveOut()).toEqual(both);
    await choose("email");
    expect(await leaveOut()).toEqual({ [really]: "messaged_recently" });
  });

  test("who has not written within some days", async () => {
    const [wrote, longAgo, never] = (await buildContacts(db.owner, workspaceId, 3)) as [string, string, string];
    await reply(wrote, 6);
    await reply(longAgo, 8);
    expect(await leftOut(await send(await build(), { exclude: { silentDays: 7 } }))).toEqual({
      [longAgo]: "no_recent_reply",
      [never]: "no_recent_reply",
    });
  });

  test("who does not meet its condition, which is told before everything else", async () => {
    const [fresh, other] = [
      await buildContact(db.owner, workspaceId, { lead_status: "New" }),
      await buildContact(db.owner, workspaceId, { lead_status: "Customer" }),
    ];
    await message(other, { days: 1 });
    expect(await leftOut(await send(await build(), { condition: isNew, exclude: { messagedDays: 3 } }))).toEqual({
      [other]: "send_condition",
    });
    expect(sluice.providers.sms.calls).toHaveLength(1);
    expect(fresh).toBeDefined();
  });

  test("nobody in a test, and nobody of the flows that its flow starts", async () => {
    const [contact] = (await buildContacts(db.owner, workspaceId, 1)) as [string];
    await message(contact, { days: 1 });
    const narrowing = { exclude: { messagedDays: 3 } };
    expect(await leftOut(await send(await build(), { ...narrowing, isTest: true }))).toEqual({});
    const child = await build("child");
    const parent = await buildFlow(
      db.owner,
      workspaceId,
      chain(node("start"), sms("parent"), node("start_flow", { flowId: child }, "more")),
    );
    await send(parent, { exclude: { hereDays: 3 } });
    expect(sluice.providers.sms.calls.map(({ text }) => text)).toEqual(expect.arrayContaining(["parent", "child"]));
  });
});

describe("a condition of very many values is asked of fewer contacts at a time,", () => {
  const names = Array.from({ length: 1_800 }, (_, index) => (index === 0 ? "1" : `Name ${index}`));
  const lookingFor = (which: readonly string[]) => ({
    match: "any" as const,
    tests: Array.from({ length: 9 }, (_, index) => ({
      field: "lastname",
      operator: "in" as const,
      value: which.slice(index * 200, (index + 1) * 200),
      caseSensitive: false,
    })),
  });
  const rule = chain(node("start", { enterIf: lookingFor(names) }), sms());
  const countPages = () => {
    const counted = { pages: 0 };
    onBreakPoint((point) => {
      if (point === "page-enrolled") counted.pages += 1;
    });
    return counted;
  };

  test("so no page takes longer for it", async () => {
    await buildContacts(db.owner, workspaceId, 600);
    const counted = countPages();
    expect(Object.keys(await leftOut(await send(await build(), { condition: lookingFor(names) })))).toHaveLength(599);
    expect(counted.pages).toBeGreaterThanOrEqual(3);
  });

  test("together with the rule of the flow, also of contacts that are named and of a forecast", async () => {
    const ids = await buildContacts(db.owner, workspaceId, 400);
    const flowId = await buildFlow(db.owner, workspaceId, rule);
    const counted = countPages();
    const asked = { selection: { type: "ids" as const, ids }, condition: lookingFor(names) };
    expect(Object.keys(await leftOut(await send(flowId, asked)))).toHaveLength(399);
    expect(counted.pages).toBeGreaterThanOrEqual(3);
    let pages = 0;
    const paged = async () => {
      pages += 1;
    };
    const sink = { refused: () => {}, walked: () => {}, paged };
    const context = { db: db.owner, clock: sluice.driver.clock, nodes: nodeRegistry };
    await walkAudience(context, { workspaceId, flowId, providers: {}, most: 1_000, ...asked }, sink);
    expect(pages).toBeGreaterThanOrEqual(3);
  });
});

test("whom two sends at once leave out is judged one after the other, so a contact comes into one of two flows", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 20);
  const waiting = chain(node("start"), wait(600), sms());
  const flows = [await buildFlow(db.owner, workspaceId, waiting), await buildFlow(db.owner, workspaceId, waiting)];
  await Promise.all(
    flows.map((flowId) => sluice.engine.createSend(sendTo(workspaceId, flowId, ids, { exclude: { inAnotherFlow: true } }))),
  );
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from flow_executions where workspace_id = ${workspaceId} group by contact_id`.execute(db.owner);
  expect(rows.map(({ count }) => count)).toEqual(Array(20).fill(1));
});

test("the count before a send, its forecast and the send itself leave out the same contacts for the same reasons, page by page", async () => {
  await restartEngine({ workSizes: { enrollPage: 3 } });
  const ids = await buildContacts(db.owner, workspaceId, 8);
  await db.owner.updateTable("contacts").set({ lead_status: "New" }).where("id", "in", ids.slice(1)).execute();
  for (const id of ids.slice(1, 3)) await message(id, { days: 1 });
  for (const id of ids.slice(1, 6)) await reply(id, 2);
  const narrowing: Narrowing = { condition: isNew, exclude: { messagedDays: 3, silentDays: 7, hereDays: 2, inAnotherFlow: true } };
  const flowId = await build();
  const expected = [
    { reason: "messaged_recently", contacts: 2 },
    { reason: "no_recent_reply", contacts: 2 },
    { reason: "send_condition", contacts: 1 },
  ];
  const byReason = (all: readonly { reason: Reason; contacts: number }[]) => all.toSorted((a, b) => (a.reason < b.reason ? -1 : 1));
  const preview = await sluice.engine.previewSend({ workspaceId, flowId, selection: everybody, oncePerAddress: true, ...narrowing });
  expect(byReason(preview.notEnrolled)).toEqual(expected);
  const { willNotStart, willStart } = await forecast(
    { db: db.owner, clock: sluice.driver.clock, nodes: nodeRegistry },
    { workspaceId, flowId, selection: everybody, providers: {}, most: 100, ...narrowing },
  );
  expect([byReason(willNotStart), willStart]).toEqual([expected, 3]);
  const reasons = Object.values(await leftOut(await send(flowId, narrowing)));
  const counted = [...Map.groupBy(reasons, (reason) => reason)].map(([reason, all]) => ({ reason, contacts: all.length }));
  expect(byReason(counted)).toEqual(expected);
});

test("a send keeps the forecast that was asked about the same who not, and no other", async () => {
  await buildContacts(db.owner, workspaceId, 1);
  const flowId = await build();
  const ask = async (narrowing: Narrowing) =>
    (await sluice.engine.startForecast({ workspaceId, flowId, selection: everybody, askedBy: "person 1", ...narrowing })).forecastId;
  const kept = async (forecastId: string, narrowing: Narrowing) => {
    const { sendId } = await sluice.engine.createSend({
      ...sendTo(workspaceId, flowId, []),
      selection: everybody,
      forecastId,
      ...narrowing,
    });
    const row = await db.owner.selectFrom("flow_sends").select("forecast_id").where("id", "=", sendId).executeTakeFirstOrThrow();
    return row.forecast_id;
  };
  const asked = await ask({ exclude: { messagedDays: 3 } });
  expect(await kept(asked, { exclude: { messagedDays: 4 } })).toBeNull();
  expect(await kept(asked, {})).toBeNull();
  expect(await kept(asked, { exclude: { messagedDays: 3, inAnotherFlow: false } })).toBe(asked);
});
