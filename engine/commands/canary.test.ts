import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { DateTime } from "luxon";
import { afterEach, describe, expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { type CanaryTerms, fewOf } from "#contract/send-canary.ts";
import { findSend } from "#db/queries/sends.ts";
import { freeTheDead, sendTo, startTestEngine } from "#test/engine.ts";
import { changeWorkspace, db, restartEngine, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";
import { type BreakPoint, onBreakPoint, SimulatedCrash } from "../base/break-point.ts";
import type { CreateSendInput } from "../engine.ts";

setUpEngine();
// What one test leaves under way would be worked on in the next.
afterEach(async () => {
  onBreakPoint(undefined);
  const open = await db.owner.selectFrom("flow_sends").select(["id", "workspace_id"]).where("ended_at", "is", null).execute();
  for (const { id, workspace_id } of open)
    await sluice.engine.stopSend({ workspaceId: workspace_id, sendId: id, actor }).catch(() => undefined);
  await sluice.wait(600);
});

const actor = { id: null, name: "Ada" };
const everybody: CreateSendInput["selection"] = { type: "filter", filter: { tests: [] }, excluded: [] };
const terms = (more: Partial<CanaryTerms> = {}): CanaryTerms => ({
  ...{ contacts: 3, percent: null, minutes: 15, failurePercent: 2, optOutPercent: 0.5 },
  ...more,
});
const texting = chain(node("start"), sms(), node("end"));
const sent = () => sluice.providers.sms.calls.length;
const tend = async () => {
  const decided = await sluice.engine.tendCanaries();
  await sluice.run();
  return decided;
};
/** The clock goes on, the workers work, and the few are looked at. */
const later = async (seconds: number) => {
  await sluice.wait(seconds);
  return tend();
};

interface Begun {
  flow?: FlowGraph;
  people?: number | string[];
  canary?: Partial<CanaryTerms>;
  more?: Partial<CreateSendInput>;
}

/** Makes a send that begins with a few of everybody, or of these contacts. */
async function begin({ flow = texting, people = 10, canary, more }: Begun = {}): Promise<string> {
  const ids = typeof people === "number" ? await buildContacts(db.owner, workspaceId, people) : people;
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const { sendId } = await sluice.engine.createSend({
    ...sendTo(workspaceId, flowId, ids, { canary: terms(canary), ...more }),
    ...(typeof people === "number" && { selection: everybody }),
  });
  await sluice.run();
  await tend();
  return sendId;
}
const read = async (id: string) => {
  const send = await findSend(db.owner, { workspaceId, id });
  if (!send) throw new Error("no send");
  return send;
};
const of = (sendId: string) => ({ workspaceId, sendId, actor });
const audit = async (sendId: string) =>
  (await db.owner.selectFrom("audit_log").select(["action", "actor_name", "details"]).where("subject_id", "=", sendId).execute()).map(
    ({ action }) => action,
  );
const notices = async (sendId: string) =>
  (await db.owner.selectFrom("notices").select("kind").where("send_id", "=", sendId).execute()).map(({ kind }) => kind);
const refuse = { outcome: "rejected", reason: "provider_rejected", message: "No", retryable: false } as const;

describe("a send that begins with a few", () => {
  test("goes to the few alone, then to all others, each once", async () => {
    const sendId = await begin();
    expect(sent()).toBe(3);
    expect(await read(sendId)).toMatchObject({
      state: "canary",
      enrolled: 10,
      active: 7,
      canary: { few: 3, seen: { begun: 3, sent: 3, failed: 0 }, openedAt: null, heldAt: null, watchedSince: expect.any(String) },
    });
    expect(await later(14 * 60)).toBe(0);
    expect(sent()).toBe(3);
    expect(await later(61)).toBe(1);
    expect(sent()).toBe(10);
    expect(new Set(sluice.providers.sms.calls.map(({ to }) => to)).size).toBe(10);
    expect(await read(sendId)).toMatchObject({ state: "done", completed: 10, canary: { openedBy: "itself" } });
    expect(await audit(sendId)).toEqual(["send.canary_passed"]);
    expect(await notices(sendId)).toEqual([]);
  });

  test("of named contacts too, whom the answer enrolls", async () => {
    const people = await buildContacts(db.owner, workspaceId, 8);
    const sendId = await begin({ people });
    expect(sent()).toBe(3);
    await later(15 * 60 + 1);
    expect(sent()).toBe(8);
    expect((await read(sendId)).state).toBe("done");
  });

  test("begins with everybody where there are no more than the few", async () => {
    for (const people of [1, 2, 3]) {
      await changeWorkspace();
      const sendId = await begin({ people });
      expect(await read(sendId)).toMatchObject({ state: "done", completed: people, canary: { openedBy: "too_few", few: null } });
    }
    // Nobody may enter, so nobody is left to be held.
    await changeWorkspace();
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(3_600), node("end")));
    const ids = await buildContacts(db.owner, workspaceId, 5);
    await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
    const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, ids, { canary: terms(), exclude: { hereDays: 30 } }));
    expect(await read(sendId)).toMatchObject({ state: "done", enrolled: 0, notEnrolled: 5 });
  });

  test("the few are spread over the audience, and the same whenever they are drawn", async () => {
    const sendId = await begin({ people: 100, canary: { contacts: 10 } });
    const places = async () =>
      (
        await sql<{ seq: number }>`select e.seq from canary_executions c join flow_executions e on e.id = c.flow_execution_id
          where c.send_id = ${sendId}::uuid order by e.seq`.execute(db.owner)
      ).rows.map(({ seq }) => seq);
    const drawn = await places();
    expect(drawn.map((seq) => Math.floor(seq / 10))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(drawn).not.toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
  });

  test.each([
    [7, 20, { contacts: 5, percent: null }],
    [1, 2, { contacts: 1, percent: null }],
    [2, 3, { contacts: 2, percent: null }],
    [13, 64, { contacts: 13, percent: null }],
    [3, 41, { contacts: null, percent: 10 }],
    [5, 99, { contacts: null, percent: 20 }],
    [25, 26, { contacts: 25, percent: null }],
    [2, 137, { contacts: null, percent: 1 }],
  ])("over pages, chunks and lanes of any size (%j): the few and the rest are all, once each", async (enrollPage, people, canary) => {
    await restartEngine({ workSizes: { enrollPage, smallestChunk: 4, largestChunk: 9, mostLanes: 3 } });
    const sendId = await begin({ people, canary });
    const few = fewOf(canary, people);
    expect(sent()).toBe(few);
    expect((await read(sendId)).canary?.few).toBe(few);
    await later(15 * 60 + 1);
    expect(sent()).toBe(people);
    expect(new Set(sluice.providers.sms.calls.map(({ to }) => to)).size).toBe(people);
    expect(await read(sendId)).toMatchObject({ state: "done", enrolled: people, completed: people });
  });
});

