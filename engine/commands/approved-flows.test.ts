import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { asMember } from "#db/client.ts";
import { addMember } from "#db/queries/members.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, graph, node, sms, wait } from "#test/graphs.ts";
import { publishGraph } from "#test/publish.ts";
import type { Asker } from "../send-api.ts";

// What an approved send starts is what was approved with it, whatever becomes of the flows meanwhile.

setUpEngine({ timeZone: "UTC" });

let editor: Asker;
let admin: Asker;
beforeEach(async () => {
  const join = async (role: "editor" | "admin", name: string): Promise<Asker> => {
    const personId = randomUUID();
    await addMember(db.owner, { workspaceId, userId: personId, role });
    return { personId, isAdmin: role === "admin", name };
  };
  editor = await join("editor", "Eve");
  admin = await join("admin", "Ann");
  const rules = JSON.stringify({ above: null, editors: true });
  await db.owner.updateTable("workspaces").set({ approval_rules: rules }).where("id", "=", workspaceId).execute();
});

const texts = () => sluice.providers.sms.calls.filter((call) => call.workspaceId === workspaceId).map(({ text }) => text);
const says = (text: string) => chain(node("start"), sms(text), node("end"));
/** Waits an hour, and starts another flow then. */
const later = (flowId: string, more: Record<string, unknown> = {}) =>
  chain(node("start"), wait(3_600), node("start_flow", { flowId, ...more }));
const build = (flow: FlowGraph) => buildFlow(db.owner, workspaceId, flow);
const change = (flowId: string, flow: FlowGraph) =>
  db.owner
    .updateTable("flows")
    .set({ nodes: JSON.stringify(flow.nodes), edges: JSON.stringify(flow.edges) })
    .where("id", "=", flowId)
    .execute();

async function approved(flowId: string, people = 2): Promise<string> {
  const ids = await buildContacts(db.owner, workspaceId, people);
  const { sendId } = await sluice.engine.createSend({ ...sendTo(workspaceId, flowId, ids), asker: editor, launchedBy: editor.personId });
  const { hash } = await db.owner.selectFrom("send_approvals").select("hash").where("send_id", "=", sendId).executeTakeFirstOrThrow();
  const by = { actor: { id: admin.personId, name: admin.name }, personId: admin.personId };
  expect(await sluice.engine.approveSend({ workspaceId, sendId, ...by, hash, comment: null, startNow: false })).toBeNull();
  await sluice.run();
  return sendId;
}

const stepOf = async (sendId: string, nodeId: string) =>
  db.owner
    .selectFrom("flow_execution_steps as s")
    .innerJoin("flow_executions as e", "e.id", "s.flow_execution_id")
    .select(["s.status", "s.reason", "s.error_message"])
    .where("e.send_id", "=", sendId)
    .where("s.node_id", "=", nodeId)
    .executeTakeFirstOrThrow();

describe("a flow that an approved send starts", () => {
  test.each([
    ["saved by another tool", (flowId: string) => change(flowId, says("Something else"))],
    [
      "published",
      (flowId: string) => publishGraph(db.owner, sluice, { workspaceId, flowId, graph: says("Something else"), asker: editor }),
    ],
  ])("is started as it was approved, although it was %s since", async (_, meddle) => {
    const started = await build(says("Approved"));
    await approved(await build(later(started)));
    await meddle(started);
    await sluice.wait(3_601);
    expect(texts()).toEqual(["Approved", "Approved"]);
  });

  test("is held through a chain of flows: A starts B, B starts C", async () => {
    const third = await build(says("Approved"));
    const second = await build(later(third));
    await approved(await build(later(second)));
    await change(third, says("Something else"));
    await change(second, says("Something else as well"));
    await sluice.wait(3_601);
    await sluice.wait(3_601);
    expect(texts()).toEqual(["Approved", "Approved"]);
  });

  test("is held in a loop of flows, and so is its way back", async () => {
    const second = await build(says("Nothing yet"));
    const first = await build(chain(node("start"), sms("First"), wait(3_600), node("start_flow", { flowId: second })));
    await change(second, chain(node("start"), sms("Second"), wait(3_600), node("start_flow", { flowId: first })));
    await approved(first, 1);
    await change(second, says("Something else"));
    await change(first, says("Something else as well"));
    await sluice.wait(3_601);
    await sluice.wait(3_601);
    expect(texts()).toEqual(["First", "Second", "First"]);
    await sluice.wait(20_000);
  });

  test("is not started where it was archived since, and the history says so", async () => {
    const started = await build(says("Approved"));
    const sendId = await approved(await build(later(started)), 1);
    await sluice.engine.archiveFlow({ workspaceId, flowId: started, people: "finish", actor: { id: null, name: "Ann" } });
    await sluice.wait(3_601);
    expect(texts()).toEqual([]);
    expect(await stepOf(sendId, "start_flow")).toMatchObject({ status: "failed", reason: "flow_archived" });
  });

  test("is not started where nobody could enter it when the send was approved", async () => {
    const started = await build(says("Never looked at"));
    await db.owner.updateTable("flows").set({ archived_at: new Date() }).where("id", "=", started).execute();
    const sendId = await approved(await build(later(started)), 1);
    await db.owner.updateTable("flows").set({ archived_at: null }).where("id", "=", started).execute();
    await sluice.wait(3_601);
    expect(texts()).toEqual([]);
    expect(await stepOf(sendId, "start_flow")).toMatchObject({ status: "failed", reason: "start_not_approved" });
  });

  test("keeps its people on what was approved, unless somebody who may approve moves them; whoever starts after them gets the same", async () => {
    const started = await build(chain(node("start"), wait(7_200, "rest"), sms("Approved"), node("end")));
    const first = await build(later(started));
    await approved(first, 1);
    await sluice.wait(3_601);
    const graph = chain(node("start"), wait(7_200, "rest"), sms("Mended"), node("end"));
    const moves = [{ nodeId: "rest", action: "follow" as const }];
    await expect(publishGraph(db.owner, sluice, { workspaceId, flowId: started, graph, moves, asker: editor })).rejects.toMatchObject({
      code: "approval_frozen",
    });
    await publishGraph(db.owner, sluice, { workspaceId, flowId: started, graph, moves, asker: admin });
    await sluice.run();
    await sluice.wait(7_201);
    expect(texts()).toEqual(["Mended"]);
  });
});

