import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import type { Client } from "#test/http-client.ts";
import { type HistorySeed, seedHistory } from "#test/seed-history.ts";

let app: TestApp;
let viewer: Client;
let ours: HistorySeed;
let theirs: HistorySeed;
beforeAll(async () => {
  app = await startTestApp();
  viewer = await app.ours.as("viewer");
  ours = await seedHistory(app.db.owner, app.ours.workspaceId);
  theirs = await seedHistory(app.db.owner, app.theirs.workspaceId);
});
afterAll(() => app.stop());

const without = ({ requestId: _, ...body }: Record<string, unknown>) => body;

describe("of another workspace", () => {
  test("an execution, its steps, a message, a send and its skips are as if they did not exist", async () => {
    const send = await theirs.send(await theirs.flow());
    const execution = await theirs.execution(send);
    const message = await theirs.message();
    const paths = (id: { execution: string; message: string; send: string }) => [
      `/api/executions/${id.execution}`,
      `/api/executions/${id.execution}/steps`,
      `/api/messages/${id.message}`,
      `/api/sends/${id.send}`,
      `/api/sends/${id.send}/skips`,
      `/api/sends/${id.send}/events`,
    ];
    const foreign = paths({ execution, message, send: send.id });
    const missing = paths({ execution: randomUUID(), message: randomUUID(), send: randomUUID() });
    for (const [index, path] of foreign.entries()) {
      const [one, other] = [await viewer.get(path), await viewer.get(missing[index] as string)];
      expect(one.status, path).toBe(404);
      expect(without(one.body)).toEqual(without(other.body));
    }
    for (const path of ["/api/executions", "/api/messages", "/api/sends"]) {
      const { text } = await viewer.get(path);
      for (const id of [execution, message, send.id]) expect(text).not.toContain(id);
    }
  });
});

describe("a request that cannot be understood is refused with the reason", () => {
  test.each([
    ["/api/executions?status=happy", "status.0"],
    ["/api/executions?flowId=1", "flowId"],
    ["/api/executions?limit=1000", "limit"],
    ["/api/executions?cursor=xyz", "cursor"],
    ["/api/messages?cursor=xyz", "cursor"],
    ["/api/messages?channel=fax", "channel"],
    ["/api/sends?cursor=xyz", "cursor"],
    ["/api/sends?state=asleep", "state"],
    ["/api/executions/1", "id"],
  ])("%s", async (path, where) => {
    const { status, body } = await viewer.get(path);
    expect([status, body.code]).toEqual([400, "invalid_request"]);
    expect(body.problems.map((problem: { path: string }) => problem.path)).toContain(where);
  });
});

describe("steps", () => {
  test("come in the order they were taken, with the labels of the version the execution follows", async () => {
    const execution = await ours.execution(await ours.send(await ours.flow()));
    const rows = [
      { visit: 2, attempt: 2, node_id: "hello", status: "completed", exit: "sent", result: { segments: 1 } },
      { visit: 1, attempt: 1, node_id: "start", node_type: "start", status: "completed", exit: "next" },
      { visit: 2, attempt: 1, node_id: "hello", status: "failed", reason: "provider_unavailable", error_message: "421 busy" },
      { visit: 3, attempt: 1, node_id: "end", node_type: "end", status: "completed" },
    ];
    for (const row of rows) await ours.step(execution, row);
    const { body } = await viewer.get(`/api/executions/${execution}/steps`);
    const told = body.items.map((step: { visit: number; attempt: number; nodeLabel: string }) => [
      step.visit,
      step.attempt,
      step.nodeLabel,
    ]);
    expect(told).toEqual([
      [1, 1, "Start"],
      [2, 1, "Say hello"],
      [2, 2, "Say hello"],
      [3, 1, "End"],
    ]);
    expect(body.items[1]).toMatchObject({ executionId: execution, reason: "provider_unavailable", errorMessage: "421 busy", result: null });
    expect(body.items[2]).toMatchObject({ exit: "sent", result: { segments: 1 } });
  });

  test("of an execution that has taken none yet are an empty list", async () => {
    const execution = await ours.execution(await ours.send(await ours.flow()));
    expect((await viewer.get(`/api/executions/${execution}/steps`)).body).toEqual({ items: [], moves: [] });
  });
});

