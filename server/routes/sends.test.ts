import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Send } from "#contract/sends.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";
import { seedHistory } from "#test/seed-history.ts";
import { expectTotalsToAddUp } from "#test/totals.ts";

let app: TestApp;
let editor: Client;
let flowId: string;
let people: string[];
const hello = chain(node("start"), sms("Hi"), node("end"));

beforeAll(async () => {
  app = await startTestApp();
  await app.resources.engine.start();
  editor = await app.ours.as("editor");
  flowId = await buildFlow(app.db.owner, app.ours.workspaceId, hello, "Hello");
  people = await buildContacts(app.db.owner, app.ours.workspaceId, 12);
});
afterAll(async () => {
  await app.resources.engine.stop();
  await app.stop();
});

const byIds = (ids: string[]) => ({ type: "ids", ids });
const everybody = { type: "filter", filter: { tests: [] } };
const post = (body: Record<string, unknown>, client = editor) => client.post("/api/sends", { flowId, ...body });

describe("a send", () => {
  afterEach(() => expectTotalsToAddUp(app.db.owner));

  test.each([
    ["nobody", { type: "ids", ids: [] }, 400, "invalid_request"],
    ["the kind that only flows write", { type: "started_by_flow" }, 400, "invalid_request"],
    ["a contact that is not there", byIds([randomUUID()]), 404, "contact_not_found"],
    ["several that are not there", byIds([randomUUID(), randomUUID()]), 422, "nothing_selected"],
    ["a filter that matches nobody", { type: "filter", filter: { search: "nobody of this name", tests: [] } }, 422, "nothing_selected"],
    ["a search of one space", { type: "filter", filter: { search: " ", tests: [] } }, 400, "invalid_request"],
    [
      "a filter that contains two spaces",
      { type: "filter", filter: { tests: [{ field: "name", operator: "contains", value: "  " }] } },
      400,
      "invalid_request",
    ],
    [
      "a filter on a field there is not",
      { type: "filter", filter: { tests: [{ field: "shoe_size", operator: "is", value: "9" }] } },
      400,
      "invalid_request",
    ],
  ])("to %s is refused", async (_what, selection, status, code) => {
    const answer = await post({ selection });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test("of a flow of another workspace, or to its contacts, is refused as if they did not exist", async () => {
    const theirFlow = await buildFlow(app.db.owner, app.theirs.workspaceId, hello);
    const theirContact = await buildContact(app.db.owner, app.theirs.workspaceId);
    expect((await post({ flowId: theirFlow, selection: byIds([people[0] as string]) })).body.code).toBe("flow_not_found");
    expect((await post({ selection: byIds([theirContact]) })).body.code).toBe("contact_not_found");
    // A contact of another workspace among ours is left out, and nothing about it is told.
    const mixed = await post({ selection: byIds([people[0] as string, theirContact]) });
    expect(mixed.body.send.enrolled).toBe(1);
    await app.driver.runUntilIdle();
  });

  test("may not be made by viewers, nor by a key that may only read", async () => {
    expect((await post({ selection: everybody }, await app.ours.as("viewer"))).status).toBe(403);
    expect((await post({ selection: everybody }, await app.ours.key(["executions:read"]))).status).toBe(403);
  });

  test("to one person is a manual send that tells its execution at once", async () => {
    const answer = await post({ selection: byIds([people[0] as string]), launchedFrom: "Contacts page" });
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      success: true,
      send: { flowId, source: "manual", total: 1, enrolled: 1, launchedFrom: "Contacts page", launchedByName: "editor member" },
    });
    const execution = await editor.get(`/api/executions/${answer.body.executionId}`);
    expect(execution.body).toMatchObject({ contactId: people[0], reason: "Manual send (Contacts page)" });
    await app.driver.runUntilIdle();
    expect((await editor.get(`/api/sends/${answer.body.send.id}`)).body).toMatchObject({ state: "done", completed: 1, active: 0 });
  });

  test("to many by ids, and to all by filter but some, reaches exactly those", async () => {
    const few = await post({ selection: byIds(people.slice(0, 5)) });
    expect(few.body).toMatchObject({ executionId: null, send: { source: "bulk", total: 5 } });
    const all = await post({ selection: { ...everybody, excluded: people.slice(0, 2) } });
    await app.driver.runUntilIdle();
    const { body } = await editor.get(`/api/sends/${all.body.send.id}`);
    expect(body).toMatchObject({ source: "bulk", state: "done", total: 10, enrolled: 10, completed: 10 });
    const reached = await editor.get(`/api/executions?sendId=${body.id}&limit=100`);
    expect(new Set(reached.body.items.map((one: { contactId: string }) => one.contactId))).toEqual(new Set(people.slice(2)));
  });

  test("whose audience moved since it was counted goes to those who match now, and the answer says how many", async () => {
    const answer = await post({ selection: everybody, expectedTotal: 5 });
    expect(answer.status).toBe(202);
    expect(answer.body.send.total).toBe(12);
    await app.driver.runUntilIdle();
    const { rows } = await sql<{ details: unknown }>`
      select details from audit_log where subject_id = ${answer.body.send.id} and action = 'send.create'`.execute(app.db.owner);
    expect(rows).toMatchObject([{ details: { total: 12, expectedTotal: 5, created: true } }]);
  });

  test("by an API key is an API send, whatever the number", async () => {
    const key = await app.ours.key(["flows:send"]);
    const answer = await post({ selection: byIds(people.slice(0, 2)) }, key);
    expect(answer.body.send).toMatchObject({ source: "api", launchedByName: "Key flows:send" });
    await app.driver.runUntilIdle();
  });

  test("pressed ten times at once under one id is one send", async () => {
    const sendId = randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post({ sendId, selection: byIds(people.slice(0, 3)) })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body.send.id))).toEqual(new Set([sendId]));
    await app.driver.runUntilIdle();
    const reached = await editor.get(`/api/executions?sendId=${sendId}`);
    expect(reached.body.items).toHaveLength(3);
    const other = await post({ sendId, selection: byIds(people.slice(0, 4)) });
    expect([other.status, other.body.code]).toEqual([409, "send_mismatch"]);
  });

  test("of one id that is asked for otherwise is refused, and not answered as if it were made so", async () => {
    const selection = byIds(people.slice(0, 2));
    const asked = { sendId: randomUUID(), selection, triggerData: { a: 1, b: 2 }, undoSeconds: 3 };
    expect((await post(asked)).status).toBe(202);
    for (const more of [
      { start: { at: "2999-01-01T09:00", zone: "workspace" } },
      { drip: { count: 1, everySeconds: 60 } },
      { notLaterThan: "2999-01-01T09:00" },
      { oncePerAddress: false },
      { triggerData: { a: 1, b: 3 } },
      { undoSeconds: 4 },
      { canary: {} },
    ]) {
      const { status, body } = await post({ ...asked, ...more });
      expect([status, body.code, body.send], JSON.stringify(more)).toEqual([409, "send_mismatch", undefined]);
    }
    // In another order, and with what the dialog has learnt meanwhile, it is the same.
    const again = await post({ ...asked, triggerData: { b: 2, a: 1 }, expectedTotal: 7, launchedFrom: "Another page" });
    expect([again.status, again.body.send.id]).toEqual([202, asked.sendId]);
    await app.driver.runUntilIdle();
  });

  test("repeated with its Idempotency-Key is the same send, also when the stored answer was lost", async () => {
    const again = editor.with({ "idempotency-key": randomUUID() });
    const first = await post({ selection: byIds(people.slice(0, 2)) }, again);
    expect((await post({ selection: byIds(people.slice(0, 2)) }, again)).body).toEqual(first.body);
    await sql`delete from idempotency_keys`.execute(app.db.owner);
    const third = await post({ selection: byIds(people.slice(0, 2)) }, again);
    expect(third.body.send.id).toBe(first.body.send.id);
    await app.driver.runUntilIdle();
  });
});

