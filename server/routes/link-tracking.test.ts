import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import type { Client } from "#test/http-client.ts";
import { type HistorySeed, seedHistory } from "#test/seed-history.ts";

const path = "/api/workspace/link-tracking";
const off = { clicks: false, opens: false, shortDomain: null };
let app: TestApp;
let seed: HistorySeed;
let admin: Client;
let viewer: Client;
beforeAll(async () => {
  app = await startTestApp();
  seed = await seedHistory(app.db.owner, app.ours.workspaceId);
  [admin, viewer] = [await app.ours.as("admin"), await app.ours.as("viewer")];
});
afterAll(() => app.stop());

describe("what is noted of messages", () => {
  test("is nothing, and only admins change it", async () => {
    expect((await viewer.get(path)).body).toEqual(off);
    expect((await (await app.ours.as("editor")).put(path, { clicks: true })).status).toBe(403);
    expect((await (await app.ours.key(["contacts:write"])).put(path, { clicks: true })).status).toBe(403);
    expect((await viewer.get(path)).body).toEqual(off);
  });

  test("with a domain that is none is refused with the reason at its place", async () => {
    for (const shortDomain of ["https://go.example.com", "go.example.com/x", "localhost", "127.0.0.1", "go.example.com:8443", 7, ""]) {
      const { status, body } = await admin.put(path, { clicks: true, shortDomain });
      expect([shortDomain, status, body.problems?.map((one: { path: string }) => one.path)]).toEqual([shortDomain, 400, ["shortDomain"]]);
    }
    expect((await viewer.get(path)).body).toEqual(off);
  });

  test("is set as asked, in small letters, and the audit log has what it was before", async () => {
    expect((await admin.put(path, { clicks: true, opens: true, shortDomain: "Go.Example.COM" })).body).toEqual({
      clicks: true,
      opens: true,
      shortDomain: "go.example.com",
    });
    expect((await viewer.get(path)).body.shortDomain).toBe("go.example.com");
    const [entry] = (await admin.get("/api/audit-log")).body.items;
    expect(entry).toMatchObject({
      action: "workspace.link_tracking",
      details: { before: off, clicks: true, opens: true, shortDomain: "go.example.com" },
    });
  });

  test("with a domain of another workspace is refused, and its owner keeps it", async () => {
    const theirs = await app.theirs.as("admin");
    const { status, body } = await theirs.put(path, { clicks: true, shortDomain: "GO.example.com" });
    expect([status, body.code]).toEqual([409, "conflict"]);
    expect((await theirs.get(path)).body).toEqual(off);
    expect((await viewer.get(path)).body.shortDomain).toBe("go.example.com");
    await admin.put(path, { clicks: true, opens: true });
    expect((await theirs.put(path, { clicks: true, shortDomain: "go.example.com" })).status).toBe(200);
  });
});

describe("the clicks of a send", () => {
  test("are not told of one that is not there or of another workspace", async () => {
    const { id: sendId } = await seed.send(await seed.flow());
    for (const [client, id] of [
      [admin, randomUUID()],
      [await app.theirs.as("owner"), sendId],
    ] as const) {
      const { status, body } = await client.get(`/api/sends/${id}/clicks`);
      expect([status, body.code]).toEqual([404, "send_not_found"]);
    }
  });

  test("count each contact once, tell programs apart, and name the links that most followed", async () => {
    const send = await seed.send(await seed.flow());
    await follow(send, { "https://a.example/": 3, "https://b.example/": 1 }, { opens: 4 });
    await follow(send, { "https://a.example/": 1 });
    await follow(send, {}, { opens: 1 });
    await follow(send, { "https://c.example/": 0 });
    const { status, body } = await viewer.get(`/api/sends/${send.id}/clicks`);
    expect(status).toBe(200);
    expect(body).toEqual({
      sendId: send.id,
      tracksClicks: true,
      tracksOpens: true,
      clicked: 2,
      opened: 2,
      onlyPrograms: 1,
      links: [
        { url: "https://a.example/", contacts: 2 },
        { url: "https://b.example/", contacts: 1 },
      ],
    });
  });
});

