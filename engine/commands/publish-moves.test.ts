import { describe, expect, test } from "vitest";
import type { PeopleMove } from "#contract/flow-publish.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import { before, execution, moved, oneInside, publish, steps, texts, versionOf } from "#test/people-inside.ts";

setUpEngine();

describe("people who are inside", () => {
  test("stay on their version where nobody says otherwise and their way ahead changes", async () => {
    const { flowId, executionId } = await oneInside();
    const next = chain(node("start"), sms("one", {}, "one"), wait(3600), sms("new two", {}, "two"), node("end"));
    const { people } = await publish(flowId, next);
    expect(people).toEqual({ following: 0, staying: 1, leaving: 0, inFlight: 0 });
    await sluice.wait(3601);
    expect(texts()).toEqual(["one", "two"]);
    expect([await versionOf(executionId), await moved(executionId)]).toEqual([1, []]);
  });

  test("follow without a question where nothing of their way ahead changes, and their wait stays as it was", async () => {
    const { flowId, executionId } = await oneInside();
    const due = (await execution(executionId)).wake_at;
    const { people } = await publish(
      flowId,
      chain(node("start"), sms("new one", {}, "one"), wait(3600), sms("two", {}, "two"), node("end")),
    );
    expect(people).toMatchObject({ following: 1, staying: 0 });
    await sluice.run();
    expect(await versionOf(executionId)).toBe(2);
    expect((await execution(executionId)).wake_at).toEqual(due);
    expect(await moved(executionId)).toEqual([{ action: "follow", from_node_id: "delay", to_node_id: "delay", visit: 3 }]);
    await sluice.wait(3601);
    expect(texts()).toEqual(["one", "two"]);
    expect(await steps(executionId)).toHaveLength(5);
  });

  test("follow to new texts, to a step put ahead, and past one that is gone", async () => {
    const { flowId, executionId } = await oneInside();
    const next = chain(node("start"), wait(3600), sms("added", {}, "added"), sms("new two", {}, "two"));
    await publish(flowId, next, { nodeId: "delay", action: "follow" });
    await sluice.wait(3601);
    expect(texts()).toEqual(["one", "added", "new two"]);
    expect(await execution(executionId)).toMatchObject({ status: "completed" });
  });

  test("who follow a shorter wait go on after it, counted from its beginning, at the earliest now and spread over ten minutes", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, before);
    const ids = await buildContacts(db.owner, workspaceId, 40);
    await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
    await sluice.run();
    const began = Date.now();
    await sluice.wait(1800);
    const shorter = (seconds: number) => chain(node("start"), sms("one", {}, "one"), wait(seconds), sms("two", {}, "two"), node("end"));
    const dues = async () =>
      (await db.owner.selectFrom("wake_ups").select("due_at").where("workspace_id", "=", workspaceId).execute()).map(({ due_at }) =>
        Math.round((due_at.getTime() - began) / 1000),
      );
    // 2,400 s from the beginning is still to come.
    await publish(flowId, shorter(2400), { nodeId: "delay", action: "follow" });
    await sluice.run();
    for (const due of await dues()) expect(Math.abs(due - 2400)).toBeLessThan(60);
    // 600 s are over.
    await publish(flowId, shorter(600), { nodeId: "delay", action: "follow" });
    await sluice.run();
    const spread = await dues();
    expect(Math.min(...spread)).toBeGreaterThanOrEqual(1790);
    expect(Math.max(...spread)).toBeLessThan(1800 + 660);
    expect(Math.max(...spread) - Math.min(...spread)).toBeGreaterThan(300);
    await sluice.wait(601);
    expect(texts().filter((text) => text === "two")).toHaveLength(40);
  });

  test("who follow a longer wait go on later, from its beginning, also where they wake before the job comes to them", async () => {
    const { flowId, executionId } = await oneInside();
    await sluice.wait(3590);
    await publish(flowId, chain(node("start"), sms("one", {}, "one"), wait(7200), sms("two", {}, "two"), node("end")), {
      nodeId: "delay",
      action: "follow",
    });
    // The job is lost.
    await db.owner.deleteFrom("private.inline_jobs" as never).execute();
    await sluice.wait(60);
    expect(texts()).toEqual(["one"]);
    expect(await versionOf(executionId)).toBe(2);
    const [, , waiting] = await steps(executionId);
    expect(waiting).toMatchObject({ node_id: "delay", status: "waiting", attempt: 1 });
    expect((waiting?.wake_at?.getTime() ?? 0) - (waiting?.started_at.getTime() ?? 0)).toBe(7_200_000);
    await sluice.wait(3500);
    expect(texts()).toEqual(["one"]);
    await sluice.wait(60);
    expect(texts()).toEqual(["one", "two"]);
  });

  test("are moved from a step that is gone to another one, taken out, or finish as they began", async () => {
    const [one, two, three] = [await oneInside(), await oneInside(), await oneInside()];
    const next = chain(node("start"), sms("one", {}, "one"), sms("two", {}, "two"), node("end"));
    await publish(one.flowId, next, { nodeId: "delay", action: "node", toNodeId: "two" });
    await publish(two.flowId, next, { nodeId: "delay", action: "leave" });
    await publish(three.flowId, next, { nodeId: "delay", action: "stay" });
    await sluice.run();
    expect(await steps(one.executionId)).toMatchObject([
      { node_id: "start" },
      { node_id: "one" },
      { node_id: "delay", status: "skipped", reason: "moved_by_publish" },
    ]);
    expect(await execution(two.executionId)).toMatchObject({ status: "cancelled", ended_reason: "left_by_publish", wake_at: null });
    expect((await steps(two.executionId)).at(-1)).toMatchObject({ status: "skipped", reason: "left_by_publish" });
    await sluice.wait(601);
    expect(texts()).toEqual(["one", "one", "one", "two"]);
    expect(await execution(one.executionId)).toMatchObject({ status: "completed" });
    await sluice.wait(3000);
    expect(texts()).toEqual(["one", "one", "one", "two", "two"]);
    expect(await execution(three.executionId)).toMatchObject({ status: "completed" });
    expect([await versionOf(one.executionId), await versionOf(three.executionId)]).toEqual([2, 1]);
    expect(await moved(one.executionId)).toEqual([{ action: "node", from_node_id: "delay", to_node_id: "two", visit: 3 }]);
    expect(await moved(two.executionId)).toEqual([{ action: "leave", from_node_id: "delay", to_node_id: null, visit: 3 }]);
  });

  test("who stay are not moved at a later step where others follow", async () => {
    const long = chain(node("start"), wait(60, "first"), wait(60, "second"), sms("old"));
    const flowId = await buildFlow(db.owner, workspaceId, long);
    const [early, late] = await buildContacts(db.owner, workspaceId, 2);
    const { executionId: atSecond } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [early as string]));
    await sluice.run();
    await sluice.wait(61);
    const { executionId: atFirst } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [late as string]));
    await sluice.run();
    await publish(
      flowId,
      chain(node("start"), wait(60, "first"), wait(60, "second"), sms("new")),
      { nodeId: "first", action: "stay" },
      { nodeId: "second", action: "follow" },
    );
    for (let i = 0; i < 3; i += 1) await sluice.wait(61);
    expect(texts().sort()).toEqual(["new", "old"]);
    expect([await versionOf(atFirst as string), await versionOf(atSecond as string)]).toEqual([1, 2]);
  });

  test("follow a chain of publications to its end, also back to a version that was restored", async () => {
    const { flowId, executionId } = await oneInside();
    const version = (text: string) => chain(node("start"), sms("one", {}, "one"), wait(3600), sms(text, {}, "two"), node("end"));
    for (const text of ["b", "c", "two"]) {
      await publish(flowId, version(text), { nodeId: "delay", action: "follow" });
      await db.owner.deleteFrom("private.inline_jobs" as never).execute();
    }
    await sluice.wait(3601);
    expect(texts()).toEqual(["one", "two"]);
    expect(await moved(executionId)).toHaveLength(3);
    expect(await versionOf(executionId)).toBe(1);
    // Who enters the restored version now is not led round by what was published before.
    const { executionId: later } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [await buildContact(db.owner, workspaceId)]));
    await sluice.run();
    await sluice.wait(3601);
    expect([await versionOf(later as string), await moved(later as string)]).toEqual([1, []]);
  });

  test("are drawn at once by a goal that the new version puts ahead of them", async () => {
    const contact = await buildContact(db.owner, workspaceId, { lead_status: "Customer" });
    const { flowId, executionId } = await oneInside(before, contact);
    const goal = node("goal", { tests: [{ field: "lead_status", operator: "is", value: "Customer" }] });
    const next = graph(
      [...before.nodes, goal, email("arrived")],
      ...["start > one", "one > delay", "delay > two", "two > goal", "goal > email"],
    );
    await publish(flowId, next, { nodeId: "delay", action: "follow" });
    await sluice.run();
    expect(sluice.providers.email.calls).toHaveLength(1);
    expect((await steps(executionId)).map(({ node_id }) => node_id)).toEqual(["start", "one", "delay", "goal", "email"]);
  });

  test("who wait until something is so are judged again at once, with the limit from their beginning", async () => {
    const contact = await buildContact(db.owner, workspaceId, { lead_status: "New" });
    const until = (value: string, limitSeconds: number) =>
      graph(
        [
          node("start"),
          node("wait_until", { tests: [{ field: "lead_status", operator: "is", value }], limitSeconds }),
          sms("met", {}, "met"),
          sms("over", {}, "over"),
        ],
        ...["start > wait_until", "wait_until:met > met", "wait_until:time_over > over"],
      );
    const { flowId, executionId } = await oneInside(until("Customer", 3600), contact);
    await sluice.wait(600);
    await publish(flowId, until("Lead", 1200), { nodeId: "wait_until", action: "follow" });
    await sluice.run();
    expect(texts()).toEqual([]);
    expect((await steps(executionId)).at(-1)).toMatchObject({ node_id: "wait_until", status: "waiting" });
    await sluice.wait(590);
    expect(texts()).toEqual([]);
    await sluice.wait(20);
    expect(texts()).toEqual(["over"]);
    const another = await oneInside(until("Customer", 3600), contact);
    await publish(another.flowId, until("New", 3600), { nodeId: "wait_until", action: "follow" });
    await sluice.run();
    expect(texts()).toEqual(["over", "met"]);
  });

  test("who have not begun begin on the new version where they follow, and on theirs otherwise", async () => {
    const contacts = await buildContacts(db.owner, workspaceId, 2);
    for (const [index, moves] of ([[{ nodeId: null, action: "follow" }], []] as PeopleMove[][]).entries()) {
      const flowId = await buildFlow(db.owner, workspaceId, before);
      const { sendId } = await sluice.engine.createSend(
        sendTo(workspaceId, flowId, contacts, { start: { zone: "workspace", at: "2099-01-01T00:00" } }),
      );
      await sluice.run();
      const { people } = await publish(flowId, chain(node("start"), sms("new")), ...moves);
      expect(people).toMatchObject(index === 0 ? { following: 2, staying: 0 } : { following: 0, staying: 2 });
      await sluice.run();
      expect(texts()).toEqual([]);
      await sluice.engine.rescheduleSend({ workspaceId, sendId, actor: { id: null, name: null }, patch: { start: null } });
      await sluice.run();
      expect(texts()).toEqual(index === 0 ? ["new", "new"] : ["one", "one"]);
      sluice.providers.sms.calls.splice(0);
    }
  });

  test("of a send that is still paused are moved, and nothing of it leaves", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, before);
    const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, await buildContacts(db.owner, workspaceId, 3)));
    await sluice.run();
    const of = { workspaceId, sendId, actor: { id: null, name: null } };
    await sluice.engine.pauseSend(of);
    await publish(flowId, chain(node("start"), sms("one", {}, "one"), wait(60), sms("new", {}, "two")), {
      nodeId: "delay",
      action: "follow",
    });
    await sluice.run();
    await sluice.wait(4000);
    expect(texts()).toEqual(["one", "one", "one"]);
    await sluice.engine.resumeSend(of);
    await sluice.run();
    expect(texts().slice(3)).toEqual(["new", "new", "new"]);
  });
});
