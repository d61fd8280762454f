import { randomUUID } from "node:crypto";
import { parse } from "csv-parse/sync";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProofLine } from "#contract/proof.ts";
import { inboundPath } from "#contract/providers.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { eraseAtOnce, sendTo, type TestEngine } from "#test/engine.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { type FakeMessage, type FakeTwilio, startFakeTwilio } from "#test/fake-twilio.ts";
import { chain, node, sms } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let fake: FakeTwilio;
let viewer: Client;
let people: string[];
let sendId: string;

beforeAll(async () => {
  fake = await startFakeTwilio();
  app = await startTestApp({ env: { PROVIDER_URLS: `twilio=${fake.url}` }, ownAddress: true });
  const admin = await app.ours.as("admin");
  await admin.put("/api/providers/sms", {
    provider: "twilio",
    settings: { accountSid: fake.accountSid, senders: ["+15550001111"] },
    authToken: fake.authToken,
  });
  viewer = await app.ours.as("viewer");
  const { workspaceId } = app.ours;
  people = [];
  for (let n = 0; n < 5; n += 1)
    people.push(
      await buildContact(app.db.owner, workspaceId, {
        firstname: n === 0 ? "=1+1" : `P${n}`,
        phone_e164: n === 2 ? null : `+1415556000${n}`,
      }),
    );
  const flowId = await buildFlow(
    app.db.owner,
    workspaceId,
    chain(node("start"), sms("First", {}, "one"), sms("Second", {}, "two")),
    "Spring",
  );
  ({ sendId } = await app.resources.engine.createSend(sendTo(workspaceId, flowId, people)));
  await app.driver.runUntilIdle();
});
afterAll(async () => {
  await app.stop();
  await fake.stop();
});

interface ProofPage {
  items: ProofLine[];
  nextCursor: string | null;
}
const page = async (of: string, query = "", client = viewer): Promise<ProofPage> => {
  const { status, body } = await client.get(`/api/${of}/proof${query}`);
  expect(status).toBe(200);
  return body;
};
const acted = () => app.resources.engine.inboundIdle();

