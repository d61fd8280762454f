import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { listExecutions } from "#db/queries/executions.ts";
import { readMessages, toMessage } from "#db/queries/message-rows.ts";
import { findSend } from "#db/queries/sends.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, graph, node, sms, wait } from "#test/graphs.ts";
import type { CreateSendInput } from "../engine.ts";

setUpEngine();

const simple = chain(node("start"), sms("Hi {{firstname}}"));
const create = (input: CreateSendInput) => sluice.engine.createSend(input);
const readSend = (id: string) => db.owner.selectFrom("flow_sends").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const everyone: CreateSendInput["selection"] = { type: "filter", filter: { tests: [] }, excluded: [] };

describe("refuses", () => {
  test("a flow that does not exist, and one of another workspace in the same words", async () => {
    const foreign = await buildFlow(db.owner, await buildWorkspace(db.owner), simple);
    const contactId = await buildContact(db.owner, workspaceId);
    const answers = await Promise.all(
      [randomUUID(), foreign].map((flowId) =>
        create(sendTo(workspaceId, flowId, [contactId])).catch((error) => ({ code: error.code, message: error.message })),
      ),
    );
    expect(answers[0]).toMatchObject({ code: "flow_not_found" });
    expect(answers[1]).toEqual(answers[0]);
  });

  test("a contact that does not exist, and one of another workspace in the same words", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, simple);
    const foreign = await buildContact(db.owner, await buildWorkspace(db.owner));
    const answers = await Promise.all(
      [randomUUID(), foreign].map((id) =>
        create(sendTo(workspaceId, flowId, [id])).catch((error) => ({ code: error.code, message: error.message })),
      ),
    );
    expect(answers[0]).toMatchObject({ code: "contact_not_found" });
    expect(answers[1]).toEqual(answers[0]);
  });

  test("a flow without steps, and a flow with problems, listing all of them", async () => {
    const contactId = await buildContact(db.owner, workspaceId);
    const empty = await buildFlow(db.owner, workspaceId, { nodes: [], edges: [] });
    await expect(create(sendTo(workspaceId, empty, [contactId]))).rejects.toMatchObject({
      name: "EngineRefusal",
      code: "flow_has_no_steps",
    });
    const broken = await buildFlow(
      db.owner,
      workspaceId,
      graph([node("start"), node("send_sms"), node("magic"), sms()], "start > sms", "sms > sms"),
    );
    await expect(create(sendTo(workspaceId, broken, [contactId]))).rejects.toMatchObject({
      code: "flow_invalid",
      problems: expect.arrayContaining(
        ["missing_config", "unknown_node_type", "cycle_without_wait"].map((code) => expect.objectContaining({ code })),
      ),
    });
  });

  test("a selection that matches nobody", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, simple);
    await expect(create({ ...sendTo(workspaceId, flowId, []), selection: everyone })).rejects.toMatchObject({ code: "nothing_selected" });
    await expect(create(sendTo(workspaceId, flowId, [randomUUID(), randomUUID()]))).rejects.toMatchObject({ code: "nothing_selected" });
  });

  test("data of a trigger that is too large or cannot be stored", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, simple);
    const contactId = await buildContact(db.owner, workspaceId);
    for (const triggerData of [{ a: "x".repeat(70_000) }, { a: "\0" }, { a: "\ud83d" }]) {
      await expect(create(sendTo(workspaceId, flowId, [contactId], { triggerData }))).rejects.toMatchObject({ code: "invalid_request" });
    }
  });

  test("a send id that was used for something else", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, simple);
    const [one, two] = await Promise.all([buildContact(db.owner, workspaceId), buildContact(db.owner, workspaceId)]);
    const sendId = randomUUID();
    await create(sendTo(workspaceId, flowId, [one], { sendId }));
    const other = await buildFlow(db.owner, workspaceId, simple);
    for (const input of [
      sendTo(workspaceId, flowId, [two], { sendId }),
      sendTo(workspaceId, other, [one], { sendId }),
      sendTo(workspaceId, flowId, [one], { sendId, isTest: true }),
    ]) {
      await expect(create(input)).rejects.toMatchObject({ code: "send_mismatch" });
    }
    const foreign = await buildWorkspace(db.owner);
    await expect(create(sendTo(foreign, flowId, [one], { sendId }))).rejects.toMatchObject({ code: "send_mismatch" });
  });

  test("and changes nothing when it refuses", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, simple);
    await create(sendTo(workspaceId, flowId, [randomUUID()])).catch(() => {});
    const { rows } = await sql<{ sends: number; versions: number }>`select
      (select count(*)::int from flow_sends where workspace_id = ${workspaceId}) as sends,
      (select count(*)::int from flow_versions where workspace_id = ${workspaceId}) as versions`.execute(db.owner);
    expect(rows[0]).toEqual({ sends: 0, versions: 0 });
  });
});