describe("what holds the rest", () => {
  test("a failure, at once, with a notice, figures and words; a person lets it go on", async () => {
    sluice.providers.sms.answer(refuse, { outcome: "accepted", providerMessageId: "x" });
    const sendId = await begin();
    expect(await read(sendId)).toMatchObject({
      state: "canary",
      canary: { heldFor: [{ what: "failures", contacts: 1 }], seen: { failed: 1, sent: 2 }, heldAt: expect.any(String) },
    });
    expect(await notices(sendId)).toEqual(["canary_held"]);
    expect(await later(3_600)).toBe(0);
    expect(sent()).toBe(3);
    await sluice.engine.openCanary(of(sendId));
    await sluice.engine.openCanary(of(sendId));
    await sluice.run();
    expect(sent()).toBe(10);
    expect((await read(sendId)).canary).toMatchObject({ openedBy: "person", openedByName: "Ada", heldFor: [{ what: "failures" }] });
    expect(await audit(sendId)).toEqual(["send.canary_held"]);
  });

  test.each([
    ["STOP", "opt_outs"],
    ["Please don't text me at work", "stop_words"],
  ])("what one of them writes: %s", async (text, what) => {
    const people = [await buildContact(db.owner, workspaceId, {}), await buildContact(db.owner, workspaceId, {})];
    const sendId = await begin({ flow: chain(node("start"), sms("one"), wait(60), node("end")), people, canary: { contacts: 1 } });
    const [call] = sluice.providers.sms.calls.slice(-1);
    await sluice.engine.takeInbound({
      workspaceId,
      channel: "sms",
      provider: "fake",
      events: [
        {
          kind: "received",
          providerMessageId: `in ${workspaceId}`,
          from: String(call?.to),
          to: "+15550001111",
          text,
          files: 0,
          automatic: false,
        },
      ],
    });
    await sluice.engine.inboundIdle();
    await tend();
    expect((await read(sendId)).canary).toMatchObject({ heldFor: [{ what, contacts: 1 }] });
  });

  test("an unsubscription of a contact whose last message was of this send", async () => {
    const sendId = await begin();
    const { rows } = await sql<{ contact_id: string }>`select contact_id from messages where send_id = ${sendId}::uuid limit 1`.execute(
      db.owner,
    );
    await sql`insert into contact_consents (workspace_id, contact_id, channel, state, source, given_at)
      values (${workspaceId}, ${rows[0]?.contact_id}::uuid, 'sms', 'opted_out', 'complaint', now())`.execute(db.owner);
    await tend();
    expect((await read(sendId)).canary).toMatchObject({ heldFor: [{ what: "opt_outs", contacts: 1 }], seen: { optedOut: 1 } });
  });

  test("a message that comes back", async () => {
    const sendId = await begin();
    await sql`update messages set status = 'undelivered', reason = 'not_delivered'
      where id = (select id from messages where send_id = ${sendId}::uuid limit 1)`.execute(db.owner);
    await tend();
    expect((await read(sendId)).canary?.heldFor).toEqual([{ what: "failures", contacts: 1 }]);
  });

  test("that nothing left for any of them, once they were watched", async () => {
    await sql`update workspaces set sending_rules = '{"sandbox": {"on": true, "addresses": []}}' where id = ${workspaceId}`.execute(
      db.owner,
    );
    const sendId = await begin();
    expect((await read(sendId)).canary).toMatchObject({ heldAt: null, seen: { skipped: 3, sent: 0 } });
    await later(15 * 60 + 1);
    expect((await read(sendId)).canary?.heldFor).toEqual([{ what: "nothing_sent", contacts: 3 }]);
    expect(sent()).toBe(0);
  });
});

