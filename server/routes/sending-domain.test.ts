import { generateKeyPairSync } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checkDueDomains } from "#server/ops/domain-watch.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { type DnsServer, startDnsServer } from "#test/dns-server.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let admin: Client;
let dns: DnsServer;
const domain = "salon-of-ana.com";
const { publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2_048,
  publicKeyEncoding: { type: "spki", format: "der" },
  privateKeyEncoding: { type: "pkcs8", format: "der" },
});

beforeAll(async () => {
  dns = await startDnsServer();
  app = await startTestApp({ dns: { servers: [dns.address], timeoutMs: 300, tries: 1 } });
  admin = await app.ours.as("admin");
});
afterAll(async () => {
  await app.stop();
  await dns.stop();
});
beforeEach(async () => {
  await sql`delete from private.sending_domains`.execute(app.db.owner);
  dns.asked.length = 0;
  dns.broken.clear();
  dns.records.TXT = {
    [domain]: ["v=spf1 ip4:192.0.2.1 ~all"],
    [`s1._domainkey.${domain}`]: [`v=DKIM1; p=${publicKey.toString("base64")}`],
    [`_dmarc.${domain}`]: ["v=DMARC1; p=none"],
  };
  dns.records.MX = { [domain]: [`10 mx.${domain}`] };
  await sendFrom(`hello@${domain}`);
});

async function sendFrom(fromAddress: string): Promise<void> {
  const settings = { host: "smtp.example.com", port: 587, security: "starttls", fromAddress, dkimSelector: "s1" };
  const { status, text } = await admin.put("/api/providers/email?check=no", { provider: "smtp", settings });
  if (status !== 200) throw new Error(text);
}
const read = async () => (await admin.get("/api/sending-domain")).body;
const check = async () => (await admin.post("/api/sending-domain/check")).body;
const due = () =>
  checkDueDomains({
    ownerDb: app.db.owner,
    providers: app.resources.providers,
    engine: app.resources.engine,
    dns: app.resources.dns,
  });
const later = (days: number) =>
  sql`update private.sending_domains set tried_at = tried_at - make_interval(days => ${days}::int), good_at = good_at - make_interval(days => ${days}::int)`.execute(
    app.db.owner,
  );

describe("what nobody else may", () => {
  test("a viewer sees the domain and can neither check it nor vouch for it", async () => {
    const viewer = await app.ours.as("viewer");
    expect((await viewer.get("/api/sending-domain")).body).toMatchObject({ domain, proof: null, report: null });
    expect((await viewer.post("/api/sending-domain/check")).status).toBe(403);
    expect((await viewer.put("/api/sending-domain/statement", { text: "They are set, believe me." })).status).toBe(403);
    expect(dns.asked).toEqual([]);
  });

  test("another workspace sees nothing of it", async () => {
    await check();
    expect((await (await app.theirs.as("admin")).get("/api/sending-domain")).body).toMatchObject({
      domain: null,
      report: null,
      proof: null,
    });
  });

  test("a statement needs a sentence, and a domain", async () => {
    const short = await admin.put("/api/sending-domain/statement", { text: "yes" });
    expect([short.status, short.body.problems[0].path]).toEqual([400, "text"]);
    const theirs = await (await app.theirs.as("admin")).put("/api/sending-domain/statement", { text: "They are set, believe me." });
    expect([theirs.status, theirs.body.code]).toEqual([409, "conflict"]);
  });
});

test("a good check is kept and is proof for 30 days", async () => {
  expect(await check()).toMatchObject({ domain, proof: "checked", report: { rows: [{}, {}, {}, {}] } });
  const questions = dns.asked.length;
  expect(await read()).toMatchObject({ proof: "checked" });
  expect(dns.asked).toHaveLength(questions);
  await later(31);
  expect(await read()).toMatchObject({ proof: null });
});

test("a check that finds something wrong takes the proof back, and one without an answer does not", async () => {
  await check();
  dns.broken.add(`_dmarc.${domain}`);
  expect(await check()).toMatchObject({ proof: "checked" });
  dns.broken.clear();
  delete dns.records.TXT[`_dmarc.${domain}`];
  expect(await check()).toMatchObject({ proof: null });
});

test("a statement is proof with the name of who gave it until it is taken back, and both are in the audit log", async () => {
  const text = "Our hoster set SPF, DKIM and DMARC on 3 May.";
  expect((await admin.put("/api/sending-domain/statement", { text })).body).toMatchObject({
    proof: "stated",
    statement: { text, byName: expect.stringMatching(/admin/i) },
  });
  // It is about this domain and no other.
  await sendFrom("hello@salon-of-ben.com");
  expect(await read()).toMatchObject({ domain: "salon-of-ben.com", proof: null, statement: null });
  await sendFrom(`hello@${domain}`);
  expect((await admin.put("/api/sending-domain/statement", { text: null })).body).toMatchObject({ proof: null, statement: null });
  const log = await app.db.owner.selectFrom("audit_log").select("details").where("action", "=", "provider.state_domain").execute();
  expect(log.map(({ details }) => details)).toEqual([
    { domain, statement: text },
    { domain, statement: null },
  ]);
});

test("a domain that nobody can have is not looked up", async () => {
  await sendFrom("hello@salon.example");
  expect(await check()).toMatchObject({ isReserved: true, report: null });
  expect(dns.asked).toEqual([]);
});

test("workers look each domain up once a day, however many they are", async () => {
  await Promise.all([due(), due(), due()]);
  const questions = dns.asked.length;
  expect(questions).toBeGreaterThan(3);
  expect(questions).toBeLessThan(8);
  expect(await read()).toMatchObject({ proof: "checked" });
  await due();
  expect(dns.asked).toHaveLength(questions);
  await later(1);
  await due();
  expect(dns.asked.length).toBeGreaterThan(questions);
});
