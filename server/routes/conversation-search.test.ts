import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { conversationLimits } from "#contract/conversation-limits.ts";
import type { ConversationFindings, ConversationThread } from "#contract/conversations.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact } from "#test/factories.ts";
import type { Client } from "#test/http-client.ts";
import { emptyInbox } from "#test/inbox.ts";

let app: TestApp;
let viewer: Client;
let workspaceId: string;
let ada: string;
let bob: string;
const numbers = { ada: "+14155550100", bob: "+436641234561" };

beforeAll(async () => {
  app = await startTestApp();
  viewer = await app.ours.as("viewer");
  workspaceId = app.ours.workspaceId;
});
afterAll(() => app.stop());
beforeEach(async () => {
  const { owner } = app.db;
  await emptyInbox(owner, workspaceId);
  ada = await buildContact(owner, workspaceId, { firstname: "Ada", lastname: "Lovelace", phone_e164: numbers.ada });
  bob = await buildContact(owner, workspaceId, { firstname: "Bob", lastname: "Müller", phone_e164: numbers.bob });
});

async function write(from: string, ...texts: string[]) {
  for (const text of texts) {
    const message = { kind: "received", providerMessageId: randomUUID(), from, to: "+15550001111", text, files: 0 } as const;
    await app.resources.engine.takeInbound({ workspaceId, channel: "sms", provider: "fake", events: [message] });
    await app.resources.engine.inboundIdle();
  }
}
/** Messages that were sent to a contact, so many minutes ago. */
async function sent(contactId: string, ...texts: string[]) {
  for (const [index, body] of texts.entries())
    await app.db.owner
      .insertInto("messages")
      .values({
        workspace_id: workspaceId,
        contact_id: contactId,
        channel: "sms",
        provider: "capture",
        status: "sent",
        body,
        created_at: new Date(Date.now() - (100 - index) * 60_000),
      })
      .execute();
}
const search = async (text: string, client = viewer): Promise<ConversationFindings> =>
  (await client.get(`/api/conversations/search?search=${encodeURIComponent(text)}`)).body;
const textsOf = async (text: string) => (await search(text)).messages.map((found) => found.text);
const namesOf = async (text: string) => (await search(text)).conversations.map(({ contactName }) => contactName);