describe("messages", () => {
  test("tell who got what by which flow, and of a deleted contact only the text", async () => {
    const send = await ours.send(await ours.flow({ name: "Reminder" }));
    const contactId = await ours.contact({ name: "Grace Hopper" });
    const execution = await ours.execution(send, { contactId });
    const id = await ours.message({
      flow_execution_id: execution,
      send_id: send.id,
      contact_id: contactId,
      visit: 2,
      body: "See you",
      segments: 1,
      channel: "email",
      subject: "Tomorrow",
      html: "<p>See you</p>",
      to_address: "grace@example.org",
      sent_at: "2026-03-01T10:00:00Z",
    });
    const { body } = await viewer.get(`/api/messages/${id}`);
    expect(body).toMatchObject({
      id,
      executionId: execution,
      flowName: "Reminder",
      contactId,
      contactName: "Grace Hopper",
      channel: "email",
      provider: "capture",
      subject: "Tomorrow",
      body: "See you",
      html: "<p>See you</p>",
      to: "grace@example.org",
      sentAt: "2026-03-01T10:00:00.000Z",
    });
    await sql`delete from contacts where id = ${contactId}::uuid`.execute(app.db.owner);
    expect((await viewer.get(`/api/messages/${id}`)).body).toMatchObject({ contactId: null, contactName: null, body: "See you" });
  });

  test("are found by execution, contact, channel, provider and text, all pages together each once", async () => {
    const contactId = await ours.contact();
    const execution = await ours.execution(await ours.send(await ours.flow()), { contactId });
    const made: string[] = [];
    for (let visit = 1; visit <= 7; visit += 1) {
      const more = { flow_execution_id: execution, contact_id: contactId, visit, created_at: "2026-04-01T00:00:00Z" };
      made.push(
        await ours.message({ ...more, body: visit % 2 ? `Xylophone ${visit}%_` : "Other", provider: visit === 7 ? "smtp" : "capture" }),
      );
    }
    const found = async (query: string): Promise<string[]> => {
      const ids: string[] = [];
      let cursor = "";
      do {
        const { body } = await viewer.get(`/api/messages?limit=2&${query}${cursor && `&cursor=${cursor}`}`);
        ids.push(...body.items.map((message: { id: string }) => message.id));
        cursor = body.nextCursor ?? "";
      } while (cursor);
      return ids;
    };
    for (const query of [`executionId=${execution}`, `contactId=${contactId}`]) {
      const ids = await found(query);
      expect(new Set(ids)).toEqual(new Set(made));
      expect(ids).toHaveLength(7);
    }
    expect(await found("search=xylophone")).toHaveLength(4);
    // No message is found by punctuation alone, also not by characters that mean something in a LIKE pattern.
    expect(await found("search=%25_")).toEqual([]);
    // Every word must be found, as the beginning of a word of the text or of the number.
    expect(await found("search=xylophone%203")).toEqual([made[2]]);
    expect(await found(`contactId=${contactId}&provider=smtp`)).toEqual([made[6]]);
    expect(await found(`contactId=${contactId}&channel=email`)).toEqual([]);
    expect(await found("search=nothing%20like%20it")).toEqual([]);
  });

  test("may be read with a key that may read them, and not with another", async () => {
    expect((await (await app.ours.key(["contacts:read"])).get("/api/messages")).status).toBe(403);
    expect((await (await app.ours.key(["messages:read"])).get("/api/messages")).status).toBe(200);
  });
});

describe("sends", () => {
  test("add up: total, enrolled, what became of them, and who is still inside", async () => {
    const counters = { expected: 12, enrolled: 10, not_enrolled: 2, completed: 4, failed: 1, partial_failure: 1, cancelled: 1 };
    const send = await ours.send(await ours.flow({ name: "Sums" }), { source: "bulk", launched_from: "Contacts page", counters });
    const { body } = await viewer.get(`/api/sends/${send.id}`);
    expect(body).toMatchObject({
      id: send.id,
      flowName: "Sums",
      total: 12,
      enrolled: 10,
      notEnrolled: 2,
      active: 3,
      launchedByName: "Ada",
    });
    expect(body.total).toBe(body.enrolled + body.notEnrolled);
    expect(body.enrolled).toBe(body.completed + body.failed + body.partialFailure + body.cancelled + body.active);
  });

  test("are listed newest first, by flow and by state, page after page", async () => {
    const flowId = await ours.flow();
    const made: string[] = [];
    for (const day of ["01", "02", "03"]) made.push((await ours.send(flowId, { created_at: `2026-05-${day}T00:00:00Z` })).id);
    const done = await ours.send(flowId, { state: "done", created_at: "2026-05-04T00:00:00Z" });
    const page = await viewer.get(`/api/sends?flowId=${flowId}&limit=2`);
    expect(page.body.items.map((send: { id: string }) => send.id)).toEqual([done.id, made[2]]);
    const rest = await viewer.get(`/api/sends?flowId=${flowId}&limit=2&cursor=${page.body.nextCursor}`);
    expect(rest.body).toMatchObject({ items: [{ id: made[1] }, { id: made[0] }], nextCursor: null });
    const byState = await viewer.get(`/api/sends?flowId=${flowId}&state=done`);
    expect(byState.body.items.map((send: { id: string }) => send.id)).toEqual([done.id]);
  });

  test("name everybody who was not enrolled, with the reason, also those deleted since", async () => {
    const send = await ours.send(await ours.flow());
    const people = [await ours.contact({ name: "Ada" }), randomUUID(), await ours.contact({ name: "Grace" })];
    for (const contactId of people) {
      const skip = { send_id: send.id, workspace_id: app.ours.workspaceId, contact_id: contactId, reason: "already_active_here" };
      await app.db.owner.insertInto("flow_send_skips").values(skip).execute();
    }
    const first = await viewer.get(`/api/sends/${send.id}/skips?limit=2`);
    const second = await viewer.get(`/api/sends/${send.id}/skips?limit=2&cursor=${first.body.nextCursor}`);
    const all = [...first.body.items, ...second.body.items];
    expect(new Set(all.map((skip) => skip.contactId))).toEqual(new Set(people));
    expect(new Set(all.map((skip) => skip.contactName))).toEqual(new Set(["Ada", "Grace", null]));
    expect(all.every((skip) => skip.reason === "already_active_here")).toBe(true);
    expect(second.body.nextCursor).toBeNull();
  });
});

