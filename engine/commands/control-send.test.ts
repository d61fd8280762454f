import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { freeTheDead, sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, email, node, sms, wait } from "#test/graphs.ts";
import { onBreakPoint, SimulatedCrash } from "../base/break-point.ts";
import type { CreateSendInput } from "../engine.ts";

setUpEngine();

const actor = { id: null, name: "Ada" };
const everyone: Pick<CreateSendInput, "selection"> = { selection: { type: "filter", filter: { tests: [] }, excluded: [] } };
const readSend = (id: string) => db.owner.selectFrom("flow_sends").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
/** Other tests leave others waiting in the same database; only this workspace counts. */
const texts = () => sluice.providers.sms.calls.filter((call) => call.workspaceId === workspaceId);
const mails = () => sluice.providers.email.calls.filter((call) => call.workspaceId === workspaceId);
const of = (sendId: string) => ({ workspaceId, sendId, actor });

async function begin(graph = chain(node("start"), sms(), wait(60), email(), node("end")), people = 6, more: Partial<CreateSendInput> = {}) {
  const ids = await buildContacts(db.owner, workspaceId, people);
  const flowId = await buildFlow(db.owner, workspaceId, graph);
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, ids, more));
  return { sendId, ids, flowId };
}
const reasons = async (sendId: string) => {
  const { rows } = await sql<{ status: string; reason: string | null; n: number }>`
    select status, ended_reason as reason, count(*)::int as n from flow_executions where send_id = ${sendId}::uuid group by 1, 2 order by 1, 2`.execute(
    db.owner,
  );
  return rows;
};

describe("refuses", () => {
  test("a send of another workspace as if it did not exist", async () => {
    const { sendId } = await begin();
    const other = await buildWorkspace(db.owner);
    for (const command of ["pauseSend", "resumeSend", "stopSend", "undoSend"] as const) {
      await expect(sluice.engine[command]({ ...of(sendId), workspaceId: other })).rejects.toMatchObject({ code: "send_not_found" });
    }
    await sluice.run();
  });

  test("to touch a send that is over", async () => {
    const { sendId } = await begin(chain(node("start"), node("end")));
    await sluice.run();
    for (const command of ["pauseSend", "resumeSend", "stopSend", "undoSend"] as const) {
      await expect(sluice.engine[command](of(sendId))).rejects.toMatchObject({ code: "send_over" });
    }
    await expect(sluice.engine.rescheduleSend({ ...of(sendId), patch: { drip: null } })).rejects.toMatchObject({ code: "send_over" });
  });

  test("to undo what could never be undone, or when the time is over", async () => {
    const plain = await begin();
    await expect(sluice.engine.undoSend(of(plain.sendId))).rejects.toMatchObject({ code: "undo_over" });
    const { sendId } = await begin(undefined, 2, { undoSeconds: 10 });
    sluice.driver.clock.forward(10_000);
    await expect(sluice.engine.undoSend(of(sendId))).rejects.toMatchObject({ code: "undo_over" });
    await sluice.run();
  });
});

describe("pause", () => {
  test("lets nothing leave, neither what has not begun nor what wakes, and resuming lets it", async () => {
    const { sendId } = await begin();
    await sluice.engine.pauseSend(of(sendId));
    await sluice.run();
    expect(texts()).toEqual([]);
    await sluice.engine.resumeSend(of(sendId));
    await sluice.run();
    expect(texts()).toHaveLength(6);
    await sluice.engine.pauseSend(of(sendId));
    await sluice.wait(61);
    await sluice.wait(3_600);
    expect(mails()).toEqual([]);
    await sluice.engine.resumeSend(of(sendId));
    await sluice.run();
    expect(mails()).toHaveLength(6);
    expect(await readSend(sendId)).toMatchObject({ state: "done", completed: 6, changed_by_name: "Ada" });
  });

  test("between the look and the claim is in time", async () => {
    const { sendId } = await begin();
    onBreakPoint(async (name) => {
      if (name !== "chunk-read") return;
      onBreakPoint(undefined);
      await sluice.engine.pauseSend(of(sendId));
    });
    await sluice.run();
    expect(texts()).toEqual([]);
    await sluice.engine.resumeSend(of(sendId));
    await sluice.run();
    expect(texts()).toHaveLength(6);
  });

  test("while enrolling: everybody is enrolled, nobody begins, and resuming finds the send running", async () => {
    await buildContacts(db.owner, workspaceId, 40);
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
    const { sendId } = await sluice.engine.createSend({ ...sendTo(workspaceId, flowId, []), ...everyone });
    await sluice.engine.pauseSend(of(sendId));
    await sluice.run();
    expect(await readSend(sendId)).toMatchObject({ state: "paused", enrolled: 40 });
    await sluice.engine.resumeSend(of(sendId));
    expect(await readSend(sendId)).toMatchObject({ state: "running" });
    await sluice.run();
    expect(await readSend(sendId)).toMatchObject({ state: "done", completed: 40 });
  });
});