describe("the time", () => {
  test("begins with the first messages, where the flow waits before them", async () => {
    const sendId = await begin({ flow: chain(node("start"), wait(86_400), sms(), node("end")) });
    await later(3_600);
    expect((await read(sendId)).canary).toMatchObject({ seen: { begun: 3, sent: 0 }, watchedSince: null, openedAt: null });
    await later(82_801);
    expect((await read(sendId)).canary).toMatchObject({ seen: { sent: 3 }, watchedSince: expect.any(String) });
    await later(15 * 60 + 1);
    expect((await read(sendId)).canary?.openedBy).toBe("itself");
  });

  test("begins when all have begun, where the flow sends nothing", async () => {
    const sendId = await begin({ flow: chain(node("start"), wait(86_400), node("end")) });
    expect((await read(sendId)).canary?.watchedSince).not.toBeNull();
    await later(15 * 60 + 1);
    expect((await read(sendId)).state).toBe("running");
  });

  test("is not decided in while the send is paused; resumed, it goes on with the few", async () => {
    const sendId = await begin();
    await sluice.engine.pauseSend(of(sendId));
    expect(await later(3_600)).toBe(0);
    expect(sent()).toBe(3);
    await sluice.engine.resumeSend(of(sendId));
    expect((await read(sendId)).state).toBe("canary");
    expect(await tend()).toBe(1);
    expect(sent()).toBe(10);
  });

  test("a send that is paused and let go by hand goes on with everybody when it is resumed", async () => {
    const sendId = await begin();
    await sluice.engine.pauseSend(of(sendId));
    await sluice.engine.openCanary(of(sendId));
    await sluice.run();
    expect([sent(), (await read(sendId)).state]).toEqual([3, "paused"]);
    await sluice.engine.resumeSend(of(sendId));
    await sluice.run();
    expect(sent()).toBe(10);
  });
});