describe("test runs", () => {
  test("are listed, left out or alone, in the history, the log, the numbers and the files", async () => {
    const flowId = await ours.flow();
    const [real, tried] = [await ours.send(flowId), await ours.send(flowId, { is_test: true })];
    const [one, other] = [await ours.execution(real), await ours.execution(tried)];
    const [step, tryStep] = [await ours.step(one, { exit: "sent" }), await ours.step(other, { exit: "sent" })];
    const idsAt = async (path: string) => (await viewer.get(path)).body.items.map(({ id }: { id: string }) => id).toSorted();
    for (const [testRuns, executions, steps] of [
      [undefined, [one, other], [step, tryStep]],
      ["hidden", [one], [step]],
      ["only", [other], [tryStep]],
    ] as const) {
      const query = `flowId=${flowId}${testRuns ? `&testRuns=${testRuns}` : ""}`;
      expect(await idsAt(`/api/executions?${query}`)).toEqual(executions.toSorted());
      expect(await idsAt(`/api/steps?${query}`)).toEqual(steps.toSorted());
      const { body } = await viewer.get(`/api/flows/${flowId}/counts${testRuns ? `?testRuns=${testRuns}` : ""}`);
      expect(body.steps.hello.passed).toBe(executions.length);
      for (const file of ["executions", "steps"]) {
        const { text } = await viewer.get(`/api/${file}/export?${query}`);
        expect(text.trim().split("\n")).toHaveLength(1 + executions.length);
      }
    }
    expect((await viewer.get("/api/executions?testRuns=perhaps")).body.code).toBe("invalid_request");
  });
});

describe("who was moved between versions", () => {
  const named = (label: string) => [{ id: "hello", type: "send_sms", position: { x: 0, y: 0 }, data: { label } }];

  /** An execution that took one visit in the first version and one in the second. */
  async function moved(seed: HistorySeed) {
    const flowId = await seed.flow();
    const [first, second] = [await seed.version(flowId, named("As it was")), await seed.version(flowId, named("As it is"))];
    const execution = await seed.execution({ ...(await seed.send(flowId, { versionId: first })), versionId: second });
    const [before, after] = [await seed.step(execution, { visit: 1 }), await seed.step(execution, { visit: 2 })];
    const { rows } = await sql<{ id: string }>`insert into flow_publications (workspace_id, flow_id, version_id, people)
      values (${seed.workspaceId}, ${flowId}, ${second}, 1) returning id`.execute(app.db.owner);
    await sql`insert into flow_execution_moves
      (flow_execution_id, publication_id, workspace_id, action, from_version_id, from_node_id, to_node_id, visit, moved_at)
      values (${execution}, ${rows[0]?.id}, ${seed.workspaceId}, 'node', ${first}, 'hello', 'hello', 1, '2026-05-03T09:00:00Z')`.execute(
      app.db.owner,
    );
    return { flowId, execution, first, second, before, after };
  }

  test("has the steps of each version by the names they had there, and the move between them", async () => {
    const { execution, first, second } = await moved(ours);
    const { body } = await viewer.get(`/api/executions/${execution}/steps`);
    expect(body.items.map(({ nodeLabel }: { nodeLabel: string }) => nodeLabel)).toEqual(["As it was", "As it is"]);
    expect(body.moves).toMatchObject([
      {
        at: "2026-05-03T09:00:00.000Z",
        afterVisit: 1,
        action: "node",
        from: { versionId: first, nodeId: "hello" },
        to: { versionId: second, nodeId: "hello" },
      },
    ]);
  });

  test("the log names the version in which a step was taken, and is narrowed by it", async () => {
    const { flowId, first, second, before, after } = await moved(ours);
    const log = async (more: string) => (await viewer.get(`/api/steps?flowId=${flowId}${more}`)).body.items;
    expect((await log("")).map((one: Record<string, unknown>) => [one.id, one.flowVersionId, one.nodeLabel])).toEqual([
      [after, second, "As it is"],
      [before, first, "As it was"],
    ]);
    expect((await log(`&versionId=${first}`)).map(({ id }: { id: string }) => id)).toEqual([before]);
    expect((await log(`&versionId=${second}`)).map(({ id }: { id: string }) => id)).toEqual([after]);
  });

  test("nobody reads the moves of another workspace", async () => {
    const { execution } = await moved(theirs);
    expect((await viewer.get(`/api/executions/${execution}/steps`)).status).toBe(404);
  });
});