test("answers with the execution's id when one contact was enrolled", async () => {
  const flowId = await buildFlow(db.owner, workspaceId, simple);
  const contactId = await buildContact(db.owner, workspaceId);
  const { executionId, sendId } = await create(sendTo(workspaceId, flowId, [contactId], { launchedFrom: "Contacts page" }));
  const execution = await db.owner
    .selectFrom("flow_executions")
    .selectAll()
    .where("id", "=", executionId as string)
    .executeTakeFirstOrThrow();
  expect(execution).toMatchObject({
    contact_id: contactId,
    flow_id: flowId,
    workspace_id: workspaceId,
    status: "pending",
    source: "manual",
    send_id: sendId,
    seq: 0,
    metadata: { launchedBy: "Test", launchedFrom: "Contacts page", flowVersion: 1 },
  });
  await sluice.run();
});

test("makes one send of ten parallel requests with the same id, and answers all of them alike", async () => {
  const flowId = await buildFlow(db.owner, workspaceId, simple);
  const contactId = await buildContact(db.owner, workspaceId);
  const sendId = randomUUID();
  const answers = await Promise.all(Array.from({ length: 10 }, () => create(sendTo(workspaceId, flowId, [contactId], { sendId }))));
  expect(answers.filter(({ created }) => created)).toHaveLength(1);
  expect(new Set(answers.map(({ executionId }) => executionId)).size).toBe(1);
  await sluice.run();
  expect(sluice.providers.sms.calls).toHaveLength(1);
});

test("answers a repeated request although the flow was emptied since", async () => {
  const flowId = await buildFlow(db.owner, workspaceId, simple);
  const contactId = await buildContact(db.owner, workspaceId);
  const input = sendTo(workspaceId, flowId, [contactId], { sendId: randomUUID() });
  const first = await create(input);
  await db.owner.updateTable("flows").set({ nodes: "[]", edges: "[]" }).where("id", "=", flowId).execute();
  expect(await create(input)).toEqual({ ...first, created: false });
  await sluice.run();
});

test("counts a contact named twice once, and tells who of several is gone", async () => {
  const flowId = await buildFlow(db.owner, workspaceId, simple);
  const contactId = await buildContact(db.owner, workspaceId);
  const foreign = await buildContact(db.owner, await buildWorkspace(db.owner));
  const gone = randomUUID();
  const created = await create(sendTo(workspaceId, flowId, [contactId, contactId.toUpperCase(), gone, foreign]));
  expect(created.executionId).not.toBeNull();
  expect(created.skipped).toHaveLength(2);
  expect(created.skipped).toEqual(expect.arrayContaining([gone, foreign].map((id) => ({ contactId: id, reason: "contact_deleted" }))));
  expect(await readSend(created.sendId)).toMatchObject({ expected: 3, enrolled: 1, not_enrolled: 2, state: "running" });
  await sluice.run();
  expect(await readSend(created.sendId)).toMatchObject({ completed: 1, state: "done" });
});