describe("events of a send", () => {
  /** Reads a stream until it has `enough` snapshots or the stream ends. */
  async function read(
    client: Client,
    id: string,
    { enough = Number.POSITIVE_INFINITY, onFirst }: { enough?: number; onFirst?: () => void } = {},
  ): Promise<{ snapshots: Send[]; ended: boolean }> {
    const abort = new AbortController();
    const response = await client.fetch(`/api/sends/${id}/events`, { signal: abort.signal, headers: { "accept-encoding": "br, gzip" } });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    expect(response.headers.get("content-encoding"), "an event would wait in the compressor").toBeNull();
    expect(response.headers.get("cache-control"), "and in that of a proxy").toContain("no-transform");
    const snapshots: Send[] = [];
    let text = "";
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks.filter((one) => one.startsWith("data: "))) {
        if (snapshots.push(JSON.parse(block.slice(6))) === 1) onFirst?.();
      }
      if (snapshots.length >= enough) {
        abort.abort();
        return { snapshots, ended: false };
      }
    }
    return { snapshots, ended: true };
  }

  test("are refused to a stranger with the answer for a send that is not there", async () => {
    const created = await post({ selection: byIds(people.slice(0, 1)) });
    await app.driver.runUntilIdle();
    const stranger = await app.theirs.as("owner");
    const answer = await stranger.get(`/api/sends/${created.body.send.id}/events`);
    expect([answer.status, answer.body.code]).toEqual([404, "send_not_found"]);
    expect((await app.nobody.get(`/api/sends/${created.body.send.id}/events`)).status).toBe(401);
  });

  test("of a send that is over are its last state, and the end", async () => {
    const created = await post({ selection: byIds(people.slice(0, 2)) });
    await app.driver.runUntilIdle();
    const { snapshots, ended } = await read(editor, created.body.send.id);
    expect(ended).toBe(true);
    expect(snapshots).toEqual([(await editor.get(`/api/sends/${created.body.send.id}`)).body]);
  });

  test("begin with a full snapshot and end by themselves when the last contact has arrived", async () => {
    const flow = await buildFlow(
      app.db.owner,
      app.ours.workspaceId,
      chain(node("start"), sms("One"), wait(3600), sms("Two", {}, "sms2"), node("end")),
    );
    const created = await post({ flowId: flow, selection: byIds(people.slice(0, 4)) });
    const reading = read(editor, created.body.send.id);
    await app.driver.runUntilIdle();
    app.driver.clock.forward(3_700_000);
    await app.driver.runUntilIdle();
    const { snapshots, ended } = await reading;
    expect(ended).toBe(true);
    expect(snapshots[0]).toMatchObject({ id: created.body.send.id, total: 4 });
    expect(snapshots.at(-1)).toMatchObject({ state: "done", completed: 4, active: 0 });
  });

  test("tell all watchers how it goes on, at most twice a second", async () => {
    const seed = await seedHistory(app.db.owner, app.ours.workspaceId);
    const { id } = await seed.send(await seed.flow(), { counters: { expected: 1000, enrolled: 1000 } });
    const set = (completed: number, state = "running") =>
      sql`update flow_sends set completed = ${completed}, state = ${state} where id = ${id}::uuid`.execute(app.db.owner);
    const viewer = await app.ours.as("viewer");
    const began = performance.now();
    const watchers = [read(editor, id), read(viewer, id), read(viewer, id)];
    // The send changes many times in quick succession and then ends.
    for (let completed = 50; completed < 1000; completed += 50) {
      await set(completed);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await set(1000, "done");
    for (const { snapshots, ended } of await Promise.all(watchers)) {
      expect(ended).toBe(true);
      expect(snapshots.at(-1)).toMatchObject({ state: "done", completed: 1000, active: 0 });
      expect(snapshots.map(({ completed }) => completed)).toEqual(snapshots.map(({ completed }) => completed).toSorted((a, b) => a - b));
      // There is the first snapshot, the last, and one each half second at most, however many changes there were.
      expect(snapshots.length).toBeLessThanOrEqual(2 + (performance.now() - began) / 500);
    }
  });

  test("stop being read when nobody listens any more", async () => {
    const seed = await seedHistory(app.db.owner, app.ours.workspaceId);
    const { id } = await seed.send(await seed.flow(), { counters: { expected: 10, enrolled: 10 } });
    const { ended } = await read(editor, id, { enough: 1 });
    expect(ended).toBe(false);
    // A second watcher that comes later starts anew and gets changes.
    let second: ReturnType<typeof read> | undefined;
    await new Promise<void>((onFirst) => {
      second = read(editor, id, { onFirst });
    });
    await sql`update flow_sends set completed = 10, state = 'done' where id = ${id}::uuid`.execute(app.db.owner);
    expect((await second)?.snapshots.at(-1)).toMatchObject({ state: "done" });
  });
});
