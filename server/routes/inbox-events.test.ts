import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InboxState } from "#contract/conversations.ts";
import { addMember } from "#db/queries/members.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact } from "#test/factories.ts";
import type { Client } from "#test/http-client.ts";
import { emptyInbox, textFrom } from "#test/inbox.ts";

let app: TestApp;
let editor: Client;
let viewer: Client;
let workspaceId: string;
let ada: string;
const number = "+14155550100";

beforeAll(async () => {
  app = await startTestApp();
  editor = await app.ours.as("editor");
  viewer = await app.ours.as("viewer");
  workspaceId = app.ours.workspaceId;
});
afterAll(() => app.stop());
beforeEach(async () => {
  const { owner } = app.db;
  await emptyInbox(owner, workspaceId);
  ada = await buildContact(owner, workspaceId, { firstname: "Ada", lastname: "Lovelace", phone_e164: number });
});

const write = (text: string, from = number) => textFrom(app, from, text);
const change = (body: object) => editor.patch(`/api/conversations/${ada}`, body);

/** A tab that listens. `next` resolves with the next state that is another one than the last, and as is wanted. */
async function listen(client: Client, query = "") {
  const left = new AbortController();
  const response = await client.fetch(`/api/conversations/events?workspaceId=${workspaceId}${query}`, { signal: left.signal });
  const reader = (response.body as ReadableStream<BufferSource>).pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let last: InboxState | undefined;
  const next = async (wanted: (state: InboxState, before: InboxState | undefined) => boolean): Promise<InboxState> => {
    for (;;) {
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        const event = text.slice(0, end);
        text = text.slice(end + 2);
        if (!event.startsWith("data: ")) continue;
        const state: InboxState = JSON.parse(event.slice(6));
        const before = last;
        last = state;
        if (wanted(state, before)) return state;
      }
      const { done, value } = await reader.read();
      if (done) throw new Error("The stream ended.");
      text += value;
    }
  };
  const ended = async () => {
    while (!(await reader.read()).done);
  };
  return { status: response.status, next, ended, leave: () => left.abort() };
}
/** Somebody of the workspace whom no other test knows. */
async function newViewer() {
  const person = await app.signUp();
  await addMember(app.db.owner, { workspaceId, userId: person.userId, role: "viewer" });
  return person;
}
const first = () => true;
const otherList = (state: InboxState, before?: InboxState) => before !== undefined && state.list !== before.list;
const otherThread = (state: InboxState, before?: InboxState) => before !== undefined && state.thread !== before.thread;

describe("the events of the inbox", () => {
  test("are refused to strangers, to keys that may not read contacts, and of a contact who is not there", async () => {
    const stranger = await app.theirs.as("owner");
    const at = `/api/conversations/events?workspaceId=${workspaceId}`;
    expect([403, 404]).toContain((await stranger.get(at)).status);
    expect((await app.nobody.get(at)).status).toBe(401);
    expect((await stranger.get(`/api/conversations/events?contact=${ada}`)).body.code).toBe("contact_not_found");
    expect((await (await app.ours.key(["messages:read"])).get("/api/conversations/events")).status).toBe(403);
    expect((await editor.get(`${at}&contact=${randomUUID()}`)).body.code).toBe("contact_not_found");
    expect((await editor.get(`${at}&contact=nobody`)).status).toBe(400);
  });

  test("are kept to five of one person, whatever else they have open", async () => {
    const { client } = await newViewer();
    const tabs = await Promise.all(Array.from({ length: 5 }, () => listen(client)));
    expect(tabs.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await client.get(`/api/conversations/events?workspaceId=${workspaceId}`)).body.code).toBe("too_many_requests");
    for (const tab of tabs) tab.leave();
  });

  test("tell every tab that somebody has written, and how many wait", async () => {
    const tabs = [await listen(editor), await listen(editor), await listen(viewer)];
    const begun = await Promise.all(tabs.map((tab) => tab.next(first)));
    expect(begun.map(({ unread, thread }) => [unread, thread])).toEqual([
      [0, null],
      [0, null],
      [0, null],
    ]);
    await write("Hello?");
    for (const tab of tabs) expect((await tab.next(({ unread }) => unread === 1)).list).not.toBe(begun[0]?.list);
    for (const tab of tabs) tab.leave();
  });

  test("tell at once what a colleague does: reading, assigning, closing", async () => {
    await write("Hello?");
    const tab = await listen(viewer, `&contact=${ada}`);
    await tab.next(({ unread }) => unread === 1);
    await change({ read: true });
    await tab.next(({ unread }) => unread === 0);
    await change({ assigneeId: await app.ours.userId("editor") });
    await tab.next(otherList);
    await change({ status: "closed" });
    await tab.next(otherList);
    await write("Still there?");
    expect((await tab.next(({ unread }) => unread === 1)).thread).not.toBeNull();
    tab.leave();
  });

  test("tell what becomes of a message in the conversation that is open, and leave the list as it is", async () => {
    const tab = await listen(viewer, `&contact=${ada}`);
    const begun = await tab.next(first);
    const { body } = await editor.post(`/api/conversations/${ada}/messages`, { id: randomUUID(), channel: "sms", text: "Hello Ada" });
    expect((await tab.next(otherThread)).list).toBe(begun.list);
    await app.db.owner.updateTable("messages").set({ status: "delivered", updated_at: new Date() }).where("id", "=", body.id).execute();
    await tab.next(otherThread);
    await app.db.owner
      .insertInto("suppressions")
      .values({ workspace_id: workspaceId, channel: "sms", address: number, reason: "stop" })
      .execute();
    await tab.next(otherThread);
    tab.leave();
    await app.db.owner.deleteFrom("suppressions").execute();
  });

  test("do not count a conversation that is closed, or whose contact is in the bin", async () => {
    await write("Hello?");
    const unread = async () => (await viewer.get("/api/conversations/unread")).body.unread;
    expect(await unread()).toBe(1);
    await app.db.owner.updateTable("contacts").set({ deleted_at: new Date() }).where("id", "=", ada).execute();
    expect(await unread()).toBe(0);
    await app.db.owner.updateTable("contacts").set({ deleted_at: null }).where("id", "=", ada).execute();
    await change({ status: "closed" });
    expect(await unread()).toBe(0);
  });

  test("end for somebody who is taken out of the workspace", async () => {
    const { userId, client } = await newViewer();
    const tab = await listen(client);
    await tab.next(first);
    const owner = await app.ours.as("owner");
    expect((await owner.delete(`/api/members/${userId}`)).status).toBe(200);
    await tab.ended();
  });

  test("of whoever comes back tell by their first event whether anything has changed meanwhile", async () => {
    const one = await listen(viewer);
    const before = await one.next(first);
    one.leave();
    const two = await listen(viewer);
    expect((await two.next(first)).list).toBe(before.list);
    two.leave();
    await write("While nobody listened");
    const three = await listen(viewer);
    expect((await three.next(first)).list).not.toBe(before.list);
    three.leave();
  });
});
