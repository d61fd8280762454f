import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ruleThat } from "#test/approval-rules.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import { oneInside, publish, refusal } from "#test/people-inside.ts";
import { publishGraph } from "#test/publish.ts";

setUpEngine();

describe("a publication is refused", () => {
  test("where people wait at steps that are gone and nobody has said what becomes of them: with every such step", async () => {
    const isNew = node("condition", { branches: [{ id: "new", tests: [{ field: "lead_status", operator: "is", value: "New" }] }] });
    const flow = graph(
      [node("start"), isNew, wait(60, "left"), wait(60, "right")],
      ...["start > condition", "condition:new > left", "condition:otherwise > right"],
    );
    const flowId = await buildFlow(db.owner, workspaceId, flow);
    const people = [...(await buildContacts(db.owner, workspaceId, 2)), await buildContact(db.owner, workspaceId, { lead_status: "New" })];
    await sluice.engine.createSend(sendTo(workspaceId, flowId, people));
    await sluice.run();
    const error = await refusal(publish(flowId, chain(node("start"), sms())));
    expect(error).toMatchObject({ code: "moves_needed" });
    expect(error?.problems?.map(({ nodeId }) => nodeId).sort()).toEqual(["left", "right"]);
    expect(error?.problems?.map(({ message }) => message.slice(0, 30)).sort()).toEqual([
      "2 people wait at “Delay”, whic",
      "One person waits at “Delay”, w",
    ]);
    expect(await db.owner.selectFrom("flow_publications").selectAll().where("flow_id", "=", flowId).execute()).toEqual([]);
  });

  test("where people are to be moved to a step that the new version does not have, or to follow to one that is gone", async () => {
    const { flowId } = await oneInside();
    const next = chain(node("start"), sms("one", {}, "one"), sms("two", {}, "two"));
    const nowhere = await refusal(publish(flowId, next, { nodeId: "delay", action: "node", toNodeId: "nowhere" }));
    expect(nowhere?.problems).toMatchObject([{ nodeId: "delay" }]);
    const gone = await refusal(publish(flowId, next, { nodeId: "delay", action: "follow" }));
    expect(gone).toMatchObject({ code: "moves_needed", problems: [{ nodeId: "delay" }] });
  });

  test("where the type of a step at which people wait was replaced", async () => {
    const { flowId } = await oneInside();
    const replaced = chain(node("start"), sms("one", {}, "one"), email("Hello", {}, "delay"), sms("two", {}, "two"), node("end"));
    expect(await refusal(publish(flowId, replaced))).toMatchObject({ code: "moves_needed" });
  });

  test("where it gives people something else to whom a send of the same person would wait for an approval", async () => {
    const { flowId } = await oneInside();
    let minutes = 1;
    const publishBy = (isAdmin: boolean, action: "follow" | "stay") =>
      publishGraph(db.owner, sluice, {
        ...{ workspaceId, flowId, moves: [{ nodeId: "delay", action }] },
        graph: chain(node("start"), sms("one", {}, "one"), wait(60 * minutes++), sms("other", {}, "two"), node("end")),
        asker: { personId: randomUUID(), name: "Edith", isAdmin },
      });
    await ruleThat({ editors: true });
    expect(await refusal(publishBy(false, "follow"))).toMatchObject({ code: "approval_frozen" });
    await publishBy(false, "stay");
    await ruleThat({ above: 1 });
    await publishBy(false, "follow");
    await ruleThat({ editors: true });
    await publishBy(true, "follow");
  });
});