describe("commands", () => {
  test("stopped while the few are watched: the rest never begins, and the account is exact", async () => {
    const sendId = await begin({ flow: chain(node("start"), sms(), wait(60), node("end")) });
    const account = await sluice.engine.stopSend(of(sendId));
    expect(account).toMatchObject({ sent: 3, ended: 0, stopped: 10 });
    await later(3_600);
    expect(sent()).toBe(3);
    expect(await read(sendId)).toMatchObject({ state: "stopped", cancelled: 10, active: 0 });
    await expect(sluice.engine.openCanary(of(sendId))).rejects.toMatchObject({ code: "send_over" });
  });

  test("undone before anything has left: nothing leaves", async () => {
    const sendId = await begin({ more: { undoSeconds: 10 } });
    expect([sent(), (await read(sendId)).state]).toEqual([0, "canary"]);
    await sluice.engine.undoSend(of(sendId));
    await later(3_600);
    expect([sent(), (await read(sendId)).state]).toEqual([0, "undone"]);
  });

  test("not undone: the few begin when the time to undo is over", async () => {
    await begin({ more: { undoSeconds: 10 } });
    await later(11);
    expect(sent()).toBe(3);
    await later(15 * 60 + 1);
    expect(sent()).toBe(10);
  });

  test("let go before all are enrolled: nobody is drawn", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, texting);
    await buildContacts(db.owner, workspaceId, 6);
    const { sendId } = await sluice.engine.createSend({ ...sendTo(workspaceId, flowId, []), selection: everybody, canary: terms() });
    await sluice.engine.openCanary(of(sendId));
    await sluice.run();
    expect(sent()).toBe(6);
    expect((await read(sendId)).canary).toMatchObject({ few: null, openedBy: "person" });
  });

  test("a send that began with everybody has nobody to let go", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, texting);
    const { sendId } = await sluice.engine.createSend(
      sendTo(workspaceId, flowId, await buildContacts(db.owner, workspaceId, 2), { undoSeconds: 60 }),
    );
    await expect(sluice.engine.openCanary(of(sendId))).rejects.toMatchObject({ code: "conflict" });
    await expect(sluice.engine.openCanary({ ...of(sendId), sendId: "019a0000-0000-7000-8000-00000000dead" })).rejects.toMatchObject({
      code: "send_not_found",
    });
  });

  test("the rest can be planned for another time while it waits", async () => {
    const sendId = await begin();
    const at = DateTime.now().setZone("UTC").plus({ hours: 5 }).toFormat("yyyy-MM-dd'T'HH:mm");
    await sql`update workspaces set time_zone = 'UTC' where id = ${workspaceId}`.execute(db.owner);
    await sluice.engine.rescheduleSend({ ...of(sendId), patch: { start: { at, zone: "workspace" } } });
    await later(16 * 60);
    expect([sent(), (await read(sendId)).canary?.openedBy]).toEqual([3, "itself"]);
    await later(5 * 3_600);
    expect(sent()).toBe(10);
  });

  test("a send that only its few could get in time is refused", async () => {
    const at = (minutes: number) => DateTime.now().setZone("UTC").plus({ minutes }).toFormat("yyyy-MM-dd'T'HH:mm");
    await sql`update workspaces set time_zone = 'UTC' where id = ${workspaceId}`.execute(db.owner);
    const people = await buildContacts(db.owner, workspaceId, 5);
    await expect(begin({ people, more: { notLaterThan: at(10) } })).rejects.toMatchObject({ code: "send_too_late" });
    await begin({ people, more: { notLaterThan: at(20) } });
    expect(sent()).toBe(3);
  });
});

