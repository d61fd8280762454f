import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ForecastContactsQuery, KeptForecast } from "#contract/forecasts.ts";
import { keptForecasts, mostForecastsUnderWay } from "#contract/forecasts.ts";
import { deleteExpiredRows } from "#db/queries/expired-rows.ts";
import { findForecast, listForecastContacts } from "#db/queries/forecasts.ts";
import { eraseAtOnce, freeTheDead, sendTo, startTestEngine } from "#test/engine.ts";
import { db, restartEngine, setUpWorkspace, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";
import { onBreakPoint, SimulatedCrash } from "../base/break-point.ts";
import { requeueLostForecasts } from "../schedule/dead-workers.ts";
import type { ForecastSendInput } from "../send-api.ts";

setUpWorkspace();
beforeEach(() => restartEngine({ workSizes: { forecastAtOnce: 3, forecastPage: 4 } }));

/** What is kept of the contacts of a forecast that is done is what its sums say. */
afterEach(async () => {
  const { rows } = await sql`
    select k.id from forecasts k
    cross join lateral (select count(*) as everyone, count(*) filter (where refusal is null) as started from forecast_contacts c where c.forecast_id = k.id) c
    where k.state = 'done' and k.finished_at > now() - interval '1 hour'
      and (k.looked, (k.sums ->> 'total')::int, (k.sums ->> 'willStart')::int) is distinct from (c.everyone, c.everyone, c.started)
      and not exists (select from flows f where f.id = k.flow_id and f.name = 'somebody is erased')`.execute(db.owner);
  expect(rows).toEqual([]);
});

const everybody = { type: "filter" as const, filter: { tests: [] }, excluded: [] };
const flow = () => buildFlow(db.owner, workspaceId, chain(node("start"), sms("Hi"), wait(60), sms("Again", {}, "again"), node("end")));
type Ask = Partial<ForecastSendInput> & { askedBy?: string };
const ask = async (flowId: string, more: Ask = {}) =>
  (await sluice.engine.startForecast({ workspaceId, flowId, selection: everybody, askedBy: "person 1", ...more })).forecastId;
const read = async (id: string) => (await findForecast(db.owner, { workspaceId, id })) as KeptForecast;
const countRows = async (id: string) => {
  const { rows } = await sql<{ contacts: number; ways: number }>`
    select (select count(*)::int from forecast_contacts where forecast_id = ${id}::uuid) as contacts,
      (select count(*)::int from forecast_ways where forecast_id = ${id}::uuid) as ways`.execute(db.owner);
  return rows[0];
};
/** Ten contacts, of whom two have no number and one must not be contacted. */
async function buildTen(): Promise<void> {
  await buildContacts(db.owner, workspaceId, 7);
  await buildContact(db.owner, workspaceId, { phone_e164: null });
  await buildContact(db.owner, workspaceId, { phone_e164: null });
  await buildContact(db.owner, workspaceId, { dnc: true });
}

test("a workspace keeps the last forecasts, however many it asks for, and those that a send followed", async () => {
  await buildContacts(db.owner, workspaceId, 2);
  const flowId = await flow();
  const followed = await ask(flowId);
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [], { selection: everybody }));
  await db.owner.updateTable("flow_sends").set({ forecast_id: followed }).where("id", "=", sendId).execute();
  const asked: string[] = [];
  for (let count = 0; count < keptForecasts + 4; count += 1) asked.push(await ask(flowId));
  const { rows } = await sql<{ id: string }>`select id from forecasts where workspace_id = ${workspaceId} order by created_at, id`.execute(
    db.owner,
  );
  expect(rows.map(({ id }) => id)).toEqual([followed, ...asked.slice(-keptForecasts)]);
});

describe("a forecast of few contacts", () => {
  test("is done when it is answered, and keeps what it told of each", async () => {
    await buildContacts(db.owner, workspaceId, 2);
    const id = await ask(await flow());
    expect(await read(id)).toMatchObject({ state: "done", total: 2, looked: 2, forecast: { willStart: 2, channels: [{ messages: 4 }] } });
    expect(await countRows(id)).toEqual({ contacts: 2, ways: 1 });
    const { rows } = await sql<{ times: number }>`
      select array_length(messages_at, 1) as times from forecast_contacts where forecast_id = ${id}::uuid`.execute(db.owner);
    expect(rows).toEqual([{ times: 2 }, { times: 2 }]);
    expect(sluice.providers.sms.calls).toEqual([]);
  });
});