describe("stop", () => {
  test("before anything has left: everybody is stopped, nobody gets anything", async () => {
    const { sendId } = await begin();
    expect(await sluice.engine.stopSend(of(sendId))).toEqual({
      sent: 0,
      captured: 0,
      ended: 0,
      stopped: 6,
      finishing: 0,
      inFlight: 0,
      items: [],
    });
    await sluice.run();
    expect(texts()).toEqual([]);
    expect(await reasons(sendId)).toEqual([{ status: "cancelled", reason: "send_stopped", n: 6 }]);
    expect(await readSend(sendId)).toMatchObject({ state: "stopped", cancelled: 6 });
    expect((await readSend(sendId)).ended_at).not.toBeNull();
  });

  test("while people wait: what left is counted, who waits is stopped, and the waiting step says so", async () => {
    const { sendId } = await begin();
    await sluice.run();
    expect(await sluice.engine.stopSend(of(sendId))).toMatchObject({ sent: 6, ended: 0, stopped: 6, finishing: 0, inFlight: 0 });
    await sluice.run();
    await sluice.wait(3_600);
    expect(mails()).toEqual([]);
    const { rows } =
      await sql`select distinct s.status, s.reason from flow_execution_steps s join flow_executions e on e.id = s.flow_execution_id
      where e.send_id = ${sendId}::uuid and s.node_id = 'delay'`.execute(db.owner);
    expect(rows).toEqual([{ status: "skipped", reason: "send_stopped" }]);
  });

  test("while a message is at the provider: it is named, its answer is kept, and its execution ends then", async () => {
    let answer = () => {};
    sluice.providers.sms.answer(
      () => new Promise((resolve) => (answer = () => resolve({ outcome: "accepted", providerMessageId: "slow" }))),
      { outcome: "accepted", providerMessageId: "quick" },
    );
    const { sendId } = await begin(chain(node("start"), sms(), email(), node("end")), 3);
    const running = sluice.run();
    await expect.poll(() => texts().length).toBe(3);
    const account = await sluice.engine.stopSend(of(sendId));
    expect(account).toMatchObject({ ended: 0, inFlight: 3, stopped: 0 });
    expect(account.items).toHaveLength(3);
    answer();
    await running;
    await sluice.wait(5);
    expect(mails()).toEqual([]);
    expect(await reasons(sendId)).toEqual([{ status: "cancelled", reason: "send_stopped", n: 3 }]);
    const { rows } = await sql`select distinct m.status as message, s.status as step from messages m
      join flow_execution_steps s on s.flow_execution_id = m.flow_execution_id and s.visit = m.visit where m.send_id = ${sendId}::uuid`.execute(
      db.owner,
    );
    expect(rows).toEqual([{ message: "sent", step: "completed" }]);
  });

  test("while enrolling: who was not enrolled is told why, and the sums add up", async () => {
    await buildContacts(db.owner, workspaceId, 40);
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
    const { sendId } = await sluice.engine.createSend({ ...sendTo(workspaceId, flowId, []), ...everyone });
    expect(await sluice.engine.stopSend(of(sendId))).toMatchObject({ sent: 0, stopped: 0 });
    await sluice.run();
    await sluice.wait(2);
    expect(await readSend(sendId)).toMatchObject({ state: "stopped", expected: 40, enrolled: 0, not_enrolled: 40 });
    const { rows } = await sql`select distinct reason from flow_send_skips where send_id = ${sendId}::uuid`.execute(db.owner);
    expect(rows).toEqual([{ reason: "send_stopped" }]);
  });

  test("a message that waits for another try is given up, not sent", async () => {
    sluice.providers.sms.answer({ outcome: "rejected", reason: "provider_unavailable", message: "busy", retryable: true });
    const { sendId } = await begin();
    await sluice.run();
    sluice.providers.sms.answer();
    await sluice.engine.stopSend(of(sendId));
    await sluice.wait(3_600);
    expect(texts()).toHaveLength(6);
    const { rows } = await sql`select distinct status, reason from messages where send_id = ${sendId}::uuid`.execute(db.owner);
    expect(rows).toEqual([{ status: "failed", reason: "send_stopped" }]);
  });

  test.each(["send-stopped", "stopped-send-page-ended"] as const)("killed at %s: it is stopped all the same", async (point) => {
    const { sendId } = await begin();
    await sluice.run();
    onBreakPoint((name) => {
      if (name === point) throw new SimulatedCrash();
    });
    await sluice.engine
      .stopSend(of(sendId))
      .then(() => sluice.run())
      .catch((error) => expect(error).toBeInstanceOf(SimulatedCrash));
    onBreakPoint(undefined);
    await freeTheDead(db.owner, sluice);
    await sluice.wait(61);
    expect(mails()).toEqual([]);
    expect(await reasons(sendId)).toEqual([{ status: "cancelled", reason: "send_stopped", n: 6 }]);
  });
});