test("freezes the flow: what is edited later changes nothing for those who are inside", async () => {
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(60), sms("old")));
  const contactId = await buildContact(db.owner, workspaceId);
  await create(sendTo(workspaceId, flowId, [contactId]));
  await sluice.run();
  const edited = chain(node("start"), sms("new"));
  await db.owner
    .updateTable("flows")
    .set({ nodes: JSON.stringify(edited.nodes), edges: JSON.stringify(edited.edges) })
    .where("id", "=", flowId)
    .execute();
  await create(sendTo(workspaceId, flowId, [contactId]));
  await sluice.wait(61);
  expect(sluice.providers.sms.calls.map(({ text }) => text).sort()).toEqual(["new", "old"]);
});

test("makes a version only when the graph has changed, whatever the order of its properties", async () => {
  const flowId = await buildFlow(db.owner, workspaceId, simple);
  const contactId = await buildContact(db.owner, workspaceId);
  await Promise.all(Array.from({ length: 5 }, () => create(sendTo(workspaceId, flowId, [contactId]))));
  const shuffled = { edges: simple.edges, nodes: simple.nodes.map(({ data, type, id, position }) => ({ position, data, id, type })) };
  await create(sendTo(workspaceId, flowId, [contactId], { graph: shuffled }));
  const versions = () => db.owner.selectFrom("flow_versions").select("number").where("flow_id", "=", flowId).execute();
  expect(await versions()).toEqual([{ number: 1 }]);
  await create(sendTo(workspaceId, flowId, [contactId], { graph: chain(node("start"), sms("other")) }));
  expect(await versions()).toHaveLength(2);
  await sluice.run();
});

test("follows the graph it is given instead of the stored one, after the same checks", async () => {
  const flowId = await buildFlow(db.owner, workspaceId, simple);
  const contactId = await buildContact(db.owner, workspaceId);
  await expect(create(sendTo(workspaceId, flowId, [contactId], { graph: chain(node("start"), node("send_sms")) }))).rejects.toMatchObject({
    code: "flow_invalid",
  });
  await create(
    sendTo(workspaceId, flowId, [contactId], { graph: chain(node("start"), sms("given {{trigger.word}}")), triggerData: { word: "here" } }),
  );
  await sluice.run();
  expect(sluice.providers.sms.calls.map(({ text }) => text)).toEqual(["given here"]);
});

describe("a send by filter", () => {
  test("enrols everybody who matches, in pages, with numbers that have no gap", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), node("end")));
    await buildContacts(db.owner, workspaceId, 1_200);
    const left = await buildContact(db.owner, workspaceId, { firstname: "Left out" });
    const created = await create({ ...sendTo(workspaceId, flowId, []), selection: { ...everyone, excluded: [left] } });
    expect(created).toMatchObject({ created: true, executionId: null, skipped: [] });
    expect(await readSend(created.sendId)).toMatchObject({ state: "enrolling", expected: 1_200, enrolled: 0 });
    await sluice.run();
    expect(await readSend(created.sendId)).toMatchObject({ state: "done", enrolled: 1_200, completed: 1_200 });
    const { rows } =
      await sql`select count(distinct contact_id)::int as people, min(seq), max(seq) from flow_executions where send_id = ${created.sendId}`.execute(
        db.owner,
      );
    expect(rows[0]).toEqual({ people: 1_200, min: 0, max: 1_199 });
  });

  test("leaves out who was added after it was pressed", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, simple);
    await buildContact(db.owner, workspaceId);
    const created = await create({ ...sendTo(workspaceId, flowId, []), selection: everyone });
    await buildContact(db.owner, workspaceId);
    await sluice.run();
    expect(await readSend(created.sendId)).toMatchObject({ enrolled: 1, completed: 1, expected: 1 });
  });

  test("never touches another workspace", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, simple);
    await buildContacts(db.owner, await buildWorkspace(db.owner), 5);
    await buildContacts(db.owner, workspaceId, 3);
    const created = await create({ ...sendTo(workspaceId, flowId, []), selection: everyone });
    await sluice.run();
    expect(await readSend(created.sendId)).toMatchObject({ enrolled: 3, completed: 3 });
  });
});

