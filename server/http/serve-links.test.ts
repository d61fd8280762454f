import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type LinkTracking, noLinkTracking } from "#contract/link-tracking.ts";
import { saveLinkTracking } from "#db/queries/link-tracking.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { sendTo } from "#test/engine.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { type FakeProvider, fakeProvider } from "#test/fake-provider.ts";
import { chain, email, node, sms } from "#test/graphs.ts";
import { createRequestRates } from "./request-rates.ts";

let app: TestApp;
let providers: Record<"sms" | "email", FakeProvider>;
beforeAll(async () => {
  app = await startTestApp({ ownAddress: true, engine: { providerFor: async (_, channel) => providers[channel] } });
});
afterAll(() => app.stop());
beforeEach(() => {
  providers = { sms: fakeProvider("sms"), email: fakeProvider("email") };
});
const track = (rules: Partial<LinkTracking>, workspaceId = app.ours.workspaceId) =>
  saveLinkTracking(app.db.owner, { workspaceId, tracking: { ...noLinkTracking, ...rules } });
afterEach(() => track({}));

const shop = "https://shop.example/offer?a=1&b=2#top";
const html = `<p>Hi</p><a href="https://shop.example/offer?a=1&amp;b=2#top">Offer</a> <a href="mailto:a@b.example">write</a>`;
const person = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148";
const pathOf = (url: string) => new URL(url).pathname;
const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  fetch(`${app.url}${path}`, { method, redirect: "manual", headers: { "user-agent": person, ...headers } });
/** As a browser that looked the name up. */
const getAt = (host: string, path: string) =>
  new Promise<{ status: number | undefined; location: string | undefined }>((resolve, reject) => {
    const { port } = new URL(app.url);
    request({ host: "127.0.0.1", port, path, headers: { host, "user-agent": person } }, (res) => {
      res.resume().on("end", () => resolve({ status: res.statusCode, location: res.headers.location }));
    })
      .on("error", reject)
      .end();
  });

async function send(steps: Parameters<typeof chain>, { workspaceId = app.ours.workspaceId, more = {}, contact = {} } = {}) {
  const contactId = await buildContact(app.db.owner, workspaceId, { email: `p-${randomUUID()}@example.com`, ...contact });
  const flowId = await buildFlow(app.db.owner, workspaceId, chain(node("start"), ...steps, node("end")));
  const { sendId } = await app.resources.engine.createSend(sendTo(workspaceId, flowId, [contactId], more));
  await app.driver.runUntilIdle();
  return { contactId, sendId };
}
const mail = (config: object = {}) => email("Hi", { text: `Offer: ${shop}`, html, kind: "transactional", ...config });
/** An e-mail that was sent with everything noted: its link and its picture. */
async function sentMail() {
  await track({ clicks: true, opens: true });
  const sent = await send([mail()]);
  const [call] = providers.email.calls;
  const link = /href="([^"]+\/l\/[^"]+)"/.exec(call?.html ?? "")?.[1] ?? "";
  const picture = /src="([^"]+\/o\/[^"]+)"/.exec(call?.html ?? "")?.[1] ?? "";
  return { ...sent, call, link: pathOf(link), picture: pathOf(picture) };
}
async function sentSms(domain: string, text = `Look: ${shop}`, workspaceId = app.ours.workspaceId) {
  await track({ clicks: true, shortDomain: domain }, workspaceId);
  const sent = await send([sms(text)], { workspaceId });
  const body = providers.sms.calls.at(-1)?.text ?? "";
  return { ...sent, body, path: new RegExp(`https://${domain}(/s/\\w+)`).exec(body)?.[1] ?? "" };
}
const noted = (contactId: string) =>
  app.db.owner
    .selectFrom("tracked_links")
    .select(["kind", "url", "times", "machine_times"])
    .where("contact_id", "=", contactId)
    .orderBy("kind")
    .execute();