describe("a forecast of many contacts", () => {
  test("grows page by page and ends with the sums that it would have had at once", async () => {
    await buildTen();
    const flowId = await flow();
    const id = await ask(flowId);
    expect(await read(id)).toMatchObject({ state: "waiting", total: 10, looked: 0, forecast: null });
    const seen: number[] = [];
    onBreakPoint(async (point) => {
      if (point === "forecast-page-kept") seen.push((await read(id)).looked);
    });
    await sluice.run();
    expect(seen.slice(0, 3)).toEqual([4, 8, 10]);
    const kept = await read(id);
    expect(kept).toMatchObject({ state: "done", looked: 10, errorMessage: null, flowChanged: false });
    expect(kept.forecast).toMatchObject({ total: 10, willStart: 10, nothing: 3, channels: [{ messages: 14, contacts: 7 }] });
    await restartEngine();
    const atOnce = await read(await ask(flowId));
    expect(atOnce.forecast?.nodes).toEqual(kept.forecast?.nodes);
    expect(await countRows(id)).toMatchObject({ contacts: 10 });
    const { rows } = await sql`select from forecasts where id = ${id}::uuid and question is null`.execute(db.owner);
    expect(rows).toHaveLength(1);
  });

  test("names who gets nothing, by reason", async () => {
    await buildTen();
    const id = await ask(await flow());
    await sluice.run();
    const who = async (which: Pick<ForecastContactsQuery, "who" | "reason" | "nodeId">) =>
      (await listForecastContacts(db.owner, { workspaceId, id, limit: 50, ...which })).items.length;
    expect(await who({ who: "at_node", reason: "no_phone", nodeId: "sms" })).toBe(2);
    expect(await who({ who: "at_node", reason: "dnc", nodeId: "again" })).toBe(1);
    expect(await who({ who: "at_node", reason: "dnc", nodeId: "end" })).toBe(0);
    expect(await who({ who: "not_starting", reason: "dnc" })).toBe(0);
    expect(await who({ who: "nothing", reason: "no_phone" })).toBe(2);
    expect((await read(id)).forecast?.nothingBy).toEqual([
      { reason: "no_phone", contacts: 2 },
      { reason: "dnc", contacts: 1 },
    ]);
  });

  test("is stopped by a cancel, and nothing is written after it", async () => {
    await buildTen();
    const id = await ask(await flow());
    onBreakPoint(async (point) => {
      if (point !== "forecast-page-kept") return;
      onBreakPoint(undefined);
      await sluice.engine.cancelForecast({ workspaceId, forecastId: id });
    });
    await sluice.run();
    expect(await read(id)).toMatchObject({ state: "cancelled", looked: 4 });
    expect(await countRows(id)).toMatchObject({ contacts: 4 });
    await sluice.engine.cancelForecast({ workspaceId: randomUUID(), forecastId: id });
    await sluice.engine.cancelForecast({ workspaceId, forecastId: id });
    expect(await read(id)).toMatchObject({ state: "cancelled" });
  });

  test("begins anew where its worker was killed, and counts nobody twice", async () => {
    await buildTen();
    const id = await ask(await flow());
    onBreakPoint((point) => {
      if (point === "forecast-page-kept") throw new SimulatedCrash(point);
    });
    await expect(sluice.run()).rejects.toThrow(SimulatedCrash);
    onBreakPoint(undefined);
    expect(await read(id)).toMatchObject({ state: "running", looked: 4 });
    // Whether the flow was changed is told at the end.
    await db.owner
      .updateTable("flows")
      .set({ settings: JSON.stringify({ note: 1 }) })
      .where("workspace_id", "=", workspaceId)
      .execute();
    expect(await read(id)).toMatchObject({ state: "running", flowChanged: false });
    const other = await startTestEngine(db.owner, { workSizes: { forecastAtOnce: 3, forecastPage: 4 } });
    await freeTheDead(db.owner, sluice);
    await other.run();
    expect(await read(id)).toMatchObject({ state: "running", looked: 4 });
    await sql`update forecasts set moved_at = moved_at - interval '1 hour' where id = ${id}::uuid`.execute(db.owner);
    await requeueLostForecasts({ db: db.owner, driver: other.driver });
    await other.run();
    expect(await read(id)).toMatchObject({ state: "done", looked: 10, forecast: { total: 10 } });
    expect(await countRows(id)).toMatchObject({ contacts: 10 });
  });

  test("fails with a sentence after three walks that came to nothing", async () => {
    await buildTen();
    const id = await ask(await flow());
    await sql`update forecasts set walks = 3 where id = ${id}::uuid`.execute(db.owner);
    await sluice.run();
    expect(await read(id)).toMatchObject({ state: "failed", errorMessage: expect.stringContaining("could not be finished") });
  });

  test("of a flow that can no longer be sent when its turn comes fails with the reason", async () => {
    await buildTen();
    const flowId = await flow();
    const id = await ask(flowId);
    await db.owner.updateTable("flows").set({ nodes: "[]", edges: "[]" }).where("id", "=", flowId).execute();
    await sluice.run();
    expect(await read(id)).toMatchObject({ state: "failed", errorMessage: expect.stringContaining("no steps") });
  });

  test("of a flow that was edited before its turn is of the flow as it is then, and one edited after it is told", async () => {
    await buildTen();
    const flowId = await flow();
    const id = await ask(flowId);
    const set = (text: string) => {
      const { nodes, edges } = chain(node("start"), sms(text));
      return db.owner
        .updateTable("flows")
        .set({ nodes: JSON.stringify(nodes), edges: JSON.stringify(edges) })
        .where("id", "=", flowId)
        .execute();
    };
    await set("Once");
    await sluice.run();
    expect(await read(id)).toMatchObject({ state: "done", flowChanged: false, forecast: { channels: [{ messages: 7 }] } });
    await set("Twice");
    expect(await read(id)).toMatchObject({ state: "done", flowChanged: true, forecast: { channels: [{ messages: 7 }] } });
  });

  test("tells contacts that came or went meanwhile by its numbers", async () => {
    await buildTen();
    const id = await ask(await flow());
    await buildContacts(db.owner, workspaceId, 2);
    await sluice.run();
    expect(await read(id)).toMatchObject({ state: "done", total: 10, looked: 12, forecast: { total: 12 } });
  });

  test("is one for each who asks: asking anew ends what was under way, and of others there are few at a time", async () => {
    await buildTen();
    const flowId = await flow();
    const first = await ask(flowId);
    const second = await ask(flowId);
    expect([(await read(first)).state, (await read(second)).state]).toEqual(["cancelled", "waiting"]);
    for (let other = 2; other <= mostForecastsUnderWay; other += 1) await ask(flowId, { askedBy: `person ${other}` });
    await expect(ask(flowId, { askedBy: "person 9" })).rejects.toMatchObject({ code: "workspace_busy" });
    await ask(flowId, { askedBy: "person 2" });
    await sluice.run();
    expect((await read(second)).state).toBe("done");
    await ask(flowId, { askedBy: "person 9" });
  });
});

