import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact } from "#test/factories.ts";
import { type FakeProvider, fakeProvider } from "#test/fake-provider.ts";
import type { Client } from "#test/http-client.ts";
import { emptyInbox, textFrom } from "#test/inbox.ts";

let app: TestApp;
let editor: Client;
let workspaceId: string;
let ada: string;
const number = "+14155550100";

beforeAll(async () => {
  app = await startTestApp();
  editor = await app.ours.as("editor");
  workspaceId = app.ours.workspaceId;
});
afterAll(() => app.stop());
beforeEach(async () => {
  const { owner } = app.db;
  await emptyInbox(owner, workspaceId);
  await owner.deleteFrom("suppressions").execute();
  ada = await buildContact(owner, workspaceId, { firstname: "Ada", lastname: "Lovelace", phone_e164: number });
});

const write = (text: string, from = number) => textFrom(app, from, text);
const list = async (query = "", client = editor) => (await client.get(`/api/conversations${query}`)).body.items;
const open = async (id = ada, client = editor) => (await client.get(`/api/conversations/${id}`)).body;
const change = (body: object, client = editor) => client.patch(`/api/conversations/${ada}`, body);
const send = (body: object = {}, client = editor) =>
  client.post(`/api/conversations/${ada}/messages`, { id: randomUUID(), channel: "sms", text: "Hello Ada", ...body });
const answer = (body: object = {}, client = editor) =>
  client.post(`/api/conversations/${ada}/trial`, { channel: "sms", text: "Yes", ...body });

describe("refused", () => {
  test("to viewers, who may read, and to strangers, who find no such contact", async () => {
    await write("Hi");
    const [viewer, stranger] = [await app.ours.as("viewer"), await app.theirs.as("owner")];
    expect((await list("", viewer)).length).toBe(1);
    for (const ask of [() => change({ read: true }, viewer), () => send({}, viewer), () => answer({}, viewer)])
      expect((await ask()).status).toBe(403);
    for (const ask of [() => change({ read: true }, stranger), () => send({}, stranger), () => answer({}, stranger)])
      expect((await ask()).status).toBe(404);
    expect((await stranger.get(`/api/conversations/${ada}`)).body.code).toBe("contact_not_found");
    expect(await list("", stranger)).toEqual([]);
  });

  test("an assignment to somebody who is no member, a change of nothing, and a conversation that nobody has begun", async () => {
    expect((await change({ status: "closed" })).status).toBe(404);
    await write("Hi");
    expect((await change({ assigneeId: randomUUID() })).status).toBe(400);
    expect((await change({})).status).toBe(400);
  });

  test("what is empty or too long, and an e-mail without a subject", async () => {
    for (const body of [{ text: "  " }, { text: "x".repeat(1_601) }, { channel: "email" }, { id: "1" }])
      expect((await send(body)).status).toBe(400);
  });
});

test("who writes has a conversation with what is unread; reading, closing and assigning it are seen in the list", async () => {
  await write("One");
  await write("Two");
  expect(await list()).toMatchObject([
    { contactId: ada, contactName: "Ada Lovelace", unread: 2, lastText: "Two", status: "open", assigneeId: null },
  ]);
  const me = (await editor.get("/api/session")).body.user.id;
  expect((await change({ read: true, assigneeId: me })).status).toBe(200);
  expect(await list("?assignee=me")).toMatchObject([{ unread: 0, assigneeId: me }]);
  expect(await list("?assignee=nobody")).toEqual([]);
  await change({ status: "closed" });
  expect(await list()).toEqual([]);
  expect((await list("?status=closed")).length).toBe(1);
  await write("Three");
  expect(await list()).toMatchObject([{ status: "open", unread: 1, lastText: "Three" }]);
});

test("what came in after the conversation was shown stays unread", async () => {
  await write("One");
  const [{ lastAt }] = await list();
  await write("Two");
  expect((await change({ read: true, upTo: lastAt })).status).toBe(200);
  expect(await list()).toMatchObject([{ unread: 2 }]);
  const [shown] = await list();
  await change({ read: true, upTo: shown.lastAt });
  expect(await list()).toMatchObject([{ unread: 0 }]);
});