const clicks = async (contactId: string) => (await noted(contactId)).find(({ kind }) => kind === "click");

describe("a link that was changed", () => {
  test("leads nowhere, says so in plain words, and is written down nowhere", async () => {
    const { link, picture, contactId } = await sentMail();
    const token = link.slice(3);
    const wrong = [
      `/l/${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`,
      `/l/A${token.slice(1)}`,
      `/l/${token}x`,
      `/l/${token.slice(0, 60)}`,
      `/l/${encodeURIComponent(encodeURIComponent(`${token}%`))}`,
      `/l/https%3A%2F%2Fevil.example%2F`,
      "/l/javascript:alert(1)",
      "/l/data:text%2Fhtml,x",
      "/l/x%0d%0aSet-Cookie:%20a=b",
      `/l/${"a".repeat(5_000)}`,
      `/l/${picture.slice(3)}`,
      `/o/${token}`,
      "/s/AAAAAAAAAAAA",
      "/s/short",
      "/s/AAAAAAAAAAA%0a",
    ];
    for (const path of wrong) {
      const answer = await get(path);
      const text = await answer.text();
      expect([path, answer.status, answer.headers.get("location")]).toEqual([path, 404, null]);
      expect(answer.headers.get("content-type")).toMatch(/^text\/plain/);
      expect([text, answer.headers.get("set-cookie"), answer.headers.get("referrer-policy")]).toEqual([
        "This link leads nowhere. Please ask who sent it to you.",
        null,
        "no-referrer",
      ]);
    }
    expect(await noted(contactId)).toEqual([]);
  });

  test("cannot be pointed elsewhere by what stands behind it", async () => {
    const { link } = await sentMail();
    for (const more of ["?url=https://evil.example/", "?look=1&u=//evil.example", "?target=javascript:alert(1)"])
      expect((await get(`${link}${more}`)).headers.get("location")).toBe(shop);
    expect((await get(`${link}/https://evil.example`)).status).toBe(404);
  });

  test("leads nowhere where a row holds what is no page, whoever wrote it", async () => {
    const { contactId, path } = await sentSms("go.ours.example");
    for (const url of [
      "javascript:alert(1)",
      "data:text/html,x",
      "https://x.example/\r\nSet-Cookie: a=b",
      "//evil.example",
      "https://x.example/ä",
    ]) {
      await app.db.owner.updateTable("tracked_links").set({ url }).where("contact_id", "=", contactId).execute();
      const answer = await get(path);
      expect([url, answer.status, answer.headers.get("location"), answer.headers.get("set-cookie")]).toEqual([url, 404, null, null]);
    }
  });
});

