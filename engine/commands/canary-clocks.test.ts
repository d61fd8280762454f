import { sql } from "kysely";
import { afterEach, describe, expect, test } from "vitest";
import type { CanaryTerms } from "#contract/send-canary.ts";
import { SendingRules } from "#contract/sending-rules.ts";
import { saveSendingRules } from "#db/queries/sending-rules.ts";
import { findSend } from "#db/queries/sends.ts";
import { sendTo } from "#test/engine.ts";
import { db, restartEngine, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { createStillClock } from "../base/clock.ts";
import type { CreateSendInput } from "../engine.ts";

setUpEngine({ timeZone: "Europe/Berlin" });
// What one test leaves under way would be worked on in the next.
afterEach(async () => {
  const open = await db.owner.selectFrom("flow_sends").select(["id", "workspace_id"]).where("ended_at", "is", null).execute();
  for (const { id, workspace_id } of open)
    await sluice.engine.stopSend({ workspaceId: workspace_id, sendId: id, actor }).catch(() => undefined);
  await sluice.wait(600);
});

const actor = { id: null, name: "Ada" };
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const at = (text: string) => Date.parse(text);
const iso = (time: number) => new Date(time).toISOString();
let clock = createStillClock(new Date());
/** The clock stands at this moment, and everything begins anew. */
async function beginAt(moment: string): Promise<void> {
  clock = createStillClock(new Date(moment));
  await restartEngine({}, { clock });
}
/** The clock goes on to this moment and a second more, the workers work, and the few are looked at. */
async function goTo(time: number): Promise<void> {
  await sluice.wait((time - clock.time()) / 1_000 + 1);
  await sluice.engine.tendCanaries();
  await sluice.run();
}
const terms = (more: Partial<CanaryTerms> = {}): CanaryTerms => ({
  ...{ contacts: 1, percent: null, minutes: 15, failurePercent: 2, optOutPercent: 0.5 },
  ...more,
});
const texting = chain(node("start"), sms(), node("end"));
const sent = () => sluice.providers.sms.calls.length;
const read = async (id: string) => {
  const send = await findSend(db.owner, { workspaceId, id });
  if (!send) throw new Error("no send");
  return send;
};
async function send(people: number | string[], canary: Partial<CanaryTerms> = {}, more: Partial<CreateSendInput> = {}): Promise<string> {
  const ids = typeof people === "number" ? await buildContacts(db.owner, workspaceId, people) : people;
  const flowId = await buildFlow(db.owner, workspaceId, texting);
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, ids, { canary: terms(canary), ...more }));
  await goTo(clock.time());
  return sendId;
}
const open = async (sendId: string) => {
  await sluice.engine.openCanary({ workspaceId, sendId, actor });
  await sluice.run();
};
const holdIt = () =>
  sluice.providers.sms.answer(
    { outcome: "rejected", reason: "provider_rejected", message: "No", retryable: false },
    { outcome: "accepted", providerMessageId: "x" },
  );
const peopleIn = async (...zones: string[]) => {
  const ids: string[] = [];
  for (const [index, time_zone] of zones.entries())
    ids.push(await buildContact(db.owner, workspaceId, { time_zone, phone_e164: `+12125550${100 + index}` }));
  return ids;
};
const everyDay = [1, 2, 3, 4, 5, 6, 7];

describe("the rounds of a drip that begins with a few", () => {
  test("are told while they are known: those of the few, nobody's while these are watched or held, then those of the rest", async () => {
    await beginAt("2027-06-01T06:00:00Z");
    const drip = { count: 2, everySeconds: 3_600, days: everyDay };
    const sendId = await send(8, { contacts: 3 }, { drip, start: { at: "2027-06-01T10:00", zone: "workspace" } });
    const first = at("2027-06-01T08:00:00Z");
    const rounds = async () => {
      const { nextAt, firstRoundAt } = await read(sendId);
      return { nextAt, firstRoundAt };
    };
    expect(await rounds()).toEqual({ nextAt: iso(first), firstRoundAt: iso(first) });
    await goTo(first);
    expect([sent(), await rounds()]).toEqual([2, { nextAt: iso(first + hour), firstRoundAt: null }]);
    await goTo(first + hour);
    expect([sent(), await rounds()]).toEqual([3, { nextAt: null, firstRoundAt: null }]);
    await goTo(first + hour + 16 * minute);
    expect((await read(sendId)).canary?.openedBy).toBe("itself");
    const { nextAt } = await rounds();
    expect(Math.abs(at(nextAt as string) - (first + 2 * hour))).toBeLessThan(minute);
  });

  test("open by the clock of the workspace on the day after its clocks are changed, also for a rest that was held meanwhile", async () => {
    // 16:00 in Berlin on the day before, and 9:00 on the day of the change.
    for (const [begun, opens] of [
      ["2027-03-27T15:00:00Z", "2027-03-28T07:00:00Z"],
      ["2027-10-30T14:00:00Z", "2027-10-31T08:00:00Z"],
    ] as const) {
      await beginAt(begun);
      holdIt();
      const drip = { count: 5, everySeconds: 600, days: everyDay, hours: { from: "09:00", to: "17:00" } };
      const sendId = await send(5, {}, { drip });
      expect((await read(sendId)).canary?.heldAt).not.toBeNull();
      await goTo(at(opens) - 2 * hour);
      await open(sendId);
      expect([sent(), (await read(sendId)).nextAt]).toEqual([1, opens.replace("Z", ".000Z")]);
      await goTo(at(opens) - minute);
      expect(sent()).toBe(1);
      await goTo(at(opens));
      expect(sent()).toBe(5);
    }
  });
});

