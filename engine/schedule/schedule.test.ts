import { sql } from "kysely";
import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import type { Drip } from "#contract/sends.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { allow, nextOpening } from "../base/drip-rounds.ts";
import type { CreateSendInput } from "../engine.ts";

setUpEngine({ timeZone: "Asia/Kathmandu" });

const actor = { id: null, name: "Ada" };
const allDays = [1, 2, 3, 4, 5, 6, 7];
const sent = () => sluice.providers.sms.calls.length;
const inHours = (hours: number, zone: string) => DateTime.now().setZone(zone).plus({ hours }).toFormat("yyyy-MM-dd'T'HH:mm");

async function begin(people: number | string[], more: Partial<CreateSendInput>) {
  const ids = typeof people === "number" ? await buildContacts(db.owner, workspaceId, people) : people;
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, ids, more));
  await sluice.run();
  return sendId;
}

describe("a start", () => {
  test("on the workspace's clock: nobody begins before, everybody after", async () => {
    const sendId = await begin(3, { start: { at: inHours(5, "Asia/Kathmandu"), zone: "workspace" } });
    await sluice.wait(4.9 * 3600);
    expect(sent()).toBe(0);
    const { next_at } = await db.owner.selectFrom("flow_sends").select("next_at").where("id", "=", sendId).executeTakeFirstOrThrow();
    expect(Math.abs((next_at as Date).getTime() - Date.now() - 5 * 3_600_000)).toBeLessThan(120_000);
    await sluice.wait(0.2 * 3600);
    expect(sent()).toBe(3);
  });

  test("in the past is refused and begins nothing, on whichever clock, because a wrong date is nobody's wish for now", async () => {
    for (const zone of ["workspace", "contact"] as const)
      await expect(begin(3, { start: { at: "2020-01-01T09:00", zone } })).rejects.toMatchObject({ code: "start_passed" });
    await sluice.run();
    expect(sent()).toBe(0);
    expect(await db.owner.selectFrom("flow_sends").select("id").where("workspace_id", "=", workspaceId).execute()).toEqual([]);
  });

  test("that has come while the request was on its way is now", async () => {
    await begin(3, { start: { at: inHours(-2 / 60, "Asia/Kathmandu"), zone: "workspace" } });
    expect(sent()).toBe(3);
  });

  test("on each contact's own clock: by their zone, and by the workspace's where theirs is not known", async () => {
    const at = inHours(6, "UTC");
    const people: [string | null, number][] = [
      ["UTC", 6],
      ["Asia/Tokyo", -3],
      ["America/New_York", 10],
      ["Mars/Olympus", 0],
      [null, 0],
    ];
    const ids: string[] = [];
    for (const [zone] of people) ids.push(await buildContact(db.owner, workspaceId, { time_zone: zone }));
    const sendId = await begin(ids, { start: { at, zone: "contact" } });
    const order = async () => {
      const { rows } = await sql<{ zone: string | null }>`select c.time_zone as zone from messages m join contacts c on c.id = m.contact_id
        where m.send_id = ${sendId}::uuid order by m.created_at`.execute(db.owner);
      return rows.map(({ zone }) => zone);
    };
    // At six o'clock UTC it was that time in Tokyo nine hours before, and in Kathmandu a quarter to six hours before.
    expect(await order()).toEqual(["Asia/Tokyo"]);
    await sluice.wait(0.5 * 3600);
    expect((await order()).toSorted()).toEqual(["Asia/Tokyo", "Mars/Olympus", null].toSorted());
    await sluice.wait(5.6 * 3600);
    expect(await order()).toHaveLength(4);
    await sluice.wait(6 * 3600);
    expect(await order()).toHaveLength(5);
  });

  test("can be moved while nobody has begun, also to now, and not afterwards", async () => {
    const sendId = await begin(3, { start: { at: inHours(5, "Asia/Kathmandu"), zone: "workspace" } });
    const of = { workspaceId, sendId, actor };
    await sluice.engine.rescheduleSend({ ...of, patch: { start: { at: inHours(50, "Asia/Kathmandu"), zone: "workspace" } } });
    await sluice.wait(6 * 3600);
    expect(sent()).toBe(0);
    await expect(
      sluice.engine.rescheduleSend({ ...of, patch: { start: { at: "2030-01-01T09:00", zone: "contact" } } }),
    ).rejects.toMatchObject({
      code: "conflict",
    });
    await sluice.engine.rescheduleSend({ ...of, patch: { start: null } });
    await sluice.run();
    expect(sent()).toBe(3);
  });

  test("on each contact's own clock can be moved as well", async () => {
    const ids = [await buildContact(db.owner, workspaceId, { time_zone: "UTC" })];
    const sendId = await begin(ids, { start: { at: inHours(5, "UTC"), zone: "contact" } });
    await sluice.engine.rescheduleSend({ workspaceId, sendId, actor, patch: { start: { at: inHours(1, "UTC"), zone: "contact" } } });
    await sluice.wait(1.1 * 3600);
    expect(sent()).toBe(1);
  });
});

