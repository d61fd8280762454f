import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Notice, noticeDays } from "#contract/notices.ts";
import type { KnownAlert } from "#db/queries/alerts.ts";
import { deleteExpiredRows } from "#db/queries/expired-rows.ts";
import { noteAlerts } from "#db/queries/notices.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { silentLog } from "#test/engine.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { type FakeProvider, fakeProvider } from "#test/fake-provider.ts";
import { chain, node, sms } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";
import { mailNotices } from "../commands/mail-notices.ts";

let app: TestApp;
let viewer: Client;
let editor: Client;
let workspaceId: string;
let providers: { sms: FakeProvider; email: FakeProvider };
beforeAll(async () => {
  providers = { sms: fakeProvider("sms"), email: fakeProvider("email") };
  app = await startTestApp({ engine: { providerFor: async (_, channel) => providers[channel] } });
  ({ workspaceId } = app.ours);
  viewer = await app.ours.as("viewer");
  editor = await app.ours.as("editor");
  await viewer.get("/api/session");
});
beforeEach(() => sql`delete from notices`.execute(app.db.owner));
afterAll(() => app.stop());

const list = async (client = viewer, query = "") => (await client.get(`/api/notices${query}`)).body.items as Notice[];
const unread = async (client = viewer) => (await client.get("/api/notices/unread")).body.unread as number;
const rows = () => app.db.owner.selectFrom("notices").selectAll().orderBy("created_at").execute();
/** As the watch of the alerts does, some seconds after the members have joined. */
const alert = (more: Partial<KnownAlert> = {}): KnownAlert => ({
  code: "provider_down",
  workspaceId,
  subject: "sms",
  sendId: null,
  text: "It said: no mailbox jo@example.com",
  who: "owner",
  since: new Date(),
  isSteady: true,
  isTold: false,
  isEnded: false,
  ...more,
});
const note = (...alerts: KnownAlert[]) => app.db.owner.transaction().execute((tx) => noteAlerts(tx, alerts));

async function failingSend(contacts: number): Promise<string> {
  providers.sms.answer({ outcome: "rejected", reason: "provider_rejected", message: "No", retryable: false });
  const ids = await Promise.all(Array.from({ length: contacts }, () => buildContact(app.db.owner, workspaceId)));
  const flowId = await buildFlow(app.db.owner, workspaceId, chain(node("start"), sms("Hi"), node("end")), "Spring");
  const { body } = await editor.post("/api/sends", { flowId, selection: { type: "ids", ids }, undoSeconds: 0 });
  await app.driver.runUntilIdle();
  providers.sms.answer();
  return body.sendId ?? body.id;
}
async function write(from: string, text: string): Promise<void> {
  const message = { kind: "received", providerMessageId: randomUUID(), from, to: "+15550001111", text, files: 0 } as const;
  await app.resources.engine.takeInbound({ workspaceId, channel: "sms", provider: "fake", events: [message] });
  await app.resources.engine.inboundIdle();
}

