import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type DomainRow, isProof } from "#contract/sending-domain.ts";
import { type DnsServer, startDnsServer } from "#test/dns-server.ts";
import type { SendingDomainFacts } from "../../provider-definition.ts";
import { resend } from "../resend/settings.ts";
import { sendgrid } from "../sendgrid/settings.ts";
import { smtp } from "../smtp/settings.ts";
import { checkDomain } from "./check-domain.ts";

let dns: DnsServer;
beforeAll(async () => {
  dns = await startDnsServer();
});
afterAll(() => dns.stop());

const domain = "salon.test";
const keyOf = (bits: number) =>
  generateKeyPairSync("rsa", {
    modulusLength: bits,
    publicKeyEncoding: { type: "spki", format: "der" },
    privateKeyEncoding: { type: "pkcs8", format: "der" },
  }).publicKey.toString("base64");
const key = keyOf(2_048);
const dkim = (value = key, more = "") => `v=DKIM1; k=rsa; ${more}p=${value}`;
const facts: SendingDomainFacts = { domain, spf: { at: domain }, dkim: ["s1"], keeper: "your mail provider", receives: [domain] };

beforeEach(() => {
  dns.records.TXT = {
    [domain]: ["v=spf1 ip4:192.0.2.1 ~all"],
    [`s1._domainkey.${domain}`]: [dkim()],
    [`_dmarc.${domain}`]: ["v=DMARC1; p=none"],
  };
  dns.records.MX = { [domain]: [`10 mx.${domain}`] };
  dns.records.A = {};
  dns.silent.clear();
  dns.broken.clear();
  dns.asked.length = 0;
});
const check = (more: Partial<SendingDomainFacts> = {}) =>
  checkDomain({ ...facts, ...more }, { servers: [dns.address], timeoutMs: 200, tries: 1 });
async function rowOf(id: DomainRow["id"], more: Partial<SendingDomainFacts> = {}): Promise<DomainRow> {
  const row = (await check(more)).find((one) => one.id === id);
  if (!row) throw new Error(`There is no row ${id}.`);
  return row;
}
const txt = (name: string, ...values: string[]) => {
  dns.records.TXT[name] = values;
};

test("a domain whose records are right is proof", async () => {
  const rows = await check();
  expect(rows.map(({ id, state }) => [id, state])).toEqual([
    ["spf", "good"],
    ["dkim", "good"],
    ["dmarc", "good"],
    ["mx", "good"],
  ]);
  expect(isProof({ domain, checkedAt: "", rows })).toBe(true);
});

describe("SPF", () => {
  test.each<[string, string[], DomainRow["state"], RegExp]>([
    ["none", ["google-site-verification=x"], "bad", /Nobody is named/],
    ["two", ["v=spf1 -all", "v=spf1 ~all"], "bad", /several/],
    ["one that lets everybody send", ["v=spf1 +all"], "bad", /everybody/],
    ["one that lets everybody send, without a sign", ["v=spf1 all"], "bad", /everybody/],
    ["one that includes what is not there", ["v=spf1 include:gone.test ~all"], "bad", /gone\.test/],
    ["one that says nothing about others", ["v=spf1 ip4:192.0.2.1"], "warn", /other servers/],
    ["one that is neutral about others", ["v=spf1 ip4:192.0.2.1 ?all"], "warn", /\?all/],
    ["a good one", ["v=spf1 a mx -all"], "good", /2 of 10/],
  ])("%s", async (_what, records, state, text) => {
    txt(domain, ...records);
    const row = await rowOf("spf");
    expect([row.state, row.text]).toEqual([state, expect.stringMatching(text)]);
  });

  test("that leads to more look-ups than receivers make is wrong, and is not followed without end", async () => {
    txt(domain, `v=spf1 ${Array.from({ length: 6 }, (_, n) => `include:i${n}.test`).join(" ")} ~all`);
    for (let n = 0; n < 6; n += 1) txt(`i${n}.test`, "v=spf1 a mx ~all");
    expect(await rowOf("spf")).toMatchObject({ state: "bad", text: expect.stringContaining("18 names") });
    txt(domain, "v=spf1 include:loop.test ~all");
    txt("loop.test", "v=spf1 include:loop.test ~all");
    expect((await rowOf("spf")).state).toBe("good");
    for (let n = 0; n < 200; n += 1) txt(`c${n}.test`, `v=spf1 include:c${n + 1}.test ~all`);
    txt(domain, "v=spf1 include:c0.test ~all");
    dns.asked.length = 0;
    expect((await rowOf("spf")).state).toBe("bad");
    expect(dns.asked.length).toBeLessThan(40);
  });

  test("must name the servers of a provider that says which, at its own place, and the record to enter is told whole", async () => {
    const more = { spf: { at: `send.${domain}`, include: "amazonses.com" } };
    expect(await rowOf("spf", more)).toMatchObject({
      state: "bad",
      record: { type: "TXT", name: `send.${domain}`, value: "v=spf1 include:amazonses.com ~all" },
    });
    txt(`send.${domain}`, "v=spf1 ip4:192.0.2.9 ~all");
    expect(await rowOf("spf", more)).toMatchObject({ state: "bad", record: { value: "v=spf1 include:amazonses.com ip4:192.0.2.9 ~all" } });
    txt(`send.${domain}`, "v=spf1 include:amazonses.com ~all");
    txt("amazonses.com", "v=spf1 ip4:192.0.2.0/24 -all");
    expect((await rowOf("spf", more)).state).toBe("good");
  });
});