describe("a flow that a send starts which needed no approval, where the sends of others wait for one", () => {
  const sendOf = async (flowId: string) => {
    const ids = await buildContacts(db.owner, workspaceId, 1);
    const { sendId } = await sluice.engine.createSend({ ...sendTo(workspaceId, flowId, ids), asker: admin, launchedBy: admin.personId });
    await sluice.run();
    return sendId;
  };
  const publishBy = (asker: Asker, flowId: string, graph: FlowGraph, follow?: string) =>
    publishGraph(db.owner, sluice, { workspaceId, flowId, graph, asker, moves: follow ? [{ nodeId: follow, action: "follow" }] : [] });

  test.each([
    ["saved by another tool", (flowId: string) => change(flowId, says("Of the editor"))],
    ["published", (flowId: string) => publishBy(editor, flowId, says("Of the editor"))],
  ])("is started as it was when the send was made, although it was %s since by who would have to ask", async (_, meddle) => {
    const started = await build(says("Of the admin"));
    const between = await build(later(started));
    await sendOf(await build(later(between)));
    await meddle(started);
    await sluice.wait(3_601);
    await sluice.wait(3_601);
    expect(texts()).toEqual(["Of the admin"]);
  });

  test("is not started where nobody could enter it when the send was made", async () => {
    const started = await build(says("Of the editor"));
    await db.owner.updateTable("flows").set({ archived_at: new Date() }).where("id", "=", started).execute();
    const sendId = await sendOf(await build(later(started)));
    await db.owner.updateTable("flows").set({ archived_at: null }).where("id", "=", started).execute();
    await sluice.wait(3_601);
    expect(texts()).toEqual([]);
    expect(await stepOf(sendId, "start_flow")).toMatchObject({ status: "failed", reason: "start_not_approved" });
  });

  test("is held anew where an admin gives its people another version", async () => {
    const rests = (text: string) => chain(node("start"), wait(7_200, "rest"), sms(text), node("end"));
    const started = await build(rests("Before"));
    const first = await build(
      graph(
        [node("start"), node("start_flow", { flowId: started }, "now"), wait(3_600), node("start_flow", { flowId: started })],
        ...["start > now", "now:started > delay", "delay > start_flow"],
      ),
    );
    await sendOf(first);
    await publishBy(admin, started, rests("Mended"), "rest");
    await sluice.run();
    for (let hours = 0; hours < 4; hours += 1) await sluice.wait(3_601);
    expect(texts()).toEqual(["Mended", "Mended"]);
  });

  test("is the one that is live where no send waits", async () => {
    await db.owner.updateTable("workspaces").set({ approval_rules: "{}" }).where("id", "=", workspaceId).execute();
    const started = await build(says("Before"));
    const sendId = await sendOf(await build(later(started)));
    await change(started, says("After"));
    await sluice.wait(3_601);
    expect(texts()).toEqual(["After"]);
    const { options } = await db.owner.selectFrom("flow_sends").select("options").where("id", "=", sendId).executeTakeFirstOrThrow();
    expect(options).not.toHaveProperty("startedFlows");
  });
});

test("an admin who asks is not told that their send waits; every other admin is, and no editor", async () => {
  const rules = JSON.stringify({ above: 1, editors: false });
  await db.owner.updateTable("workspaces").set({ approval_rules: rules }).where("id", "=", workspaceId).execute();
  const other: Asker = { personId: randomUUID(), isAdmin: true, name: "Olga" };
  await addMember(db.owner, { workspaceId, userId: other.personId, role: "owner" });
  const ids = await buildContacts(db.owner, workspaceId, 2);
  await sluice.engine.createSend({ ...sendTo(workspaceId, await build(says("Hi")), ids), asker: admin, launchedBy: admin.personId });
  const told = async ({ personId }: Asker) =>
    (await asMember(db.api, { userId: personId, write: false }, (tx) => tx.selectFrom("notices").select("kind").execute())).length;
  expect([await told(admin), await told(other), await told(editor)]).toEqual([0, 1, 0]);
});