describe("there is one notice for a cause", () => {
  test("a send that ends with errors, however many contacts failed", async () => {
    await failingSend(5);
    const items = await list();
    expect(items).toMatchObject([{ kind: "send_errors", flowName: "Spring", times: 1, isUnread: true }]);
    expect(items[0]?.sendId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("and none for a send without errors, or a test", async () => {
    const contactId = await buildContact(app.db.owner, workspaceId);
    const flowId = await buildFlow(app.db.owner, workspaceId, chain(node("start"), sms("Hi"), node("end")));
    await editor.post("/api/sends", { flowId, selection: { type: "ids", ids: [contactId] }, undoSeconds: 0 });
    await app.driver.runUntilIdle();
    expect(await list()).toEqual([]);
  });

  test("sends of a program, which may be many, are one a day for each flow", async () => {
    const flowId = await buildFlow(app.db.owner, workspaceId, chain(node("start"), node("end")));
    const version = await app.db.owner
      .insertInto("flow_versions")
      .values({ workspace_id: workspaceId, flow_id: flowId, number: 7, hash: "x", name: "F", nodes: "[]", edges: "[]" })
      .returning("id")
      .executeTakeFirstOrThrow();
    for (let made = 0; made < 3; made++) {
      const { id } = await app.db.owner
        .insertInto("flow_sends")
        .values({
          workspace_id: workspaceId,
          flow_id: flowId,
          flow_version_id: version.id,
          selection: '{"type":"ids","ids":[]}',
          state: "running",
          source: "api",
          enrolled: 1,
          failed: 1,
        })
        .returning("id")
        .executeTakeFirstOrThrow();
      await sql`update flow_sends set state = 'done', ended_at = now() where id = ${id}::uuid`.execute(app.db.owner);
    }
    expect(await rows()).toMatchObject([{ kind: "send_errors", times: 3 }]);
  });

  test("a contact who may have asked for no more messages, unread again when they write so again", async () => {
    const contactId = await buildContact(app.db.owner, workspaceId, { firstname: "Max", phone_e164: "+14155550177" });
    await write("+14155550177", "can you stop by at five and tell me how this works?");
    expect(await list()).toMatchObject([{ kind: "maybe_stop", contactId, times: 1, isUnread: true }]);
    const [one] = await list();
    await viewer.post("/api/notices/read", { upto: one?.at, ids: [one?.id] });
    expect(await unread()).toBe(0);
    await write("+14155550177", "can you stop by tomorrow then, and tell me how this works?");
    expect(await list()).toMatchObject([{ times: 2, isUnread: true }]);
    await write("+14155550177", "Thanks");
    expect(await rows()).toHaveLength(1);
  });

  test("an outage of a provider, however often it is looked at; one that comes back is told again", async () => {
    const since = new Date();
    for (let looks = 0; looks < 3; looks++) await note(alert({ since }));
    await Promise.all([note(alert({ since })), note(alert({ since }))]);
    expect(await list()).toMatchObject([{ kind: "provider_down", channel: "sms", detail: "provider_down", times: 1 }]);
    await viewer.post("/api/notices/read", { upto: since.toISOString() });
    await note(alert({ since: new Date(since.getTime() + 1) }));
    expect(await list()).toMatchObject([{ times: 2, isUnread: true }]);
    await note(alert({ code: "mail_guard", subject: "pause" }), alert({ code: "late" }), alert({ isSteady: false, subject: "email" }));
    expect((await rows()).map(({ kind }) => kind).toSorted()).toEqual(["mail_guard", "provider_down"]);
    expect(JSON.stringify(await rows())).not.toContain("jo@example.com");
  });
});

describe("a member", () => {
  test("reads for themselves alone, one or all, and what comes later is unread", async () => {
    await note(alert(), alert({ subject: "email" }), alert({ code: "mail_guard", subject: "warn" }));
    expect([await unread(), await unread(editor)]).toEqual([3, 3]);
    const [one, ...others] = await list();
    expect((await viewer.post("/api/notices/read", { upto: one?.at, ids: [one?.id] })).body).toEqual({ matched: 1 });
    expect([await unread(), await unread(editor)]).toEqual([2, 3]);
    // Only what is unread is written down, so who has read all writes nothing.
    const readAll = async () => (await viewer.post("/api/notices/read", { upto: one?.at })).body;
    expect([await readAll(), await readAll()]).toEqual([{ matched: 2 }, { matched: 0 }]);
    expect([await unread(), await unread(editor)]).toEqual([0, 3]);
    expect(others).toHaveLength(2);
  });

  test("who joined later is not told what was before", async () => {
    await note(alert({ since: new Date(Date.now() - 86_400_000) }));
    expect([await unread(), (await list())[0]?.isUnread]).toEqual([0, false]);
  });

  test("pages through them, and neither a key nor another workspace sees any", async () => {
    await note(alert(), alert({ subject: "email" }));
    const first = (await viewer.get("/api/notices?limit=1")).body;
    const second = (await viewer.get(`/api/notices?limit=1&cursor=${first.nextCursor}`)).body;
    expect([...first.items, ...second.items]).toEqual(await list());
    expect((await (await app.ours.key(["admin"])).get("/api/notices")).status).toBe(403);
    const stranger = await app.theirs.as("owner");
    expect([await list(stranger), await unread(stranger)]).toEqual([[], 0]);
    expect((await stranger.post("/api/notices/read", { upto: new Date(Date.now() + 1000).toISOString() })).body).toEqual({ matched: 0 });
  });
});

describe("by e-mail", () => {
  const mail = () =>
    mailNotices({
      ownerDb: app.db.owner,
      engine: app.resources.engine,
      log: silentLog,
      publicUrl: "https://sluice.test",
      providers: { providerFor: async (_, channel) => providers[channel] },
    });
  const wants = (client: Client, byEmail: boolean) => client.put("/api/notices/settings", { byEmail });

  test("they come to who asked for them, once, and name no person", async () => {
    providers.email.calls.length = 0;
    expect((await viewer.get("/api/notices/settings")).body).toEqual({ byEmail: false });
    await wants(viewer, true);
    await failingSend(2);
    await buildContact(app.db.owner, workspaceId, { firstname: "Maxine", phone_e164: "+14155550188" });
    await write("+14155550188", "can you stop by at five and tell me how this works?");
    const sent = await Promise.all([mail(), mail()]);
    expect(sent.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(await mail()).toBe(0);
    const texts = providers.email.calls.map(({ subject, text }) => `${subject} ${text}`).join("\n");
    expect(texts).toContain("A send has finished with errors");
    expect(texts).toContain("https://sluice.test/notices");
    for (const personal of ["Maxine", "4155550188", "stop by", "Spring", "@example"]) expect(texts).not.toContain(personal);
    expect(new Set(providers.email.calls.map(({ to }) => to)).size).toBe(1);
  });

  describe("where others have many", () => {
    const insert = (of: string, count: number, minutesAgo: number) =>
      sql`insert into notices (workspace_id, kind, cause, created_at)
        select ${of}, 'send_errors', gen_random_uuid()::text, now() - ${minutesAgo} * interval '1 minute' from generate_series(1, ${count}::int)`.execute(
        app.db.owner,
      );
    const theirs = async () => {
      const owner = await app.theirs.as("owner");
      await wants(owner, true);
      return app.theirs.workspaceId;
    };
    afterEach(() => sql`delete from private.rate_limits where key like 'notice-mail%'`.execute(app.db.owner));

    test("each workspace has its turn in every round", async () => {
      await wants(viewer, true);
      await insert(workspaceId, 60, 10);
      await insert(await theirs(), 1, 1);
      providers.email.calls.length = 0;
      await mail();
      const reached = Map.groupBy(providers.email.calls, (call) => call.workspaceId);
      expect([reached.get(workspaceId)?.length, reached.get(app.theirs.workspaceId)?.length]).toEqual([3, 1]);
    });

    test("a mail server that does not answer holds up nobody else's", async () => {
      await wants(viewer, true);
      await insert(workspaceId, 1, 10);
      await insert(await theirs(), 1, 1);
      const held = Promise.withResolvers<void>();
      const [slow, quick] = [fakeProvider("email"), fakeProvider("email")];
      slow.answer(async () => {
        await held.promise;
        return { outcome: "accepted", providerMessageId: "late" };
      });
      const sending = mailNotices({
        ownerDb: app.db.owner,
        engine: app.resources.engine,
        log: silentLog,
        publicUrl: "",
        providers: { providerFor: async (of) => (of === workspaceId ? slow : quick) },
      });
      await expect.poll(() => [slow.calls.length, quick.calls.length]).toEqual([1, 1]);
      held.resolve();
      expect(await sending).toBe(2);
    });

    test("a mail server that takes long has twenty seconds of a round, and the rest of its mails are not sent", async () => {
      await wants(viewer, true);
      await insert(workspaceId, 3, 10);
      let now = 0;
      const slow = fakeProvider("email");
      slow.answer(async () => {
        now += 15_000;
        return { outcome: "accepted", providerMessageId: `late-${now}` };
      });
      const sent = await mailNotices({
        ownerDb: app.db.owner,
        engine: app.resources.engine,
        log: silentLog,
        publicUrl: "",
        providers: { providerFor: async () => slow },
        elapsed: () => now,
      });
      expect([sent, slow.calls.length]).toEqual([2, 2]);
      expect(await list(viewer)).toHaveLength(3);
    });

    test("one person gets twenty mails an hour, and all notices stay in the app", async () => {
      await wants(viewer, true);
      await insert(workspaceId, 30, 10);
      providers.email.calls.length = 0;
      for (let round = 0; round < 10; round += 1) await mail();
      expect(providers.email.calls.filter((call) => call.workspaceId === workspaceId)).toHaveLength(20);
      expect((await list(viewer, "?limit=50")).length).toBe(30);
    });
  });

  test("what is read up to a moment that has not come is read up to now", async () => {
    await note(alert({ since: new Date(Date.now() - 60_000) }));
    expect((await viewer.post("/api/notices/read", { upto: "2999-01-01T00:00:00Z" })).status).toBe(200);
    const { read_upto } = await app.db.owner.selectFrom("notice_reads").select("read_upto").executeTakeFirstOrThrow();
    expect(read_upto.getTime()).toBeLessThanOrEqual(Date.now() + 60_000);
    expect((await viewer.post("/api/notices/read", { upto: "0000-01-01T00:00:00Z" })).status).toBe(400);
  });

  test("no more come once it is switched off, and somebody removed gets none", async () => {
    providers.email.calls.length = 0;
    await wants(viewer, false);
    await note(alert());
    expect(await mail()).toBe(0);
    const { client, userId } = await app.signUp();
    await sql`insert into workspace_members (workspace_id, user_id, role) values (${workspaceId}, ${userId}::uuid, 'viewer')`.execute(
      app.db.owner,
    );
    await wants(client.with({ "x-workspace-id": workspaceId }), true);
    await (await app.ours.as("owner")).delete(`/api/members/${userId}`);
    await note(alert({ subject: "email" }));
    expect(await mail()).toBe(0);
    expect(providers.email.calls).toEqual([]);
  });

  test("a mail that cannot leave keeps no other from leaving, and the notice stays", async () => {
    await wants(viewer, true);
    await wants(editor, true);
    providers.email.calls.length = 0;
    providers.email.answer(
      { outcome: "rejected", reason: "provider_rejected", message: "No", retryable: false },
      { outcome: "accepted", providerMessageId: "x" },
    );
    await note(alert());
    expect(await mail()).toBe(1);
    providers.email.answer();
    expect(await list()).toHaveLength(1);
  });
});

test("a notice goes with the contact that is erased, and after its days", async () => {
  const contactId = await buildContact(app.db.owner, workspaceId, { phone_e164: "+14155550199" });
  await write("+14155550199", "can you stop by at five and tell me how this works?");
  const owner = await app.ours.as("owner");
  expect((await owner.post(`/api/contacts/${contactId}/export`)).body.kept.notices).toHaveLength(1);
  await owner.delete(`/api/contacts/${contactId}`);
  expect(await list()).toMatchObject([{ kind: "maybe_stop" }]);
  await owner.post("/api/bin/erase", { ids: [contactId] });
  expect(await rows()).toEqual([]);
  await note(alert());
  await sql`update notices set last_at = now() - make_interval(days => ${noticeDays + 1})`.execute(app.db.owner);
  await deleteExpiredRows(app.db.owner);
  expect(await rows()).toEqual([]);
});