describe("the ledger of messages", () => {
  test("is not shown of a send or a contact of another workspace, and not to a key that may not read messages", async () => {
    const stranger = await app.theirs.as("owner");
    const key = await app.ours.key(["executions:read", "contacts:read"]);
    for (const whose of [`sends/${sendId}`, `contacts/${people[0]}`]) {
      for (const path of [`/api/${whose}/proof`, `/api/${whose}/proof/export`]) {
        expect((await stranger.fetch(path)).status).toBe(404);
        expect((await key.fetch(path)).status).toBe(403);
      }
    }
    expect((await viewer.get(`/api/sends/${randomUUID()}/proof`)).body.code).toBe("send_not_found");
    expect((await viewer.get(`/api/contacts/${randomUUID()}/proof`)).body.code).toBe("contact_not_found");
  });

  test.each([
    "x",
    Buffer.from(JSON.stringify(["send proof", -1, 0, ""])).toString("base64url"),
    Buffer.from(JSON.stringify(["send proof", 2 ** 40, 0, ""])).toString("base64url"),
    Buffer.from(JSON.stringify(["contact proof", 1, "x"])).toString("base64url"),
  ])("takes no cursor that it did not write: %s", async (cursor) => {
    expect((await viewer.get(`/api/sends/${sendId}/proof?cursor=${cursor}`)).status).toBe(400);
    expect((await viewer.get(`/api/contacts/${people[0]}/proof?cursor=${cursor}`)).status).toBe(400);
  });

  test("has one line for each execution, visit, channel and address, none for who was not written to, and every page goes on where the last one ended", async () => {
    const found: ProofLine[] = [];
    let cursor: string | null = null;
    do {
      const next: ProofPage = await page(`sends/${sendId}`, `?limit=3${cursor ? `&cursor=${cursor}` : ""}`);
      expect(next.items.length).toBeLessThanOrEqual(3);
      found.push(...next.items);
      cursor = next.nextCursor;
    } while (cursor !== null);
    expect(found).toHaveLength(8);
    expect(new Set(found.map(({ executionId, visit, channel, to }) => `${executionId} ${visit} ${channel} ${to}`)).size).toBe(8);
    expect(found.some(({ contactId }) => contactId === people[2])).toBe(false);
    for (const line of found) {
      expect(line).toMatchObject({ sendId, flowName: "Spring", provider: "twilio", status: "sent", isTest: false, reports: [] });
      expect(line.providerMessageId).toMatch(/^SM/);
      expect(line.tries[0]).toMatchObject({ attempt: 1 });
      expect(line.tries.at(-1)).toMatchObject({ attempt: line.tries.length, status: "completed", reason: null });
      expect(Date.parse(line.writtenAt)).toBeLessThanOrEqual(Date.parse(line.sentAt as string));
    }
  });

  test("keeps each report of the provider with its time and words, once, and shows the ledger of one contact newest first", async () => {
    const of = fake.messages.filter(({ to }) => to === "+14155560001") as FakeMessage[];
    for (const status of ["sending", "sent"]) await fake.report(of[0] as FakeMessage, status);
    await fake.report(of[0] as FakeMessage, "delivered");
    await fake.report(of[0] as FakeMessage, "delivered");
    await fake.report(of[1] as FakeMessage, "undelivered", { code: 30003 });
    await acted();
    const { items, nextCursor } = await page(`contacts/${people[1]}`, "?limit=50");
    expect(nextCursor).toBeNull();
    expect(items.map(({ stepId, status }) => [stepId, status])).toEqual([
      ["two", "undelivered"],
      ["one", "delivered"],
    ]);
    const [second, first] = items as [ProofLine, ProofLine];
    expect(first.reports.at(-1)).toMatchObject({ status: "delivered", reason: null });
    expect(first.reports.filter(({ status }) => status === "delivered")).toHaveLength(1);
    expect(second.reports).toMatchObject([{ status: "undelivered", reason: "phone_unreachable" }]);
    const one = await page(`contacts/${people[1]}`, "?limit=1");
    expect((await page(`contacts/${people[1]}`, `?limit=1&cursor=${one.nextCursor}`)).items).toEqual([first]);
  });

  test("is saved whole as CSV, in which no value runs as a formula, and the audit log says how many lines left", async () => {
    const response = await viewer.fetch(`/api/sends/${sendId}/proof/export`);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/csv; charset=utf-8; header=present"]);
    const rows: Record<string, string>[] = parse(await response.text(), { columns: true, bom: true });
    expect(rows).toHaveLength(8);
    expect(rows.every(({ contact = "" }) => !contact.startsWith("="))).toBe(true);
    expect(rows.find(({ status }) => status === "delivered")?.reports).toContain("delivered");
    const contact = await viewer.fetch(`/api/contacts/${people[1]}/proof/export`);
    expect(parse(await contact.text(), { columns: true, bom: true })).toHaveLength(2);
    const { rows: log } = await sql<{ action: string; details: { lines: number } }>`
      select action, details from audit_log where workspace_id = ${app.ours.workspaceId} and action like '%proof' order by id desc limit 2`.execute(
      app.db.owner,
    );
    expect(log.map(({ action, details }) => [action, details.lines])).toEqual([
      ["contact.export_proof", 2],
      ["send.export_proof", 8],
    ]);
  });

  test("forgets the name, the address and the words of the provider when the contact is erased, and not that something left", async () => {
    await eraseAtOnce({ engine: app.resources.engine } as TestEngine, { workspaceId: app.ours.workspaceId, ids: [people[1] as string] });
    const { items } = await page(`sends/${sendId}`, "?limit=50");
    const erased = items.filter(({ contactName }) => contactName === null);
    expect(erased).toHaveLength(2);
    for (const line of erased) expect(line).toMatchObject({ contactName: null, to: null, providerMessageId: null, provider: "twilio" });
    expect(erased.flatMap(({ reports }) => reports.map(({ error }) => error)).every((error) => error === null)).toBe(true);
  });
});

test("a report on a message of another workspace is kept with none", async () => {
  await fetch(`${app.url}${inboundPath(app.theirs.workspaceId, "sms")}`, { method: "POST", body: "x" });
  const { rows } = await sql<{ wrong: number }>`
    select count(*)::int as wrong from message_reports r join messages m on m.id = r.message_id where m.workspace_id <> r.workspace_id`.execute(
    app.db.owner,
  );
  expect(rows).toEqual([{ wrong: 0 }]);
});