describe("over a change of the clocks", () => {
  test.each([
    ["2027-03-14T01:00:00Z", "2027-03-14T13:00:00Z"],
    ["2027-11-07T01:00:00Z", "2027-11-07T14:00:00Z"],
  ])("the few wait for the sending hours, and the time for which they are watched begins with these (%s)", async (begun, opens) => {
    await beginAt(begun);
    await saveSendingRules(db.owner, {
      workspaceId,
      rules: SendingRules.parse({ quietHours: { on: true, from: "09:00", to: "18:00", also: ["transactional"] } }),
    });
    const sendId = await send(await peopleIn("America/New_York", "America/New_York", "America/New_York"));
    await goTo(at(opens) - minute);
    expect([sent(), (await read(sendId)).canary]).toMatchObject([0, { watchedSince: null, seen: { waiting: 1 } }]);
    // Those who wait for the same hours do not all leave in their first second.
    const { rows } = await sql<{
      due: Date;
    }>`select wake_at as due from flow_executions where send_id = ${sendId}::uuid and wake_at is not null`.execute(db.owner);
    const due = rows[0]?.due.getTime() ?? 0;
    expect(due - at(opens)).toBeGreaterThanOrEqual(0);
    expect(due - at(opens)).toBeLessThan(hour);
    await goTo(due);
    expect(sent()).toBe(1);
    await goTo(due + 14 * minute);
    expect(sent()).toBe(1);
    await goTo(due + 15 * minute + 2_000);
    expect([sent(), (await read(sendId)).canary?.openedBy]).toEqual([3, "itself"]);
  });

  // A quarter past two does not come in Berlin on the first of these days, and comes twice on the other. It is the hour after the one
  // that is left out, and the second of the two, as it is for every send.
  test.each([
    ["2027-03-28T02:15", "2027-03-28T01:15:00Z", "2027-03-28T06:15:00Z"],
    ["2027-10-31T02:15", "2027-10-31T01:15:00Z", "2027-10-31T06:15:00Z"],
  ])(
    "the few begin by their own clock, and the rest by theirs or, where that was while it was held, at once (%s)",
    async (start, berlin, york) => {
      await beginAt(iso(at(berlin) - day));
      const people = await peopleIn("Europe/Berlin", "Europe/Berlin", "Europe/Berlin", "America/New_York");
      const sendId = await send(people, {}, { start: { at: start, zone: "contact" } });
      holdIt();
      await goTo(at(berlin) - minute);
      expect(sent()).toBe(0);
      await goTo(at(berlin));
      expect([sent(), (await read(sendId)).canary?.heldAt]).toEqual([1, expect.any(String)]);
      await goTo(at(berlin) + hour);
      expect(sent()).toBe(1);
      await open(sendId);
      expect(sent()).toBe(3);
      await goTo(at(york) - minute);
      expect(sent()).toBe(3);
      await goTo(at(york));
      expect([sent(), (await read(sendId)).state]).toEqual([4, "done"]);
    },
  );

  test.each([
    // Two hours on the clock on the wall are one in truth.
    ["2027-03-28T00:30:00Z", "2027-03-28T03:30", 60],
    // Half an hour on the clock on the wall is one and a half in truth.
    ["2027-10-31T00:30:00Z", "2027-10-31T03:00", 90],
  ])(
    "a send whose few are watched until it is too late is refused by the hours that really pass (%s until %s)",
    async (begun, notLaterThan, minutes) => {
      await beginAt(begun);
      const people = await buildContacts(db.owner, workspaceId, 3);
      await expect(send(people, { minutes }, { notLaterThan })).rejects.toMatchObject({ code: "send_too_late" });
      await send(people, { minutes: minutes - 2 }, { notLaterThan });
      await goTo(at(begun) + (minutes - 1) * minute);
      expect(sent()).toBe(3);
    },
  );

  test.each([
    ["2027-03-27T22:00:00Z", "2027-03-28T09:00", "2027-03-28T07:00:00Z"],
    ["2027-10-30T22:00:00Z", "2027-10-31T09:00", "2027-10-31T08:00:00Z"],
  ])("what is held until it is too late is skipped, and a minute before it is not (%s)", async (begun, notLaterThan, end) => {
    const outcome = async (opened: number) => {
      await beginAt(begun);
      holdIt();
      const sendId = await send(3, {}, { notLaterThan });
      await goTo(opened);
      await open(sendId);
      const { rows } = await sql<{ reason: string | null }>`
        select s.reason from flow_executions e join flow_execution_steps s on s.flow_execution_id = e.id
        where e.send_id = ${sendId}::uuid and s.node_type = 'send_sms' and s.status <> 'failed' order by s.reason`.execute(db.owner);
      return rows.map(({ reason }) => reason);
    };
    expect(await outcome(at(end) - minute)).toEqual([null, null]);
    expect(await outcome(at(end))).toEqual(["too_late", "too_late"]);
  });
});