describe("a search of the conversations", () => {
  test("is refused without anything that could be found, too long, and to keys that may not read contacts", async () => {
    const ask = (text: string, client = viewer) => client.get(`/api/conversations/search?search=${encodeURIComponent(text)}`);
    for (const text of ["", "  ", "\u200b", "x".repeat(101)]) expect((await ask(text)).status, JSON.stringify(text)).toBe(400);
    expect((await viewer.get("/api/conversations/search")).status).toBe(400);
    expect((await ask("hello", await app.ours.key(["messages:read"]))).status).toBe(403);
  });

  test("finds nothing of another workspace", async () => {
    await write(numbers.ada, "a zymurgical matter");
    const stranger = await app.theirs.as("owner");
    for (const text of ["zymurgical", "lovelace", numbers.ada])
      expect(await search(text, stranger)).toEqual({ conversations: [], messages: [], moreConversations: false, moreMessages: false });
  });

  test("finds words in both directions, by their beginning and without accents, the newest first", async () => {
    await sent(ada, "Your appointment at the Müggelsee");
    await write(numbers.ada, "Which appointment?", "Something else");
    expect(await textsOf("appoint")).toEqual(["Which appointment?", "Your appointment at the Müggelsee"]);
    expect(await textsOf("muggelsee")).toEqual(["Your appointment at the Müggelsee"]);
    expect(await textsOf("which appointment")).toEqual(["Which appointment?"]);
    expect(await textsOf("pointment")).toEqual([]);
    const { messages } = await search("which");
    expect(messages).toMatchObject([{ contactId: ada, contactName: "Ada Lovelace", direction: "in", channel: "sms" }]);
  });

  test("finds conversations by the contact's name, and by the number in every way of writing it, closed ones too", async () => {
    await write(numbers.bob, "Hi");
    await app.db.owner.updateTable("conversations").set({ status: "closed" }).execute();
    for (const text of ["muller", "bob mü", "0664 1234561", "+43 664 1234561"]) expect(await namesOf(text), text).toEqual(["Bob Müller"]);
    expect(await namesOf("lovelace"), "has never written").toEqual([]);
  });

  test("leaves out what was sent to contacts who have never written, and what is of a contact in the bin", async () => {
    await sent(bob, "A sale for everybody");
    await write(numbers.ada, "What sale?");
    expect(await textsOf("sale")).toEqual(["What sale?"]);
    await app.db.owner.updateTable("contacts").set({ deleted_at: new Date() }).where("id", "=", ada).execute();
    expect(await search("sale")).toMatchObject({ conversations: [], messages: [] });
    expect(await namesOf("lovelace")).toEqual([]);
  });

  test("finds the old among many by its index, and says where there are more than it shows", async () => {
    await write(numbers.ada, "A quixotic wish");
    await app.db.owner
      .updateTable("inbound_messages")
      .set({ received_at: new Date("2025-01-01") })
      .execute();
    await sql`insert into inbound_messages (workspace_id, channel, provider, provider_message_id, from_address, to_address, contact_id, body, received_at, handled_at)
      select ${workspaceId}, 'sms', 'fake', 'm' || n, ${numbers.ada}, '+15550001111', ${ada}::uuid, 'number ' || n || ' of many', now() - n * interval '1 minute', now()
      from generate_series(1, 4500) n`.execute(app.db.owner);
    expect(await textsOf("quixot")).toEqual(["A quixotic wish"]);
    const many = await search("many");
    expect([many.messages.length, many.moreMessages]).toEqual([conversationLimits.foundMessages, true]);
    expect(many.messages[0]?.text).toBe("number 1 of many");
    expect((await search("number 4321")).messages.map(({ text }) => text)).toEqual(["number 4321 of many"]);
  });

  test("says where more contacts match than it shows", async () => {
    for (let n = 0; n <= conversationLimits.foundConversations; n += 1) {
      const phone_e164 = `+1415555020${n}`;
      await buildContact(app.db.owner, workspaceId, { firstname: `Same${n}`, lastname: "Name", phone_e164 });
      await write(phone_e164, "Hi");
    }
    const { conversations, moreConversations } = await search("name");
    expect([conversations.length, moreConversations]).toEqual([conversationLimits.foundConversations, true]);
  });

  test("that takes too long is refused as such, and not as an empty list", async () => {
    await write(numbers.ada, "Hello");
    const { owner } = app.db;
    // A lock that the search waits for until its time is over.
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let locked: () => void = () => {};
    const isLocked = new Promise<void>((resolve) => {
      locked = resolve;
    });
    const holding = owner.transaction().execute(async (tx) => {
      await sql`lock table inbound_messages in access exclusive mode`.execute(tx);
      locked();
      await held;
    });
    await isLocked;
    const answer = await viewer.get("/api/conversations/search?search=hello");
    release();
    await holding;
    expect([answer.status, answer.body.code]).toEqual([503, "search_took_too_long"]);
  });
});

describe("a conversation at one of its messages", () => {
  const open = async (query = ""): Promise<ConversationThread> => (await viewer.get(`/api/conversations/${ada}${query}`)).body;

  test("has those around it, and says what is not shown before and after", async () => {
    await sql`insert into messages (workspace_id, contact_id, channel, provider, status, body, created_at)
      select ${workspaceId}, ${ada}::uuid, 'sms', 'capture', 'sent', 'text ' || n, timestamptz '2026-01-01' + n * interval '1 minute'
      from generate_series(1, 500) n`.execute(app.db.owner);
    const newest = await open();
    expect([newest.messages.length, newest.messages.at(-1)?.text, newest.hasOlder, newest.hasNewer]).toEqual([
      200,
      "text 500",
      true,
      false,
    ]);
    const { id } = await app.db.owner.selectFrom("messages").select("id").where("body", "=", "text 250").executeTakeFirstOrThrow();
    const around = await open(`?around=${id}`);
    expect(around.messages.map(({ text }) => text)).toEqual(Array.from({ length: 200 }, (_, n) => `text ${151 + n}`));
    expect([around.hasOlder, around.hasNewer]).toEqual([true, true]);
    const oldest = await open(`?around=${(await open(`?around=${around.messages[0]?.id}`)).messages[0]?.id}`);
    expect([oldest.messages[0]?.text, oldest.hasOlder]).toEqual(["text 1", false]);
  });

  test("is the newest of it, where the message is gone or another contact's", async () => {
    await write(numbers.ada, "Hi");
    await write(numbers.bob, "Hello");
    const { id } = await app.db.owner.selectFrom("inbound_messages").select("id").where("body", "=", "Hello").executeTakeFirstOrThrow();
    for (const around of [id, randomUUID()]) expect((await open(`?around=${around}`)).messages.map(({ text }) => text)).toEqual(["Hi"]);
    expect((await viewer.get(`/api/conversations/${ada}?around=x`)).status).toBe(400);
  });
});