test("conversations are found by name and number, and paged", async () => {
  await write("One");
  const others = ["+14155550101", "+14155550102"];
  for (const [index, phone_e164] of others.entries()) {
    await buildContact(app.db.owner, workspaceId, { firstname: `Bo${index}`, lastname: "Other", phone_e164 });
    await write("Hi", phone_e164);
  }
  expect((await list("?search=lovelace")).map(({ contactId }: { contactId: string }) => contactId)).toEqual([ada]);
  expect(await list("?search=nobody")).toEqual([]);
  const first = (await editor.get("/api/conversations?limit=2")).body;
  const second = (await editor.get(`/api/conversations?limit=2&cursor=${first.nextCursor}`)).body;
  expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null]);
});

test("a message by hand leaves once, however often it is asked for, and stands in the conversation", async () => {
  await write("Hi");
  const id = randomUUID();
  const answers = await Promise.all([send({ id }), send({ id })]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  const { messages } = await open();
  expect(messages.map(({ direction, text }: { direction: string; text: string }) => `${direction} ${text}`)).toEqual([
    "in Hi",
    "out Hello Ada",
  ]);
  expect(messages[1]).toMatchObject({ id, status: "sent", executionId: null, provider: "capture" });
});

test("another text under the id of a message does not pass for sent", async () => {
  const id = randomUUID();
  expect((await send({ id })).status).toBe(200);
  const { status, body } = await send({ id, text: "Something else" });
  expect([status, body.code]).toEqual([409, "conflict"]);
  expect((await open()).messages.map(({ text }: { text: string }) => text)).toEqual(["Hello Ada"]);
});

test("where the contact has said STOP nothing leaves, and the reason stands in the conversation", async () => {
  await write("STOP");
  expect((await open()).channels[0]).toMatchObject({ channel: "sms", closedBy: "opted_out_sms" });
  expect((await send()).body).toMatchObject({ status: "failed", reason: "opted_out_sms" });
  expect((await open()).messages.at(-1)).toMatchObject({ direction: "out", status: "failed", reason: "opted_out_sms" });
});

test("what may have meant STOP is answered by hand, because only marketing waits for a person", async () => {
  await write("can you stop by at five and tell me how this works?");
  expect(await list()).toMatchObject([{ lastWord: "maybe_stop" }]);
  expect((await send()).body).toMatchObject({ status: "sent" });
});

test("a contact without an address cannot be written to, and the conversation says so", async () => {
  const id = await buildContact(app.db.owner, workspaceId, {
    firstname: "No",
    lastname: "Number",
    phone_e164: null,
    phone_number: null,
    email: null,
  });
  expect((await open(id)).channels.map(({ closedBy }: { closedBy: string }) => closedBy)).toEqual(["no_phone", "no_email"]);
});

test("in test mode one answers as the contact, by e-mail too", async () => {
  await app.db.owner.updateTable("contacts").set({ email: "ada@example.org" }).where("id", "=", ada).execute();
  expect((await answer()).status).toBe(200);
  expect((await answer({ channel: "email", text: "By e-mail" })).status).toBe(200);
  await app.resources.engine.inboundIdle();
  expect((await open()).messages.map(({ text }: { text: string }) => text)).toEqual(["Yes", "By e-mail"]);
});

describe("a message by hand passes the gate", () => {
  const providerFor = async () => provider;
  let provider: FakeProvider;
  let usual: TestApp["resources"]["providers"]["providerFor"];
  beforeEach(() => {
    provider = fakeProvider("sms");
    usual ??= app.resources.providers.providerFor;
    app.resources.providers.providerFor = providerFor;
  });
  afterEach(async () => {
    app.resources.providers.providerFor = usual;
    const { owner } = app.db;
    await owner
      .updateTable("workspaces")
      .set({ sending_rules: JSON.stringify(atAnyHour), sms_countries: null })
      .where("id", "=", workspaceId)
      .execute();
    await owner.deleteFrom("private.workspace_limits").execute();
    await owner.deleteFrom("private.channel_gates").execute();
    await sql`update private.instance set fenced_at = null`.execute(owner);
  });
  const atAnyHour = { quietHours: { on: false } };
  const rules = (given: object) =>
    app.db.owner
      .updateTable("workspaces")
      .set({ sending_rules: JSON.stringify({ ...atAnyHour, ...given }) })
      .where("id", "=", workspaceId)
      .execute();
  const closedBy = async () => (await open()).channels.find(({ channel }: { channel: string }) => channel === "sms").closedBy;

  test("and leaves as an answer, which counts for no limit of marketing", async () => {
    expect((await send()).body).toMatchObject({ status: "sent" });
    expect(provider.calls).toMatchObject([{ to: number, kind: "conversational", text: "Hello Ada" }]);
    const row = await app.db.owner.selectFrom("messages").select(["kind", "is_test"]).executeTakeFirstOrThrow();
    expect(row).toEqual({ kind: "conversational", is_test: false });
  });

  /** Sending hours that are hours away, and that every law allows. */
  const awayFromHours = async (more: object = {}) => {
    const hour = Math.abs(new Date().getUTCHours() - 10) < 3 ? "16" : "10";
    await app.db.owner.updateTable("contacts").set({ time_zone: "UTC" }).where("id", "=", ada).execute();
    await rules({ quietHours: { on: true, from: `${hour}:00`, to: `${hour}:30`, ...more } });
  };

  test("and leaves at any hour as an answer to what was written within a day", async () => {
    await write("Hi");
    await awayFromHours();
    expect(await closedBy()).toBeNull();
    expect((await send()).body).toMatchObject({ status: "sent" });
  });

  const refusals: [string, string, () => Promise<unknown>][] = [
    ["in a sandbox to others than the few", "sandbox", () => rules({ sandbox: { on: true, addresses: ["me@example.com"] } })],
    [
      "to a country that is not allowed",
      "country_not_allowed",
      () =>
        app.db.owner
          .updateTable("workspaces")
          .set({ sms_countries: ["GR"] })
          .where("id", "=", workspaceId)
          .execute(),
    ],
    [
      "to a contact that had as much as it may",
      "cap_reached",
      async () => {
        await sql`insert into private.workspace_limits (workspace_id, messages_per_contact_day) values (${workspaceId}, 1)
          on conflict (workspace_id) do update set messages_per_contact_day = 1`.execute(app.db.owner);
        expect((await send()).body).toMatchObject({ status: "sent" });
        provider = fakeProvider("sms");
      },
    ],
    [
      "outside the hours, where the workspace says that answers wait for them",
      "outside_window_dropped",
      async () => {
        await write("Hi");
        await awayFromHours({ also: ["conversational"] });
      },
    ],
    ["outside the hours, where the contact has never written", "outside_window_dropped", () => awayFromHours()],
    [
      "outside the hours, where the contact has not written for a day, or only a machine has, or on another channel",
      "outside_window_dropped",
      async () => {
        await write("Hi");
        await write("Out of office");
        const { owner } = app.db;
        await sql`update inbound_messages set received_at = now() - interval '25 hours' where body = 'Hi'`.execute(owner);
        await sql`update inbound_messages set automatic = true where body = 'Out of office'`.execute(owner);
        await owner.updateTable("contacts").set({ email: "ada@example.org" }).where("id", "=", ada).execute();
        const message = {
          kind: "received",
          providerMessageId: randomUUID(),
          from: "ada@example.org",
          to: "us",
          text: "Hi",
          files: 0,
        } as const;
        await app.resources.engine.takeInbound({ workspaceId, channel: "email", provider: "fake", events: [message] });
        await app.resources.engine.inboundIdle();
        await awayFromHours();
      },
    ],
    [
      "where another contact with the number is marked do-not-contact",
      "dnc",
      () => buildContact(app.db.owner, workspaceId, { phone_e164: number, dnc: true }),
    ],
  ];
  test.each(refusals)("not %s, and the conversation says so before", async (_, reason, arrange) => {
    await arrange();
    expect(await closedBy()).toBe(reason);
    expect((await send()).body).toMatchObject({ status: "failed", reason });
    expect(provider.calls).toEqual([]);
  });

  test("not from a restored copy, and nothing is recorded then", async () => {
    await sql`insert into private.instance (place, fenced_at) values (private.data_place(), now())
      on conflict (only_row) do update set fenced_at = now()`.execute(app.db.owner);
    const { status, body } = await send();
    expect([status, body.code]).toEqual([409, "conflict"]);
    const admin = await app.ours.as("admin");
    expect((await admin.post("/api/providers/sms/test", { to: number })).body.code).toBe("conflict");
    expect([provider.calls, (await open()).messages]).toEqual([[], []]);
  });

  test("not while its channel rests, and nothing is recorded then", async () => {
    const { owner } = app.db;
    await owner.updateTable("contacts").set({ email: "ada@example.org" }).where("id", "=", ada).execute();
    // Nothing else here goes by e-mail: a channel that was free a moment ago is not asked about again for a second.
    await sql`insert into private.channel_gates (workspace_id, channel, failures, closed_until)
      values (${workspaceId}, 'email', 10, now() + interval '1 hour')`.execute(owner);
    const { status, body } = await send({ channel: "email", subject: "Hi" });
    expect([status, body.code]).toEqual([429, "too_many_requests"]);
    expect([provider.calls, (await open()).messages]).toEqual([[], []]);
  });

  test("not when STOP is acted on between the look and the claim", async () => {
    const stopping = write("STOP");
    const [answer] = await Promise.all([send(), stopping]);
    const sentBefore = provider.calls.length;
    expect(["sent", "failed"]).toContain(answer.body.status);
    expect((await send()).body).toMatchObject({ status: "failed", reason: "opted_out_sms" });
    expect(provider.calls.length).toBe(sentBefore);
  });

  test("and one whose provider throws or refuses is recorded so", async () => {
    provider.answer(() => {
      throw new Error("broken");
    });
    expect((await send()).body).toMatchObject({ status: "unknown", reason: "outcome_unknown" });
    provider.answer({
      outcome: "rejected",
      reason: "unknown_number",
      message: "No such number",
      retryable: false,
      invalidatesAddress: true,
    });
    expect((await send()).body).toMatchObject({ status: "failed", reason: "unknown_number" });
    expect((await send()).body).toMatchObject({ status: "failed", reason: "bounced_before" });
  });
});
test("an answer that is tried out in test mode takes back no STOP of the person", async () => {
  await write("STOP");
  for (const text of ["START", "start", "STOP", "START"]) {
    expect((await answer({ text })).status).toBe(200);
    await app.resources.engine.inboundIdle();
    expect((await open()).channels[0].closedBy).toBe("opted_out_sms");
  }
  await write("START");
  expect((await open()).channels[0].closedBy).toBeNull();
});

test("a STOP that is tried out closes the number until START is tried out, and a real one outlasts that", async () => {
  await answer({ text: "STOP" });
  await app.resources.engine.inboundIdle();
  expect((await open()).channels[0].closedBy).toBe("opted_out_sms");
  await answer({ text: "START" });
  await app.resources.engine.inboundIdle();
  expect((await open()).channels[0].closedBy).toBeNull();
  for (const word of ["STOP", "can you stop by at five and tell me how this works?"]) {
    await answer({ text: "STOP" });
    await app.resources.engine.inboundIdle();
    await write(word);
    await answer({ text: "START" });
    await app.resources.engine.inboundIdle();
    expect((await open()).channels[0].closedBy).toBe("opted_out_sms");
    await app.db.owner.deleteFrom("suppressions").execute();
  }
});