describe("a drip", () => {
  const drip: Drip = { count: 2, everySeconds: 600, days: allDays };

  test("lets so many begin per round, never more, until everybody has", async () => {
    const sendId = await begin(5, { drip });
    expect(sent()).toBe(2);
    await sluice.wait(590);
    expect(sent()).toBe(2);
    await sluice.wait(11);
    expect(sent()).toBe(4);
    await sluice.wait(601);
    expect(sent()).toBe(5);
    expect((await db.owner.selectFrom("flow_sends").select("state").where("id", "=", sendId).executeTakeFirst())?.state).toBe("done");
  });

  test("what was missed while nobody worked does not come at once", async () => {
    await begin(6, { drip });
    sluice.driver.clock.forward(3 * 600_000);
    await sluice.run();
    expect(sent()).toBe(4);
  });

  test("can be made faster, slower and taken away while it runs", async () => {
    const sendId = await begin(9, { drip });
    const change = (patch: { drip: Drip | null }) => sluice.engine.rescheduleSend({ workspaceId, sendId, actor, patch });
    await change({ drip: { ...drip, count: 3 } });
    await sluice.run();
    expect(sent()).toBe(3);
    await change({ drip: { ...drip, count: 1, everySeconds: 60 } });
    await sluice.wait(61);
    expect(sent()).toBe(4);
    await change({ drip: null });
    await sluice.run();
    expect(sent()).toBe(9);
  });

  test("over several chunks and lanes keeps to its count", async () => {
    await buildContacts(db.owner, workspaceId, 1_300);
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
    const selection: CreateSendInput["selection"] = { type: "filter", filter: { tests: [] }, excluded: [] };
    await sluice.engine.createSend({
      ...sendTo(workspaceId, flowId, []),
      selection,
      drip: { ...drip, count: 700 },
    });
    await sluice.run();
    expect(sent()).toBe(700);
    await sluice.wait(601);
    expect(sent()).toBe(1_300);
  });

  test("keeps to its days and hours, over midnight and over a change of the clock", () => {
    const at = (text: string, zone = "Europe/Berlin") => DateTime.fromISO(text, { zone }).toMillis();
    const office: Drip = { ...drip, days: [1, 2, 3, 4, 5], hours: { from: "09:00", to: "17:00" } };
    const opens = (rule: Drip, text: string) =>
      DateTime.fromMillis(nextOpening(rule, at(text), "Europe/Berlin"), { zone: "Europe/Berlin" }).toFormat("ccc HH:mm");
    expect(opens(office, "2026-11-24T08:00")).toBe("Tue 09:00");
    expect(opens(office, "2026-11-24T12:34")).toBe("Tue 12:34");
    expect(opens(office, "2026-11-24T17:00")).toBe("Wed 09:00");
    expect(opens(office, "2026-11-27T18:00")).toBe("Mon 09:00");
    const night: Drip = { ...drip, days: [5], hours: { from: "22:00", to: "02:00" } };
    expect(opens(night, "2026-11-28T01:00")).toBe("Sat 01:00");
    expect(opens(night, "2026-11-28T02:00")).toBe("Fri 22:00");
    // The clock springs forward over half past two.
    expect(opens({ ...drip, hours: { from: "02:30", to: "04:00" } }, "2027-03-28T00:00")).toBe("Sun 03:30");
    expect(allow(office, { at: at("2026-11-24T16:55"), used: 2 }, at("2026-11-24T16:56"), "Europe/Berlin")).toEqual({
      open: false,
      nextAt: at("2026-11-25T09:00"),
    });
  });
});