describe("DKIM", () => {
  test.each<[string, string | undefined, DomainRow["state"], RegExp]>([
    ["no record", undefined, "bad", /There is no key/],
    ["a revoked key", "v=DKIM1; p=", "bad", /revoked/],
    ["a key that was cut off", dkim(key.slice(0, 100)), "bad", /no key/],
    ["a key that is too short", dkim(keyOf(768)), "bad", /768 bits/],
    ["a key that is only being tried", dkim(key, "t=y; "), "warn", /t=y/],
    ["a key of 1,024 bits", dkim(keyOf(1_024)), "good", /stands/],
    ["a key of Ed25519", "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "good", /stands/],
  ])("%s", async (_what, record, state, text) => {
    delete dns.records.TXT[`s1._domainkey.${domain}`];
    if (record !== undefined) txt(`s1._domainkey.${domain}`, record);
    const row = await rowOf("dkim");
    expect([row.state, row.text]).toEqual([state, expect.stringMatching(text)]);
  });

  test("of two keys both must be right", async () => {
    expect(await rowOf("dkim", { dkim: ["s1", "s2"] })).toMatchObject({
      state: "bad",
      text: expect.stringContaining(`s2._domainkey.${domain}`),
    });
  });

  test("whose selector nobody has told is looked for where keys usually stand, and proves nothing", async () => {
    expect(await rowOf("dkim", { dkim: [] })).toMatchObject({ state: "warn", text: expect.stringContaining("enter its selector, s1,") });
    delete dns.records.TXT[`s1._domainkey.${domain}`];
    expect(await rowOf("dkim", { dkim: [] })).toMatchObject({ state: "warn", text: expect.stringContaining("Nobody has said") });
  });
});

describe("DMARC", () => {
  test.each<[string, string[], DomainRow["state"], RegExp]>([
    ["none", [], "bad", /says nothing/],
    ["two", ["v=DMARC1; p=none", "v=DMARC1; p=reject"], "bad", /several/],
    ["one without a policy", ["v=DMARC1; rua=mailto:a@b.test"], "bad", /no policy/],
    ["one with a policy that is none of them", ["v=DMARC1; p=maybe"], "bad", /no policy/],
    ["one that only watches", ["v=DMARC1;p=NONE;"], "good", /none/],
    ["one that rejects", ["v=DMARC1; p=reject"], "good", /reject/],
  ])("%s", async (_what, records, state, text) => {
    delete dns.records.TXT[`_dmarc.${domain}`];
    if (records.length > 0) txt(`_dmarc.${domain}`, ...records);
    const row = await rowOf("dmarc");
    expect([row.state, row.text]).toEqual([state, expect.stringMatching(text)]);
    if (records.length === 0) expect(row.record).toMatchObject({ name: `_dmarc.${domain}`, value: expect.stringContaining("p=none") });
  });

  test("may stand above the domain, with a policy for what is below", async () => {
    txt(`_dmarc.${domain}`, "v=DMARC1; p=reject; sp=quarantine");
    expect(await rowOf("dmarc", { domain: `mail.news.${domain}` })).toMatchObject({
      state: "good",
      text: expect.stringMatching(/quarantine.*stands at salon\.test/),
    });
  });
});

describe("where answers arrive", () => {
  test("a domain that receives nothing is told, and keeps nobody from sending", async () => {
    dns.records.MX = {};
    const rows = await check();
    expect(rows.at(-1)).toMatchObject({ id: "mx", state: "warn", text: expect.stringContaining("receives no mail") });
    expect(isProof({ domain, checkedAt: "", rows })).toBe(true);
    dns.records.A = { [domain]: ["192.0.2.1"] };
    expect((await rowOf("mx")).state).toBe("good");
    dns.records.MX = { [domain]: ["0 ."] };
    expect((await rowOf("mx")).state).toBe("warn");
  });
});

test("a name server that is silent or broken says nothing about the domain, and holds nobody for long", async () => {
  for (const name of [domain, `s1._domainkey.${domain}`, `_dmarc.${domain}`]) dns.silent.add(name);
  dns.broken.add(domain);
  const began = performance.now();
  const rows = await check();
  expect(rows.map(({ state }) => state)).toEqual(["unknown", "unknown", "unknown", "unknown"]);
  expect(isProof({ domain, checkedAt: "", rows })).toBe(false);
  expect(performance.now() - began).toBeLessThan(60_000);
});

test("each provider says what is to be looked up of its sender", () => {
  const sender = { fromName: "", fromAddress: "Hello@Salon.Test" };
  const server = { host: "smtp.salon.test", port: 587, security: "tls" as const };
  expect(smtp.sendingDomain?.({ ...server, ...sender, dkimSelector: "s1", replyTo: "ana@other.test" })).toEqual({
    ...facts,
    receives: [domain, "other.test"],
  });
  expect(resend.sendingDomain?.(sender)).toMatchObject({ dkim: ["resend"], spf: { at: `send.${domain}`, include: "amazonses.com" } });
  expect(sendgrid.sendingDomain?.({ ...sender, region: "global" })).toMatchObject({ dkim: ["s1", "s2"], spf: null });
});