describe("with a schedule", () => {
  const inHours = (hours: number, zone: string) => DateTime.now().setZone(zone).plus({ hours }).toFormat("yyyy-MM-dd'T'HH:mm");

  test("the few begin at its start, which can be moved for them too", async () => {
    await sql`update workspaces set time_zone = 'UTC' where id = ${workspaceId}`.execute(db.owner);
    const sendId = await begin({ more: { start: { at: inHours(5, "UTC"), zone: "workspace" } } });
    await later(4 * 3_600);
    expect(sent()).toBe(0);
    await sluice.engine.rescheduleSend({ ...of(sendId), patch: { start: { at: inHours(8, "UTC"), zone: "workspace" } } });
    await later(2 * 3_600);
    expect(sent()).toBe(0);
    await later(2.1 * 3_600);
    expect(sent()).toBe(3);
    await later(15 * 60 + 1);
    expect(sent()).toBe(10);
  });

  test("on each contact's own clock the few are of those who begin first, and the others keep their own time", async () => {
    const at = inHours(6, "UTC");
    const people: string[] = [];
    for (const zone of ["Asia/Tokyo", "Asia/Tokyo", "Asia/Tokyo", "UTC", "America/New_York"])
      people.push(await buildContact(db.owner, workspaceId, { time_zone: zone }));
    const sendId = await begin({ people, canary: { contacts: 2 }, more: { start: { at, zone: "contact" } } });
    // It was six hours from now in Tokyo three hours ago.
    expect(sent()).toBe(2);
    await later(15 * 60 + 1);
    expect(sent()).toBe(3);
    await later(5.9 * 3_600);
    expect(sent()).toBe(4);
    await later(6 * 3_600);
    expect([sent(), (await read(sendId)).state]).toEqual([5, "done"]);
  });

  test("on each contact's own clock nobody of the rest begins while it is held, and all whose time has come do afterwards", async () => {
    sluice.providers.sms.answer(refuse, { outcome: "accepted", providerMessageId: "x" });
    const people: string[] = [];
    for (const zone of ["Asia/Tokyo", "Asia/Tokyo", "UTC"]) people.push(await buildContact(db.owner, workspaceId, { time_zone: zone }));
    const sendId = await begin({ people, canary: { contacts: 1 }, more: { start: { at: inHours(1, "UTC"), zone: "contact" } } });
    await later(7_200);
    await later(1_200);
    expect([sent(), (await read(sendId)).state]).toEqual([1, "canary"]);
    await sluice.engine.openCanary(of(sendId));
    await sluice.run();
    expect(sent()).toBe(3);
  });

  test("in a drip the few come in its rounds, and the rest goes on in them", async () => {
    const drip = { count: 2, everySeconds: 600, days: [1, 2, 3, 4, 5, 6, 7] };
    const sendId = await begin({ people: 8, more: { drip } });
    expect(sent()).toBe(2);
    await later(601);
    expect(sent()).toBe(3);
    expect((await read(sendId)).canary?.watchedSince).not.toBeNull();
    await later(15 * 60 + 1);
    expect((await read(sendId)).canary?.openedBy).toBe("itself");
    expect(sent()).toBeLessThanOrEqual(5);
    for (let n = 0; n < 8; n += 1) await later(601);
    expect([sent(), (await read(sendId)).state]).toEqual([8, "done"]);
  });

  test("once per address: of two who share a number one gets it, whoever is among the few", async () => {
    const shared = { phone_e164: "+14155550100" };
    const people = [await buildContact(db.owner, workspaceId, shared), await buildContact(db.owner, workspaceId, shared)];
    const sendId = await begin({ people, canary: { contacts: 1 } });
    await later(15 * 60 + 1);
    expect(sent()).toBe(1);
    expect(await read(sendId)).toMatchObject({ state: "done", messageCounts: [{ outcome: "sent" }, { reason: "duplicate_address" }] });
  });

  test("a test has no few: it is done at once for everybody, with its waits skipped, although it was asked to begin with some", async () => {
    const flow = chain(node("start"), sms(), wait(3_600), sms("two", {}, "two"), node("end"));
    const sendId = await begin({ flow, more: { isTest: true, skipWaits: true } });
    expect(await read(sendId)).toMatchObject({ state: "done", completed: 10, canary: null });
    expect(await tend()).toBe(0);
  });
});

describe("a version that is published meanwhile", () => {
  test("is named, and the rest follows the one of the send", async () => {
    const sendId = await begin();
    const { flow_id, flow_version_id } = await db.owner
      .selectFrom("flow_sends")
      .select(["flow_id", "flow_version_id"])
      .where("id", "=", sendId)
      .executeTakeFirstOrThrow();
    const { id } = await db.owner
      .insertInto("flow_versions")
      .columns(["workspace_id", "flow_id", "number", "hash", "name", "nodes", "edges", "settings"])
      .expression((eb) =>
        eb
          .selectFrom("flow_versions")
          .select([
            "workspace_id",
            "flow_id",
            sql<number>`7`.as("number"),
            sql<string>`hash || 'x'`.as("hash"),
            "name",
            "nodes",
            "edges",
            "settings",
          ])
          .where("id", "=", flow_version_id),
      )
      .returning("id")
      .executeTakeFirstOrThrow();
    await db.owner.insertInto("flow_publications").values({ workspace_id: workspaceId, flow_id, version_id: id }).execute();
    expect((await read(sendId)).canary).toMatchObject({ version: 1, newerVersion: 7 });
    await later(15 * 60 + 1);
    const { rows } = await sql`select distinct flow_version_id from flow_executions where send_id = ${sendId}::uuid`.execute(db.owner);
    expect(rows).toEqual([{ flow_version_id }]);
  });
});

