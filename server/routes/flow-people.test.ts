import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { FlowPerson } from "#contract/flow-people.ts";
import type { FlowSummary } from "#contract/flows.ts";
import { joinFlow } from "#server/http/flow-presence.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildFlow } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let editor: Client;
let viewer: Client;
beforeAll(async () => {
  app = await startTestApp();
  editor = await app.ours.as("editor");
  viewer = await app.ours.as("viewer");
});
afterAll(() => app.stop());

const newFlow = () => buildFlow(app.db.owner, app.ours.workspaceId, chain(node("start"), sms(), node("end")));
const listed = async (client: Client, id: string): Promise<FlowSummary> =>
  (await client.get("/api/flows")).body.items.find((flow: FlowSummary) => flow.id === id);

/** A tab that listens. `until` resolves with the next people who are as wanted. */
async function open(client: Client, flowId: string, tab = randomUUID()) {
  const left = new AbortController();
  const response = await client.fetch(`/api/flows/${flowId}/people?tab=${tab}&workspaceId=${app.ours.workspaceId}`, {
    signal: left.signal,
  });
  const reader = (response.body as ReadableStream<BufferSource>).pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const until = async (wanted: (people: FlowPerson[]) => boolean): Promise<FlowPerson[]> => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) throw new Error("The stream ended.");
      text += value;
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        const event = text.slice(0, end);
        text = text.slice(end + 2);
        if (!event.startsWith("data: ")) continue;
        const { people } = JSON.parse(event.slice(6));
        if (wanted(people)) return people;
      }
    }
  };
  return { status: response.status, until, leave: () => left.abort() };
}
const are = (count: number) => (people: FlowPerson[]) => people.length === count;

describe("who has a flow open", () => {
  test("of a stream that could not be opened goes on counting nobody", async () => {
    const flowId = await newFlow();
    let statements = 0;
    // The second statement of those who join is the one that reads who else is there.
    const failing = app.db.owner.withPlugin({
      transformQuery: ({ node: query }) => {
        statements += 1;
        if (statements === 2) throw new Error("The database was away for a moment");
        return query;
      },
      transformResult: async ({ result }) => result,
    });
    const beats = vi.spyOn(globalThis, "setInterval");
    const of = { workspaceId: app.ours.workspaceId, flowId, userId: await app.ours.userId("editor"), tab: randomUUID(), name: "Edi" };
    const left = new AbortController();
    await expect(joinFlow({ ...app.resources, ownerDb: failing }, of, left.signal, () => {})).rejects.toThrow("away");
    expect(beats.mock.calls.filter(([, ms]) => ms === 4_000)).toEqual([]);
    beats.mockRestore();
    const present = () => app.db.owner.selectFrom("private.flow_presence").select("tab").where("flow_id", "=", flowId).execute();
    await expect.poll(present).toEqual([]);
  });

  test("is not told of a flow that is not there, of another workspace's, and to a key", async () => {
    const flowId = await newFlow();
    const at = (id: string) => `/api/flows/${id}/people?tab=${randomUUID()}`;
    expect((await editor.get(at(randomUUID()))).status).toBe(404);
    expect((await (await app.theirs.as("owner")).get(at(flowId))).status).toBe(404);
    expect((await (await app.ours.key(["flows:read"])).get(at(flowId))).status).toBe(403);
    expect((await editor.get(`/api/flows/${flowId}/people`)).status).toBe(400);
  });

  test("is told to each of them as they come and go; a person with two tabs is one person", async () => {
    const flowId = await newFlow();
    const mine = await open(editor, flowId);
    await mine.until(are(1));
    const theirs = await open(viewer, flowId);
    expect((await theirs.until(are(2))).map(({ userId }) => userId)).toEqual([
      await app.ours.userId("editor"),
      await app.ours.userId("viewer"),
    ]);
    await mine.until(are(2));
    const second = await open(viewer, flowId);
    expect((await mine.until((people) => people[1]?.tabs === 2))[1]?.userId).toBe(await app.ours.userId("viewer"));
    second.leave();
    theirs.leave();
    expect(await mine.until(are(1))).toMatchObject([{ tabs: 1 }]);
    mine.leave();
  });

  test("is so of those whom another process serves, and no longer of one that has died", async () => {
    const flowId = await newFlow();
    const mine = await open(editor, flowId);
    await mine.until(are(1));
    // As another process writes it for its tabs.
    const other = { flow_id: flowId, workspace_id: app.ours.workspaceId, user_id: await app.ours.userId("viewer"), tab: randomUUID() };
    await app.db.owner
      .insertInto("private.flow_presence")
      .values({ ...other, name: "Vera" })
      .execute();
    expect((await mine.until(are(2)))[1]).toMatchObject({ name: "Vera" });
    await sql`update private.flow_presence set seen_at = now() - interval '11 seconds' where tab = ${other.tab}::uuid`.execute(
      app.db.owner,
    );
    await mine.until(are(1));
    mine.leave();
  });

  test("ends for whoever is removed from the workspace, before their own connection notices", async () => {
    const flowId = await newFlow();
    const mine = await open(editor, flowId);
    const { userId } = await app.signUp();
    const { workspaceId } = app.ours;
    await app.db.owner.insertInto("workspace_members").values({ workspace_id: workspaceId, user_id: userId, role: "viewer" }).execute();
    const place = { flow_id: flowId, workspace_id: workspaceId, user_id: userId, tab: randomUUID(), name: "Gone" };
    await app.db.owner.insertInto("private.flow_presence").values(place).execute();
    await mine.until(are(2));
    await app.db.owner.deleteFrom("workspace_members").where("user_id", "=", userId).where("workspace_id", "=", workspaceId).execute();
    await mine.until(are(1));
    mine.leave();
  });
});

test("a flow is a favourite of the member who says so, and of nobody else, until they take it back", async () => {
  const id = await newFlow();
  expect((await editor.put(`/api/flows/${randomUUID()}/favourite`, { favourite: true })).status).toBe(404);
  expect((await viewer.put(`/api/flows/${id}/favourite`, { favourite: true })).body).toEqual({ favourite: true });
  expect([(await listed(viewer, id)).favourite, (await listed(editor, id)).favourite]).toEqual([true, false]);
  await viewer.put(`/api/flows/${id}/favourite`, { favourite: false });
  expect((await listed(viewer, id)).favourite).toBe(false);
});

test("a flow that a member opens is one that they opened last, and stays a favourite", async () => {
  const id = await newFlow();
  await viewer.put(`/api/flows/${id}/favourite`, { favourite: true });
  expect((await listed(viewer, id)).openedAt).toBeNull();
  const tab = await open(viewer, id);
  await tab.until(are(1));
  tab.leave();
  expect(await listed(viewer, id)).toMatchObject({ favourite: true, openedAt: expect.any(String) });
  expect((await listed(editor, id)).openedAt).toBeNull();
});