describe("undo", () => {
  test("nothing leaves while it can be undone, and everything afterwards", async () => {
    const { sendId } = await begin(chain(node("start"), sms(), node("end")), 30, { undoSeconds: 10 });
    await sluice.run();
    await sluice.wait(9);
    expect(texts()).toEqual([]);
    await sluice.wait(2);
    expect(texts()).toHaveLength(30);
    expect(await readSend(sendId)).toMatchObject({ state: "done" });
  });

  test("leaves no message and no doubt", async () => {
    const { sendId } = await begin(undefined, 30, { undoSeconds: 10 });
    await sluice.run();
    expect(await sluice.engine.undoSend(of(sendId))).toEqual({
      sent: 0,
      captured: 0,
      ended: 0,
      stopped: 30,
      finishing: 0,
      inFlight: 0,
      items: [],
    });
    await sluice.wait(3_600);
    expect(texts()).toEqual([]);
    expect(await reasons(sendId)).toEqual([{ status: "cancelled", reason: "undone", n: 30 }]);
    expect(await db.owner.selectFrom("messages").select("id").where("send_id", "=", sendId).execute()).toEqual([]);
  });
});

describe("cancel one", () => {
  test("ends it where it stands, and the others go on", async () => {
    const { sendId } = await begin();
    await sluice.run();
    const [one] = await db.owner.selectFrom("flow_executions").select("id").where("send_id", "=", sendId).execute();
    const executionId = one?.id as string;
    await expect(sluice.engine.cancelExecution({ workspaceId: "other", executionId })).rejects.toMatchObject({
      code: "execution_not_found",
    });
    expect(await sluice.engine.cancelExecution({ workspaceId, executionId })).toEqual({ inFlight: false });
    await expect(sluice.engine.cancelExecution({ workspaceId, executionId })).rejects.toMatchObject({ code: "execution_over" });
    await sluice.wait(61);
    expect(mails()).toHaveLength(5);
    expect(await readSend(sendId)).toMatchObject({ state: "done", completed: 5, cancelled: 1 });
  });

  test("while its message is at the provider ends it with the answer, and nothing after it begins", async () => {
    let answer = () => {};
    sluice.providers.sms.answer(
      () => new Promise((resolve) => (answer = () => resolve({ outcome: "accepted", providerMessageId: "slow" }))),
    );
    const { sendId } = await begin(chain(node("start"), sms(), email(), node("end")), 1);
    const running = sluice.run();
    await expect.poll(() => texts().length).toBe(1);
    const one = await db.owner.selectFrom("flow_executions").select("id").where("send_id", "=", sendId).executeTakeFirstOrThrow();
    expect(await sluice.engine.cancelExecution({ workspaceId, executionId: one.id })).toEqual({ inFlight: true });
    answer();
    await running;
    await sluice.wait(5);
    expect(mails()).toEqual([]);
    expect(await reasons(sendId)).toEqual([{ status: "cancelled", reason: "cancelled", n: 1 }]);
  });

  test.each(["cancel", "stop"] as const)(
    "of who woke, while the message behind the wait is at the provider: %s waits for the answer",
    async (what) => {
      let answer = () => {};
      sluice.providers.email.answer(
        () => new Promise((resolve) => (answer = () => resolve({ outcome: "accepted", providerMessageId: "slow" }))),
      );
      const { sendId } = await begin(chain(node("start"), wait(60), email(), sms(), node("end")), 1);
      await sluice.run();
      const running = sluice.wait(61);
      await expect.poll(() => mails().length).toBe(1);
      const one = await db.owner.selectFrom("flow_executions").select("id").where("send_id", "=", sendId).executeTakeFirstOrThrow();
      const isInFlight =
        what === "cancel"
          ? (await sluice.engine.cancelExecution({ workspaceId, executionId: one.id })).inFlight
          : (await sluice.engine.stopSend(of(sendId))).inFlight === 1;
      expect(isInFlight).toBe(true);
      answer();
      await running;
      await sluice.wait(5);
      expect(texts()).toEqual([]);
      const messages = await db.owner.selectFrom("messages").select("status").where("send_id", "=", sendId).execute();
      expect(messages).toEqual([{ status: "sent" }]);
      expect(await reasons(sendId)).toEqual([{ status: "cancelled", reason: what === "cancel" ? "cancelled" : "send_stopped", n: 1 }]);
    },
  );

  test("while the second try of its message is at the provider waits for the answer", async () => {
    let answer = () => {};
    sluice.providers.sms.answer({ outcome: "rejected", reason: "provider_unavailable", message: "busy", retryable: true }, () => {
      return new Promise((resolve) => (answer = () => resolve({ outcome: "accepted", providerMessageId: "slow" })));
    });
    const { sendId } = await begin(chain(node("start"), sms(), email(), node("end")), 1);
    await sluice.run();
    const running = sluice.wait(11);
    await expect.poll(() => texts().length).toBe(2);
    const one = await db.owner.selectFrom("flow_executions").select("id").where("send_id", "=", sendId).executeTakeFirstOrThrow();
    expect(await sluice.engine.cancelExecution({ workspaceId, executionId: one.id })).toEqual({ inFlight: true });
    answer();
    await running;
    await sluice.wait(5);
    expect(mails()).toEqual([]);
    expect(await db.owner.selectFrom("messages").select("status").where("send_id", "=", sendId).execute()).toEqual([{ status: "sent" }]);
    expect(await reasons(sendId)).toEqual([{ status: "cancelled", reason: "cancelled", n: 1 }]);
  });

  test("while it is on its way to a wait ends it, not the wait", async () => {
    const { sendId } = await begin(chain(node("start"), wait(86_400), sms()), 1);
    const one = await db.owner.selectFrom("flow_executions").select("id").where("send_id", "=", sendId).executeTakeFirstOrThrow();
    onBreakPoint(async (name) => {
      if (name !== "before-save") return;
      onBreakPoint(undefined);
      await sql`update flow_executions set cancel_reason = 'cancelled' where id = ${one.id}::uuid`.execute(db.owner);
      throw new SimulatedCrash();
    });
    await sluice.run().catch(() => {});
    await db.owner.deleteFrom("private.turns").execute();
    await sluice.wait(2);
    expect(await reasons(sendId)).toEqual([{ status: "cancelled", reason: "cancelled", n: 1 }]);
  });
});