test("a send keeps a forecast that is done, and none that is still under way", async () => {
  const [contact] = await buildContacts(db.owner, workspaceId, 5);
  const flowId = await flow();
  const selection = { type: "ids" as const, ids: [contact as string] };
  const forecastOf = async (sendId: string) =>
    (await db.owner.selectFrom("flow_sends").select("forecast_id").where("id", "=", sendId).executeTakeFirstOrThrow()).forecast_id;
  const done = await ask(flowId, { selection });
  const made = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contact as string], { forecastId: done }));
  expect(await forecastOf(made.sendId)).toBe(done);
  const growing = await ask(flowId);
  const input = { ...sendTo(workspaceId, flowId, []), selection: everybody, forecastId: growing };
  expect(await forecastOf((await sluice.engine.createSend(input)).sendId)).toBeNull();
});

test("a forecast is kept for a day, and for thirty where a send followed it", async () => {
  const [contact] = await buildContacts(db.owner, workspaceId, 1);
  const flowId = await flow();
  const selection = { type: "ids" as const, ids: [contact as string] };
  const [forgotten, followed, old] = [await ask(flowId, { selection }), await ask(flowId, { selection }), await ask(flowId, { selection })];
  for (const forecastId of [followed, old])
    await sluice.engine.createSend(sendTo(workspaceId, flowId, [contact as string], { forecastId }));
  await sql`update forecasts set created_at = now() - interval '2 days' where id in (${forgotten}::uuid, ${followed}::uuid)`.execute(
    db.owner,
  );
  await sql`update forecasts set created_at = now() - interval '31 days' where id = ${old}::uuid`.execute(db.owner);
  await deleteExpiredRows(db.owner);
  const left = await db.owner.selectFrom("forecasts").select("id").where("workspace_id", "=", workspaceId).execute();
  expect(left).toEqual([{ id: followed }]);
  expect(await countRows(forgotten)).toEqual({ contacts: 0, ways: 0 });
});

test("of a contact that is erased nothing stays in a forecast but the sums", async () => {
  const [contact] = await buildContacts(db.owner, workspaceId, 2);
  const flowId = await flow();
  await db.owner.updateTable("flows").set({ name: "somebody is erased" }).where("id", "=", flowId).execute();
  const id = await ask(flowId);
  await eraseAtOnce(sluice, { workspaceId, ids: [contact as string] });
  expect(await countRows(id)).toMatchObject({ contacts: 1 });
  expect((await read(id)).forecast?.total).toBe(2);
});