test("what a member reads of a message holds no token, also where it cannot be opened", async () => {
  const send = await seed.send(await seed.flow());
  const { contactId, messageId } = await follow(send, { "https://a.example/": 1 });
  const link = `https://s.example/l/${"t".repeat(60)}`;
  await app.db.owner
    .updateTable("messages")
    .set({ body: `Shop: ${link}` })
    .where("id", "=", messageId)
    .execute();
  const answers = await Promise.all(
    [`/api/messages/${messageId}`, "/api/messages", `/api/contacts/${contactId}/timeline?kinds=messages`].map((path) => viewer.get(path)),
  );
  for (const { body } of answers) {
    expect(JSON.stringify(body)).toContain("Shop: https://s.example/l/…");
    expect(JSON.stringify(body)).not.toContain("tttt");
  }
});

test("a message and the time line of its contact tell what was followed, and a test message of nobody", async () => {
  const send = await seed.send(await seed.flow({ name: "Offers" }));
  const { contactId, messageId } = await follow(send, { "https://a.example/": 2, "https://b.example/": 0 }, { opens: 1 });
  const { body } = await viewer.get(`/api/messages/${messageId}`);
  expect(body.tracked).toEqual({
    clicks: [
      { url: "https://a.example/", times: 2, byPrograms: 1, firstAt: "2026-05-03T10:00:00.000Z" },
      { url: "https://b.example/", times: 0, byPrograms: 1, firstAt: null },
    ],
    opens: { times: 1, byPrograms: 1, firstAt: "2026-05-03T10:00:00.000Z" },
  });
  const line = await viewer.get(`/api/contacts/${contactId}/timeline?kinds=clicks`);
  expect(line.body.items.map(({ id: _, executionId: __, ...entry }: Record<string, unknown>) => entry)).toEqual(
    expect.arrayContaining([
      {
        kind: "tracked",
        at: "2026-05-03T10:00:00.000Z",
        flowName: "Offers",
        channel: "email",
        what: "click",
        url: "https://a.example/",
        times: 2,
      },
      { kind: "tracked", at: "2026-05-03T10:00:00.000Z", flowName: "Offers", channel: "email", what: "open", url: null, times: 1 },
    ]),
  );
  expect(line.body.items).toHaveLength(2);
  expect((await viewer.get(`/api/contacts/${contactId}/timeline?kinds=messages`)).body.items).toHaveLength(1);
  const exported = await admin.post(`/api/contacts/${contactId}/export`);
  expect(exported.body.kept.tracked_links).toHaveLength(3);
});

/** A contact of the send who got an e-mail and followed links so many times, each of which a program followed once. */
async function follow(send: { id: string; versionId: string }, urls: Record<string, number>, { opens = 0 } = {}) {
  const contactId = await seed.contact();
  const executionId = await seed.execution(send, { status: "completed", contactId });
  const of = { workspace_id: app.ours.workspaceId, flow_execution_id: executionId, visit: 1, channel: "email" as const };
  const { id: messageId } = await app.db.owner
    .insertInto("messages")
    .values({ ...of, send_id: send.id, contact_id: contactId, provider: "smtp", status: "sent", body: "Hi", sent_at: new Date() })
    .returning("id")
    .executeTakeFirstOrThrow();
  const at = new Date("2026-05-03T10:00:00Z");
  const row = (kind: string, url: string | null, times: number) => ({
    ...{ ...of, send_id: send.id, contact_id: contactId, kind, url, times, machine_times: 1 },
    ...{ first_at: times > 0 ? at : null, last_at: times > 0 ? at : null },
  });
  const rows = [...Object.entries(urls).map(([url, times]) => row("click", url, times)), ...(opens > 0 ? [row("open", null, opens)] : [])];
  await app.db.owner.insertInto("tracked_links").values(rows).execute();
  return { contactId, messageId };
}
