import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { sendTo } from "#test/engine.ts";
import { db, restartEngine, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, graph, node, sms, wait } from "#test/graphs.ts";
import { onBreakPoint, SimulatedCrash } from "../base/break-point.ts";
import type { ChangeWaitInput } from "../by-hand-api.ts";

setUpEngine();

const day = 86_400;
const waiting = () => chain(node("start"), wait(day), sms("Later", {}, "later"), node("end"));

async function begin(flow: FlowGraph, contact = {}): Promise<string> {
  const contactId = await buildContact(db.owner, workspaceId, contact);
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const { executionId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  await sluice.run();
  return executionId as string;
}

const read = (id: string) => db.owner.selectFrom("flow_executions").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const steps = (id: string) =>
  db.owner.selectFrom("flow_execution_steps").selectAll().where("flow_execution_id", "=", id).orderBy("visit").orderBy("attempt").execute();
const sent = () => sluice.providers.sms.calls.map(({ text }) => text);

/** The wait as a person sees it. */
async function see(id: string) {
  const [step] = (await steps(id)).filter(({ status }) => status === "waiting");
  return { visit: step?.visit ?? 0, attempt: step?.attempt ?? 1, until: step?.wake_at?.toISOString() ?? "" };
}
const change = async (id: string, what: ChangeWaitInput["change"], seen?: ChangeWaitInput["seen"]) =>
  sluice.engine.changeWait({ workspaceId, executionId: id, seen: seen ?? (await see(id)), change: what });
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

describe("a wait that a person skips", () => {
  test("is over at once, and the step says that a person skipped it", async () => {
    const id = await begin(waiting());
    expect(sent()).toEqual([]);
    await change(id, { type: "skip" });
    await sluice.run();
    expect(sent()).toEqual(["Later"]);
    expect((await steps(id))[1]).toMatchObject({ node_id: "delay", status: "skipped", reason: "skipped_by_person", exit: "next" });
    expect(await read(id)).toMatchObject({ status: "completed", ended_reason: null });
  });

  test("for a reply goes the way of no reply", async () => {
    const ask = node("wait_for_reply", { limitSeconds: day, cases: [{ id: "yes", is: "yes" }] }, "ask");
    const flow = graph(
      [node("start"), sms("Coming?"), ask, sms("Great", {}, "great"), sms("Pity", {}, "pity")],
      "start > sms",
      "sms > ask",
      "ask:yes > great",
      "ask:no_reply > pity",
    );
    const id = await begin(flow);
    await change(id, { type: "skip" });
    await sluice.run();
    expect(sent()).toEqual(["Coming?", "Pity"]);
    expect((await steps(id))[2]).toMatchObject({ node_id: "ask", status: "skipped", exit: "no_reply" });
  });

  test("holds for the wait that was seen, and for no later one", async () => {
    const id = await begin(chain(node("start"), wait(day), wait(day, "second"), sms("Later", {}, "later")));
    await change(id, { type: "skip" });
    await sluice.run();
    expect((await see(id)).visit).toBe(3);
    expect(sent()).toEqual([]);
    await sluice.wait(day + 1);
    expect(sent()).toEqual(["Later"]);
  });
});

describe("a wait whose end a person moves", () => {
  test("to an earlier time ends then, and to a later one not before", async () => {
    const [early, late] = [await begin(waiting()), await begin(waiting())];
    await change(early, { type: "reschedule", at: inSeconds(3600) });
    await change(late, { type: "reschedule", at: inSeconds(3 * day) });
    await sluice.wait(3700);
    expect(await read(early)).toMatchObject({ status: "completed" });
    await sluice.wait(day + 1);
    expect(await read(late)).toMatchObject({ status: "running" });
    await sluice.wait(2 * day);
    expect(await read(late)).toMatchObject({ status: "completed" });
    expect(sent()).toEqual(["Later", "Later"]);
  });

  test("to a time that has passed ends at once", async () => {
    const id = await begin(waiting());
    await change(id, { type: "reschedule", at: "2020-01-01T00:00:00Z" });
    await sluice.run();
    expect(sent()).toEqual(["Later"]);
  });

  test("stays moved where the flow would wait for a date of the contact, also when the contact changes", async () => {
    const flow = chain(node("start"), node("delay", { mode: "until_date", field: "metadata.due", past: "go_on" }), sms("On time"));
    const id = await begin(flow, { metadata: { due: inSeconds(5 * day) } });
    await change(id, { type: "reschedule", at: inSeconds(2 * day) });
    await sql`update contacts set lead_status = 'Changed' where workspace_id = ${workspaceId}`.execute(db.owner);
    await sluice.run();
    expect(sent()).toEqual([]);
    await sluice.wait(2 * day + 60);
    expect(sent()).toEqual(["On time"]);
    expect(await read(id)).toMatchObject({ status: "completed" });
  });

  test("of a wait for a reply is its new limit, and a reply before that still counts", async () => {
    const ask = node("wait_for_reply", { limitSeconds: 2 * day, cases: [] }, "ask");
    const flow = graph(
      [node("start"), sms("Coming?"), ask, sms("Silent", {}, "silent")],
      "start > sms",
      "sms > ask",
      "ask:no_reply > silent",
    );
    const id = await begin(flow);
    await change(id, { type: "reschedule", at: inSeconds(3600) });
    await sluice.wait(3700);
    expect(sent()).toEqual(["Coming?", "Silent"]);
    expect((await steps(id))[2]).toMatchObject({ status: "completed", exit: "no_reply" });
  });
});

test("a contact who is taken out gets nothing more", async () => {
  const id = await begin(waiting());
  await change(id, { type: "take_out" });
  expect(await read(id)).toMatchObject({ status: "cancelled", ended_reason: "cancelled" });
  await sluice.wait(2 * day);
  expect(sent()).toEqual([]);
});

describe("two who step in at once", () => {
  const all = [{ type: "skip" }, { type: "reschedule", at: inSeconds(3600) }, { type: "take_out" }] as const;
  test.each(all.flatMap((one) => all.map((other) => [one, other] as const)))(
    "%o and %o: one is done, the other is refused",
    async (one, other) => {
      const id = await begin(waiting());
      const seen = await see(id);
      const both = await Promise.allSettled([change(id, one, seen), change(id, other, seen)]);
      const refused = both.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
      expect(refused).toMatchObject([{ code: expect.stringMatching(/^(wait_changed|execution_over)$/) }]);
      await sluice.wait(2 * day);
      expect(sent().length).toBeLessThanOrEqual(1);
      expect(["completed", "cancelled"]).toContain((await read(id)).status);
    },
  );
});

describe("a person and the clock", () => {
  test("whoever comes when the wait is over is refused, and nothing is changed", async () => {
    const id = await begin(waiting());
    const seen = await see(id);
    sluice.driver.clock.forward((day + 1) * 1000);
    for (const what of [{ type: "skip" }, { type: "reschedule", at: inSeconds(9 * day) }] as const)
      await expect(change(id, what, seen)).rejects.toMatchObject({ code: "wait_changed" });
    await sluice.run();
    expect(sent()).toEqual(["Later"]);
    await expect(change(id, { type: "skip" }, seen)).rejects.toMatchObject({ code: "execution_over" });
  });

  test("a worker that has read the execution goes on, and the person is refused", async () => {
    const id = await begin(waiting());
    const seen = await see(id);
    const refusals: unknown[] = [];
    onBreakPoint(async (point) => {
      if (point !== "chunk-read" || refusals.length > 0) return;
      refusals.push(await change(id, { type: "skip" }, seen).catch((error: unknown) => error));
    });
    await sluice.wait(day + 1);
    expect(refusals).toMatchObject([{ code: "wait_changed" }]);
    expect((await steps(id))[1]).toMatchObject({ status: "completed" });
    expect(sent()).toEqual(["Later"]);
  });

  test.each([
    ["before it is written", "wait-held", false],
    ["after it is written", "before-ring", true],
  ] as const)("a process that dies %s has done all of it or nothing", async (_, point, done) => {
    const id = await begin(waiting());
    onBreakPoint((passed) => {
      if (passed === point) throw new SimulatedCrash();
    });
    await expect(change(id, { type: "skip" })).rejects.toThrow(SimulatedCrash);
    onBreakPoint(undefined);
    await restartEngine();
    await sluice.run();
    expect((await read(id)).status).toBe(done ? "completed" : "running");
    if (!done) await sluice.wait(day + 1);
    expect(sent()).toEqual(["Later"]);
  });
});

test("nobody changes a wait of another workspace, or one that is not there", async () => {
  const id = await begin(waiting());
  const seen = await see(id);
  for (const input of [
    { workspaceId: "another", executionId: id },
    { workspaceId, executionId: "0198f5a0-0000-7000-8000-0000000000f5" },
  ])
    await expect(sluice.engine.changeWait({ ...input, seen, change: { type: "skip" } })).rejects.toMatchObject({
      code: "execution_not_found",
    });
  await expect(change(id, { type: "skip" }, { ...seen, attempt: 9 })).rejects.toMatchObject({ code: "wait_changed" });
  await expect(change(id, { type: "skip" }, { ...seen, until: "2030-01-01T00:00:00Z" })).rejects.toMatchObject({ code: "wait_changed" });
  expect(await read(id)).toMatchObject({ status: "running", skipped_visit: null });
});