describe("who was in the flow before", () => {
  async function sendTwice(reEntry: Record<string, unknown>, between: () => Promise<unknown>, more: Partial<CreateSendInput> = {}) {
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start", { reEntry }), wait(60), sms()));
    const contactId = await buildContact(db.owner, workspaceId);
    await create(sendTo(workspaceId, flowId, [contactId], more));
    await sluice.run();
    await between();
    const second = await create(sendTo(workspaceId, flowId, [contactId]));
    await sluice.wait(120);
    return { second, reasons: second.skipped.map(({ reason }) => reason) };
  }
  const nothing = async () => {};
  const finish = () => sluice.wait(61);

  test("enters again at any time by default", async () => {
    expect((await sendTwice({ rule: "any_time" }, nothing)).second.executionId).not.toBeNull();
  });

  test("does not enter while inside, where the rule says so, and does afterwards", async () => {
    const { second, reasons } = await sendTwice({ rule: "when_finished" }, nothing);
    expect(reasons).toEqual(["already_active_here"]);
    expect(second.executionId).toBeNull();
    expect(await readSend(second.sendId)).toMatchObject({ state: "done", expected: 1, enrolled: 0, not_enrolled: 1 });
    expect((await sendTwice({ rule: "when_finished" }, finish)).reasons).toEqual([]);
  });

  test("enters once and never again", async () => {
    expect((await sendTwice({ rule: "once" }, nothing)).reasons).toEqual(["already_active_here"]);
    expect((await sendTwice({ rule: "once" }, finish)).reasons).toEqual(["was_here_recently"]);
  });

  test("enters again after so many days", async () => {
    expect((await sendTwice({ rule: "after_days", days: 2 }, finish)).reasons).toEqual(["was_here_recently"]);
    expect((await sendTwice({ rule: "after_days", days: 2 }, () => sluice.wait(2 * 86_400 + 1))).reasons).toEqual([]);
  });

  test("is not kept out by a test", async () => {
    expect((await sendTwice({ rule: "once" }, nothing, { isTest: true })).reasons).toEqual([]);
  });

  test("enters once although two sends are made at the same moment", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start", { reEntry: { rule: "when_finished" } }), wait(60)));
    const contactId = await buildContact(db.owner, workspaceId);
    const sends = await Promise.all(Array.from({ length: 5 }, () => create(sendTo(workspaceId, flowId, [contactId]))));
    expect(sends.filter(({ executionId }) => executionId !== null)).toHaveLength(1);
    await sluice.wait(61);
  });
});

test("a send that brings another graph than the flow's says so with its executions and messages, and others do not", async () => {
  const flowId = await buildFlow(db.owner, workspaceId, simple);
  const made = async (more: Partial<CreateSendInput>) => {
    const contactId = await buildContact(db.owner, workspaceId);
    const { sendId } = await create(sendTo(workspaceId, flowId, [contactId], more));
    await sluice.run();
    const [execution] = (
      await listExecutions(db.owner, { workspaceId, contactId, limit: 1, labelOfType: (type) => type, linkRun: (id) => id })
    ).items;
    const page = sql`select m.* from messages m where m.contact_id = ${contactId}`;
    const [message] = (await readMessages(db.owner, { workspaceId, page })).map(toMessage);
    return [await findSend(db.owner, { workspaceId, id: sendId }), execution, message].map((one) => one && (one.hasOwnGraph ?? false));
  };
  expect(await made({ graph: chain(node("start"), sms("Something else")) })).toEqual([true, true, true]);
  expect(await made({ graph: simple })).toEqual([false, false, false]);
  expect(await made({})).toEqual([false, false, false]);
});