describe("a worker that dies", () => {
  const points: BreakPoint[] = [
    ...(["send-created", "page-enrolled", "before-ring", "portion-taken", "chunk-read", "messages-claimed", "provider-answered"] as const),
    ...(["saving", "chunk-saved", "canary-seen", "canary-deciding", "canary-decided", "canary-opened"] as const),
  ];
  /** Points at which a message may have been handed over without anybody knowing. */
  const inDoubt: BreakPoint[] = ["messages-claimed", "provider-answered", "saving"];
  const notOver = (error: { code?: string }) => {
    if (error.code !== "send_over") throw error;
  };
  test.each(points.flatMap((point) => [1, 2].map((nth) => ({ point, nth }))))(
    "at $point, passed $nth times: the few and the rest get it once each, and it is decided once",
    async ({ point, nth }) => {
      await restartEngine({ workSizes: { enrollPage: 4, smallestChunk: 3, largestChunk: 3, mostLanes: 2 } });
      const first = sluice;
      await buildContacts(db.owner, workspaceId, 10);
      const flowId = await buildFlow(db.owner, workspaceId, texting);
      const id = randomUUID();
      let passed = 0;
      onBreakPoint((name) => {
        if (name !== point) return;
        passed += 1;
        if (passed === nth) throw new SimulatedCrash(point);
      });
      const work = async (engine = first) => {
        await engine.engine.createSend({ ...sendTo(workspaceId, flowId, [], { sendId: id }), selection: everybody, canary: terms() });
        await engine.run();
        await engine.engine.tendCanaries();
        await engine.wait(15 * 60 + 1);
        await engine.engine.tendCanaries();
        await engine.run();
      };
      const begun = point === "canary-opened" ? work().then(() => first.engine.openCanary(of(id)).catch(notOver)) : work();
      await begun.catch((error) => {
        if (!(error instanceof SimulatedCrash)) throw error;
      });
      onBreakPoint(undefined);
      const heir = await startTestEngine(db.owner, {
        providerFor: async (_, channel) => first.providers[channel],
        workSizes: { enrollPage: 4, smallestChunk: 3, largestChunk: 3, mostLanes: 2 },
      });
      await freeTheDead(db.owner, first);
      heir.driver.clock.forward(15 * 60_000 + 1_000);
      await work(heir);
      for (let n = 0; n < 4; n += 1) {
        await heir.wait(16 * 60);
        await heir.engine.tendCanaries();
        await heir.run();
      }
      const { canary } = await read(id);
      // A message of which nobody knows whether it left has failed, so the rest is held until a person decides.
      if (canary?.heldAt) {
        expect(inDoubt).toContain(point);
        expect([canary.heldFor, await notices(id)]).toEqual([[{ what: "failures", contacts: canary.seen.failed }], ["canary_held"]]);
        await heir.engine.openCanary(of(id));
        await heir.run();
      }
      const calls = first.providers.sms.calls;
      const ids = calls.map((call) => call.id);
      expect(new Set(ids).size, "messages handed over twice").toBe(ids.length);
      expect(await read(id)).toMatchObject({ enrolled: 10, active: 0, canary: { openedAt: expect.any(String) } });
      expect(await db.owner.selectFrom("canary_executions").select("send_id").where("send_id", "=", id).execute()).toHaveLength(3);
      expect((await audit(id)).filter((action) => action === "send.canary_passed").length).toBeLessThanOrEqual(1);
    },
  );

  test("two workers decide it once", async () => {
    const sendId = await begin();
    const second = await startTestEngine(db.owner, { providerFor: async (_, channel) => sluice.providers[channel] });
    second.driver.clock.forward(15 * 60_000 + 1_000);
    await sluice.wait(15 * 60 + 1);
    const decided = await Promise.all([sluice.engine.tendCanaries(), second.engine.tendCanaries()]);
    expect(decided.reduce((a, b) => a + b)).toBe(1);
    await Promise.all([sluice.run(), second.run()]);
    expect(sent()).toBe(10);
    expect(await audit(sendId)).toEqual(["send.canary_passed"]);
  });
});