describe("a link of an e-mail", () => {
  test("leads to its page without a cookie, a referrer or a copy kept, and counts the first click and how many", async () => {
    const { contactId, link, call } = await sentMail();
    expect(call?.html).toContain('<a href="mailto:a@b.example">');
    expect(call?.text).toMatch(new RegExp(`^Offer: ${app.url}/l/[\\w-]+$`));
    expect(await noted(contactId)).toEqual([]);
    const answer = await get(link, { cookie: "sluice_session=a.b", origin: "https://elsewhere.example" });
    expect([answer.status, answer.headers.get("location")]).toEqual([302, shop]);
    expect(["cache-control", "referrer-policy", "set-cookie", "x-robots-tag"].map((name) => answer.headers.get(name))).toEqual([
      "no-store",
      "no-referrer",
      null,
      "noindex",
    ]);
    expect(await answer.text()).toBe("You are being led on.");
    await get(link);
    await expect.poll(() => clicks(contactId)).toEqual({ kind: "click", url: shop, times: 2, machine_times: 0 });
    const row = await app.db.owner.selectFrom("tracked_links").selectAll().where("contact_id", "=", contactId).executeTakeFirstOrThrow();
    expect(row.first_at?.getTime()).toBeLessThanOrEqual(row.last_at?.getTime() ?? 0);
    expect(row).toMatchObject({ workspace_id: app.ours.workspaceId, channel: "email", code: null });
  });

  test("counts nobody who looks ahead or asks for the head alone, and programs apart", async () => {
    const { contactId, link } = await sentMail();
    const unseen: [Record<string, string>, string][] = [
      [{}, "HEAD"],
      [{ "sec-purpose": "prefetch;prerender" }, "GET"],
      [{ purpose: "prefetch" }, "GET"],
      [{ "x-moz": "prefetch" }, "GET"],
      [{ "x-purpose": "preview" }, "GET"],
    ];
    for (const [headers, method] of unseen) expect((await get(link, headers, method)).status).toBe(302);
    expect((await get(`${link}?look`)).headers.get("location")).toBe(shop);
    for (const agent of ["Mozilla/5.0 (compatible; Googlebot/2.1)", "facebookexternalhit/1.1", "curl/8.5", "Slackbot-LinkExpanding 1.0"])
      await get(link, { "user-agent": agent });
    await get(link, { "user-agent": "Mozilla/5.0 (Linux; Android 9; CUBOT_X19) Mobile Safari/537.36" });
    await expect.poll(() => clicks(contactId)).toEqual({ kind: "click", url: shop, times: 1, machine_times: 4 });
  });

  test("that only programs have followed has no first click", async () => {
    const { contactId, link } = await sentMail();
    await get(link, { "user-agent": "Barracuda Sentinel (EE)" });
    await expect.poll(() => clicks(contactId)).toEqual({ kind: "click", url: shop, times: 0, machine_times: 1 });
    const row = await app.db.owner.selectFrom("tracked_links").select("first_at").where("contact_id", "=", contactId).executeTakeFirst();
    expect(row?.first_at).toBeNull();
  });

  test("is followed a thousand times and more, and counted to a thousand", async () => {
    const { contactId, link } = await sentMail();
    for (let n = 0; n < 1_050; n += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => get(link)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([302]));
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    }
    await expect.poll(async () => (await clicks(contactId))?.times).toBe(1_000);
    expect(await noted(contactId)).toHaveLength(1);
  });

  test("of a contact who was erased still leads to its page, and nothing is written down", async () => {
    const { contactId, link, picture } = await sentMail();
    await get(link);
    await expect.poll(() => noted(contactId)).toHaveLength(1);
    const owner = await app.ours.as("owner");
    await owner.delete(`/api/contacts/${contactId}`);
    expect((await owner.post("/api/bin/erase", { ids: [contactId] })).body).toEqual({ erased: 1 });
    const left = () =>
      app.db.owner.selectFrom("tracked_links").select("id").where("url", "=", shop).where("contact_id", "is", null).execute();
    expect([await noted(contactId), await left()]).toEqual([[], []]);
    expect((await get(link)).headers.get("location")).toBe(shop);
    expect((await get(picture)).status).toBe(200);
    // What comes later is written down, so what came before would be there by now.
    const { contactId: other, link: second } = { ...(await sentAgain()) };
    await get(second);
    await expect.poll(() => clicks(other)).toMatchObject({ times: 1 });
    expect(await left()).toEqual([]);
  });
  async function sentAgain() {
    providers.email = fakeProvider("email");
    return sentMail();
  }

  test("leads to its page while nothing can be written down", async () => {
    const { link } = await sentMail();
    await app.db.owner.schema.alterTable("tracked_links").renameTo("tracked_links_away").execute();
    try {
      const answer = await get(link);
      expect([answer.status, answer.headers.get("location")]).toEqual([302, shop]);
      await expect.poll(() => app.logged.join("\n")).toContain("A click or an open could not be written down");
      expect(app.logged.join("\n")).not.toContain("shop.example");
    } finally {
      await app.db.owner.schema.alterTable("tracked_links_away").renameTo("tracked_links").execute();
    }
  });

  test("is the same at each try of its message", async () => {
    await track({ clicks: true, opens: true });
    providers.email.answer(
      { outcome: "rejected", reason: "provider_unavailable", message: "later", retryable: true },
      { outcome: "accepted", providerMessageId: "1" },
    );
    await send([mail()]);
    app.driver.clock.forward(60_000);
    await app.driver.runUntilIdle();
    expect(providers.email.calls).toHaveLength(2);
    const [first, second] = providers.email.calls.map(({ text, html: markup }) => [text, markup]);
    expect(second).toEqual(first);
  });

  test("to unsubscribe stays what it is, in the body and in the headers", async () => {
    await track({ clicks: true, opens: true });
    await send([mail({ kind: "marketing", text: "Hi {{ unsubscribe_url }}", html: '<a href="{{ unsubscribe_url }}">No more</a>' })]);
    const [call] = providers.email.calls;
    expect(call?.unsubscribeUrl).toMatch(new RegExp(`^${app.url}/u/`));
    expect(call?.html).toContain(`href="${call?.unsubscribeUrl}"`);
    expect(call?.html?.match(/\/l\//g)).toBeNull();
  });
});

describe("a picture", () => {
  test("is one point that any site may show, and tells of an open", async () => {
    const { contactId, picture } = await sentMail();
    const answer = await get(picture, {
      "user-agent": "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    });
    expect([answer.status, answer.headers.get("content-type"), answer.headers.get("cross-origin-resource-policy")]).toEqual([
      200,
      "image/gif",
      "cross-origin",
    ]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect((await answer.arrayBuffer()).byteLength).toBeLessThan(50);
    await expect.poll(() => noted(contactId)).toEqual([{ kind: "open", url: null, times: 1, machine_times: 0 }]);
  });

  test("stands in no e-mail where opens are not noted, and no link leads through here where clicks are not", async () => {
    await track({ clicks: true });
    await send([mail()]);
    await track({ opens: true });
    await send([mail()]);
    const [first, second] = providers.email.calls;
    expect([first?.html?.includes("/o/"), first?.html?.includes("/l/")]).toEqual([false, true]);
    expect([second?.html?.includes("/o/"), second?.html?.includes("/l/")]).toEqual([true, false]);
  });
});

describe("a short link", () => {
  test("stands in the SMS that is kept and counted, leads to its page under its domain, and counts", async () => {
    const { contactId, body, path } = await sentSms("go.ours.example");
    expect(body).toMatch(/^Look: https:\/\/go\.ours\.example\/s\/[0-9A-Za-z]{12}$/);
    const kept = await app.db.owner.selectFrom("messages").select(["body", "segments"]).where("contact_id", "=", contactId).execute();
    expect(kept).toEqual([{ body, segments: 1 }]);
    expect(await noted(contactId)).toEqual([{ kind: "click", url: shop, times: 0, machine_times: 0 }]);
    expect(await getAt("go.ours.example", path)).toEqual({ status: 302, location: shop });
    await expect.poll(() => clicks(contactId)).toMatchObject({ times: 1 });
    // Nothing else answers under that name.
    expect((await getAt("go.ours.example", "/api/session")).status).toBe(403);
  });

  test("of another workspace leads nowhere under a domain that a workspace has as its own", async () => {
    await track({ shortDomain: "go.theirs.example" }, app.theirs.workspaceId);
    const { path } = await sentSms("go.ours.example");
    expect(await getAt("go.theirs.example", path)).toEqual({ status: 404, location: undefined });
    expect(await getAt("GO.theirs.example:443", path)).toEqual({ status: 404, location: undefined });
    expect(await getAt("go.ours.example", path)).toEqual({ status: 302, location: shop });
    await track({ shortDomain: "new.ours.example", clicks: true });
    expect(await getAt("go.ours.example", path)).toEqual({ status: 302, location: shop });
    await track({}, app.theirs.workspaceId);
  });

  test("is there before the message leaves, and a second try finds it there", async () => {
    await track({ clicks: true, shortDomain: "go.ours.example" });
    const seen: (number | undefined)[] = [];
    providers.sms.answer(async ({ text }) => {
      seen.push((await get(/\/s\/\w+/.exec(text)?.[0] ?? "/s/none")).status);
      return seen.length === 1
        ? { outcome: "rejected", reason: "provider_unavailable", message: "later", retryable: true }
        : { outcome: "accepted", providerMessageId: "1" };
    });
    const { contactId } = await send([sms(`Look: ${shop}`)]);
    app.driver.clock.forward(60_000);
    await app.driver.runUntilIdle();
    expect(seen).toEqual([302, 302]);
    expect(new Set(providers.sms.calls.map(({ text }) => text)).size).toBe(1);
    expect(await noted(contactId)).toHaveLength(1);
  });

  test("of a contact who was erased leads nowhere, because its page may tell who it was", async () => {
    const { contactId, path } = await sentSms("go.ours.example", "Look: https://shop.example/?who={{ firstname }}");
    const owner = await app.ours.as("owner");
    await owner.delete(`/api/contacts/${contactId}`);
    await owner.post("/api/bin/erase", { ids: [contactId] });
    expect((await get(path)).status).toBe(404);
  });

  test("of a preview says that it is one", async () => {
    expect(await (await get("/s/Preview00000")).text()).toContain("preview");
  });
});

test("a test message has links that lead to their page and count for nobody", async () => {
  await track({ clicks: true, opens: true, shortDomain: "go.ours.example" });
  const { contactId } = await send([mail(), sms(`Look: ${shop}`)], { more: { isTest: true } });
  const kept = await app.db.owner.selectFrom("messages").select(["channel", "body", "html"]).where("contact_id", "=", contactId).execute();
  const text = kept.map(({ body, html: markup }) => `${body} ${markup}`).join(" ");
  expect(text).toContain("https://go.ours.example/s/Preview00000");
  const link = /\/l\/[\w-]+/.exec(text)?.[0] ?? "";
  expect((await get(link)).headers.get("location")).toBe(shop);
  expect(await noted(contactId)).toEqual([]);
});

test("an address that follows too many links is told so in plain words, and people who use the product are not", async () => {
  const other = await startTestApp({ rates: createRequestRates({ perVisitorAddress: 3 }) });
  try {
    const follow = () => fetch(`${other.url}/l/${"a".repeat(60)}`, { redirect: "manual" });
    expect((await Promise.all([follow(), follow(), follow()])).map(({ status }) => status)).toEqual([404, 404, 404]);
    const answer = await follow();
    expect([answer.status, answer.headers.get("content-type"), Number(answer.headers.get("retry-after")) > 0]).toEqual([
      429,
      "text/plain; charset=utf-8",
      true,
    ]);
    expect((await (await other.ours.as("viewer")).get("/api/workspace/link-tracking")).status).toBe(200);
  } finally {
    await other.stop();
  }
});

test("a preview shows links as they will be, and counts an SMS with its short link", async () => {
  await track({ clicks: true, shortDomain: "go.ours.example" });
  const editor = await app.ours.as("editor");
  await buildContact(app.db.owner, app.ours.workspaceId);
  const long = `https://shop.example/${"a".repeat(180)}`;
  const flowId = await buildFlow(app.db.owner, app.ours.workspaceId, chain(node("start"), sms(`Look: ${long}`), node("end")));
  const question = { flowId, node: sms(`Look: ${long}`) };
  const { body } = await editor.post("/api/message-preview", question);
  expect(body.message).toMatchObject({ text: "Look: https://go.ours.example/s/Preview00000", segments: 1 });
  const survey = await editor.post("/api/message-survey", question);
  expect(survey.body.longest).toMatchObject({ text: "Look: https://go.ours.example/s/Preview00000", segments: 1 });
});
