import { sql } from "kysely";
import { DateTime } from "luxon";
import { expect, test } from "vitest";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpTestDb } from "#test/engine-fixture.ts";
import { buildContact, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { twelveZones, wallClock } from "#test/zones.ts";

setUpTestDb();

/** The days of the coming year before clocks change: in America, Europe and Australia, forward and back. */
const eves = Array.from({ length: 366 }, (_, index) =>
  DateTime.utc()
    .startOf("day")
    .plus({ days: index + 1 })
    .set({ hour: 10 }),
).filter((day) => twelveZones.some((zone) => day.setZone(zone).offset !== day.plus({ days: 1 }).setZone(zone).offset));
const perZone = 6;

test("delays until nine the next day, in twelve zones at every change of the clocks, end at the right minute on the wall", async () => {
  const workspaceId = await buildWorkspace(db.owner);
  const contacts: string[] = [];
  const names: string[] = [];
  for (const zone of twelveZones) {
    for (let i = 0; i < perZone; i += 1) {
      contacts.push(await buildContact(db.owner, workspaceId, { time_zone: zone, firstname: zone }));
      names.push(zone);
    }
  }
  const flow = chain(node("start"), node("delay", { mode: "until_time", time: "09:00" }), sms("{{firstname}}"));
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const sluice = await startTestEngine(db.owner);
  const forwardTo = async (moment: number) => {
    const { rows } = await sql<{ now: Date }>`select ${sluice.driver.clock.now} as now`.execute(db.owner);
    await sluice.wait((moment - (rows[0]?.now.getTime() ?? 0)) / 1000);
  };

  expect(eves.length).toBeGreaterThanOrEqual(7);
  for (const eve of eves) {
    // Nine has gone by in all twelve zones, but the day has not begun in the east.
    const begin = eve.toMillis();
    await forwardTo(begin);
    await sluice.engine.createSend(sendTo(workspaceId, flowId, contacts));
    await sluice.run();
    const { rows } = await sql<{ zone: string; wake_at: Date }>`
      select c.time_zone as zone, e.wake_at from flow_executions e join contacts c on c.id = e.contact_id
      where e.workspace_id = ${workspaceId} and e.status = 'running'`.execute(db.owner);
    expect(rows).toHaveLength(twelveZones.length * perZone);
    for (const { zone, wake_at } of rows) {
      expect(wallClock(wake_at, zone).time, `${zone} ${wake_at.toISOString()}`).toBe("09:00");
      expect(wake_at.getTime() - begin).toBeGreaterThan(0);
      expect(wake_at.getTime() - begin).toBeLessThanOrEqual(25 * 3_600_000);
    }
    // The messages leave then: all of a zone together, none before its moment.
    const moments = [...new Set(rows.map(({ wake_at }) => wake_at.getTime()))].sort((a, b) => a - b);
    for (const moment of moments) {
      const before = sluice.providers.sms.calls.length;
      await forwardTo(moment - 2_000);
      expect(sluice.providers.sms.calls).toHaveLength(before);
      await forwardTo(moment + 100);
      const due = rows.filter(({ wake_at }) => wake_at.getTime() === moment).map(({ zone }) => zone);
      expect(
        sluice.providers.sms.calls
          .slice(before)
          .map(({ text }) => text)
          .sort(),
      ).toEqual(due.sort());
    }
  }
  expect(sluice.providers.sms.calls).toHaveLength(eves.length * names.length);
});

test("who is woken after its window has closed waits for the next, and the history says both waits", async () => {
  const workspaceId = await buildWorkspace(db.owner, { timeZone: "Asia/Kolkata" });
  const contactId = await buildContact(db.owner, workspaceId);
  const window = node("time_window", { days: [1, 2, 3, 4, 5, 6, 7], from: "09:00", to: "10:00", zone: "workspace" });
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), window, sms()));
  const sluice = await startTestEngine(db.owner);
  const { rows } = await sql<{ now: Date }>`select ${sluice.driver.clock.now} as now`.execute(db.owner);
  const now = rows[0]?.now as Date;
  const noon = Date.parse(`${wallClock(new Date(now.getTime() + 86_400_000), "Asia/Kolkata").date}T06:30:00Z`);
  await sluice.wait((noon - now.getTime()) / 1000);
  const { executionId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  await sluice.run();
  // As if no worker had been there for a day and an hour: it is noon again.
  await sluice.wait(24 * 3600);
  expect(sluice.providers.sms.calls).toEqual([]);
  await sluice.wait(21.5 * 3600);
  expect(sluice.providers.sms.calls).toHaveLength(1);
  const steps = await db.owner
    .selectFrom("flow_execution_steps")
    .select(["node_id", "visit", "attempt", "status", "exit"])
    .where("flow_execution_id", "=", executionId as string)
    .orderBy("created_at")
    .execute();
  expect(steps).toEqual([
    { node_id: "start", visit: 1, attempt: 1, status: "completed", exit: "next" },
    { node_id: "time_window", visit: 2, attempt: 1, status: "completed", exit: null },
    { node_id: "time_window", visit: 2, attempt: 2, status: "completed", exit: "inside" },
    { node_id: "sms", visit: 3, attempt: 1, status: "completed", exit: "sent" },
  ]);
});
