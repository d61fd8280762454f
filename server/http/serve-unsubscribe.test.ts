import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { recipientLanguages, unsubscribeWords } from "#contract/unsubscribe-words.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { sendTo } from "#test/engine.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { type FakeProvider, fakeProvider } from "#test/fake-provider.ts";
import { chain, email, node } from "#test/graphs.ts";

let app: TestApp;
let provider: FakeProvider;
/** When each message was handed over, by address. */
let leftAt: Map<string, number>;

beforeAll(async () => {
  app = await startTestApp({ ownAddress: true, engine: { providerFor: async () => provider } });
});
afterAll(() => app.stop());
beforeEach(() => {
  leftAt = new Map();
  provider = fakeProvider("email", { concurrency: 20 });
  provider.answer(async ({ id, to }) => {
    leftAt.set(to, performance.now());
    return { outcome: "accepted", providerMessageId: id };
  });
});

const ws = () => app.ours.workspaceId;
async function person(more: Parameters<typeof buildContact>[2] = {}) {
  const address = `p-${randomUUID()}@example.com`;
  const id = await buildContact(app.db.owner, ws(), { email: address, ...more });
  return { id, address, path: pathOf({ workspaceId: ws(), contactId: id, address }) };
}
const pathOf = (who: { workspaceId: string; contactId: string; address: string }) =>
  new URL(app.resources.links.unsubscribeUrl(who) ?? "").pathname;
const get = (path: string, headers: Record<string, string> = {}) => fetch(`${app.url}${path}`, { headers });
const post = (path: string, body?: string, headers: Record<string, string> = {}) =>
  fetch(`${app.url}${path}`, {
    method: "POST",
    headers: { ...(body !== undefined && { "content-type": "application/x-www-form-urlencoded" }), ...headers },
    ...(body !== undefined && { body }),
  });
const closed = (address: string) =>
  app.db.owner.selectFrom("suppressions").select(["channel", "reason", "source"]).where("address", "=", address).execute();
const ledger = (contactId: string) =>
  app.db.owner
    .selectFrom("contact_consents")
    .select(["channel", "state", "source", "evidence"])
    .where("contact_id", "=", contactId)
    .orderBy("id")
    .execute();
async function send(ids: string[]) {
  const flowId = await buildFlow(app.db.owner, ws(), chain(node("start"), email("Hi", { text: "Hello" }), node("end")));
  await app.resources.engine.createSend(sendTo(ws(), flowId, ids));
}

describe("reading the page", () => {
  test("changes nothing, a thousand times", async () => {
    const { id, address, path } = await person();
    for (let n = 0; n < 1_000; n += 50) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) => fetch(`${app.url}${path}`, { method: i % 5 === 0 ? "HEAD" : "GET" })),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    }
    expect(await closed(address)).toEqual([]);
    expect(await ledger(id)).toEqual([]);
    await send([id]);
    await app.driver.runUntilIdle();
    expect(leftAt.has(address)).toBe(true);
  });

  test("needs no script, runs none, and can be framed by nobody", async () => {
    const { path } = await person({ name: "<script>alert(1)</script>" });
    const answer = await get(path);
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect([answer.headers.get("referrer-policy"), answer.headers.get("cache-control")]).toEqual(["no-referrer", "no-store"]);
    expect(answer.headers.get("set-cookie")).toBeNull();
    const html = await answer.text();
    expect(html).not.toMatch(/<script|javascript:|\son\w+=|https?:\/\//i);
    expect(html).toContain('<form method="post">');
  });

  test("does not show the whole address to whoever holds the link", async () => {
    const { address, path } = await person();
    const html = await (await get(path)).text();
    expect(html).not.toContain(address);
    expect(html).toContain("p…@example.com");
  });

  test.each(recipientLanguages)("speaks %s where the contact or else the browser does", async (language) => {
    const known = await person({ metadata: { language } });
    const words = unsubscribeWords[language];
    for (const answer of [await get(known.path), await get((await person()).path, { "accept-language": `${language}-XX, xx;q=0.5` })]) {
      const html = await answer.text();
      expect(html).toContain(`<html lang="${language}">`);
      expect(html).toContain(`<button>${words.button}</button>`);
    }
  });

  test("of a token that is wrong or of a preview offers nothing to press", async () => {
    const { path } = await person();
    const wrong = await post(`${path.slice(0, -2)}xx`);
    expect(wrong.status).toBe(404);
    expect(await wrong.text()).not.toContain("<form");
    expect(await (await post("/u/preview")).text()).toContain(unsubscribeWords.en.sampleTitle);
    expect((await get(pathOf({ workspaceId: "gone", contactId: randomUUID(), address: "a@example.com" }))).status).toBe(404);
  });
});

describe("one POST", () => {
  test.each([
    ["of a mail program", "List-Unsubscribe=One-Click", {}],
    ["of a mail program without a body", undefined, {}],
    [
      "from another site, with somebody's cookie",
      "List-Unsubscribe=One-Click",
      { origin: "https://mail.example", cookie: "sluice_session=a.b" },
    ],
  ])("%s unsubscribes at once, and a repetition changes nothing more", async (_, body, headers) => {
    const { id, address, path } = await person();
    for (let n = 0; n < 3; n += 1) expect((await post(path, body, headers)).status).toBe(200);
    await Promise.all(Array.from({ length: 10 }, () => post(path, body, headers)));
    expect(await closed(address)).toEqual([{ channel: "email", reason: "unsubscribe", source: "contact" }]);
    expect(await ledger(id)).toEqual([
      {
        channel: "email",
        state: "opted_out",
        source: "unsubscribe",
        evidence: "Do you want no more marketing e-mails from Ours at p…@example.com? Unsubscribe",
      },
    ]);
    await send([id]);
    await app.driver.runUntilIdle();
    expect(leftAt.has(address)).toBe(false);
  });

  test("touches nobody else, and no other workspace with the same address", async () => {
    const [a, b] = [await person(), await person()];
    const foreign = await buildContact(app.db.owner, app.theirs.workspaceId, { email: a.address });
    await post(a.path);
    expect(await closed(b.address)).toEqual([]);
    expect(await ledger(b.id)).toEqual([]);
    expect(await ledger(foreign)).toEqual([]);
    const workspaces = await app.db.owner.selectFrom("suppressions").select("workspace_id").where("address", "=", a.address).execute();
    expect(workspaces).toEqual([{ workspace_id: ws() }]);
  });

  test("of a contact that was erased writes its address down nowhere, and closes it again when it comes back", async () => {
    const { id, address, path } = await person();
    await app.db.owner.deleteFrom("contacts").where("id", "=", id).execute();
    for (let n = 0; n < 2; n += 1) expect((await post(path)).status).toBe(200);
    expect(await closed(address)).toEqual([]);
    const back = await buildContact(app.db.owner, ws(), { email: address });
    expect(await closed(address)).toEqual([{ channel: "email", reason: "unsubscribe", source: "contact" }]);
    await send([back]);
    await app.driver.runUntilIdle();
    expect(leftAt.has(address)).toBe(false);
  });

  test("closes the address that the person has by now as well, and opens both again", async () => {
    const { id, address, path } = await person();
    const later = `later.${address}`;
    await app.db.owner.updateTable("contacts").set({ email: later }).where("id", "=", id).execute();
    await post(path);
    expect([await closed(address), await closed(later)]).toMatchObject([[{ reason: "unsubscribe" }], [{ reason: "unsubscribe" }]]);
    await send([id]);
    await app.driver.runUntilIdle();
    expect(leftAt.has(later)).toBe(false);
    await post(path, "save=choices&email=on");
    expect([await closed(address), await closed(later)]).toEqual([[], []]);
  });

  test("whose body is too large is refused", async () => {
    const { address, path } = await person();
    expect((await post(path, `a=${"x".repeat(10_000)}`)).status).toBe(413);
    expect(await closed(address)).toEqual([]);
  });
});

describe("the choices", () => {
  test("close and open e-mail again; SMS are closed here and opened by START alone", async () => {
    const phone = `+1415555${Math.floor(1_000 + Math.random() * 8_999)}`;
    const { id, address, path } = await person({ phone_e164: phone });
    expect(await (await post(path, "save=choices&email=on")).text()).toContain(unsubscribeWords.en.smsBack);
    expect(await closed(phone)).toMatchObject([{ channel: "sms", reason: "stop" }]);
    await post(path, "save=choices");
    expect(await closed(address)).toMatchObject([{ reason: "unsubscribe" }]);
    await post(path, "save=choices&email=on&sms=on");
    expect(await closed(address)).toEqual([]);
    expect(await closed(phone)).toHaveLength(1);
    expect((await ledger(id)).map(({ channel, state }) => `${channel} ${state}`)).toEqual([
      "sms opted_out",
      "email opted_out",
      "email opted_in",
    ]);
  });

  test("are written down some times a day and not without end, and e-mail can be closed always", async () => {
    const { id, address, path } = await person();
    for (let n = 0; n < 15; n += 1) {
      await post(path, "save=choices");
      await post(path, "save=choices&email=on");
    }
    const ofEmail = async () => (await ledger(id)).filter(({ channel }) => channel === "email");
    expect(await ofEmail()).toHaveLength(21);
    await post(path);
    expect(await closed(address)).toMatchObject([{ reason: "unsubscribe" }]);
    expect((await ofEmail()).map(({ state }) => state).at(-1)).toBe("opted_out");
  });

  test("do not open what a complaint or a member has closed", async () => {
    const { address, path } = await person();
    await app.db.owner.insertInto("suppressions").values({ workspace_id: ws(), channel: "email", address, reason: "complaint" }).execute();
    const html = await (await post(path, "save=choices&email=on")).text();
    expect(html).not.toContain('name="email" checked');
    expect(await closed(address)).toMatchObject([{ reason: "complaint" }]);
  });
});

describe("while a thousand e-mails are queued", () => {
  test.each([20, 500, 1_000])(
    "the one at place %i gets nothing after the answer, and all others get theirs",
    async (place) => {
      provider.answer(async ({ id, to }) => {
        leftAt.set(to, performance.now());
        await sleep(2);
        return { outcome: "accepted", providerMessageId: id };
      });
      const ids = await buildContacts(app.db.owner, ws(), 999);
      const { id, address, path } = await person();
      ids.splice(place - 1, 0, id);
      await send(ids);
      const running = app.driver.runUntilIdle();
      await expect.poll(() => leftAt.size, { interval: 1 }).toBeGreaterThanOrEqual(10);
      expect((await post(path)).status).toBe(200);
      const answeredAt = performance.now();
      await running;
      await app.driver.runUntilIdle();
      expect(leftAt.get(address) ?? 0).toBeLessThan(answeredAt);
      expect(leftAt.size).toBe(999 + (leftAt.has(address) ? 1 : 0));
    },
    60_000,
  );
});

test("a receipt has no link, and still reaches whoever has unsubscribed from marketing", async () => {
  const { id, address, path } = await person();
  await post(path);
  for (const kind of ["marketing", "transactional"]) {
    const graph = chain(node("start"), email("Hi", { text: "Hello", kind }), node("end"));
    await app.resources.engine.createSend(sendTo(ws(), await buildFlow(app.db.owner, ws(), graph), [id]));
  }
  await app.driver.runUntilIdle();
  expect(provider.calls.map(({ to, text, unsubscribeUrl }) => [to, text, unsubscribeUrl])).toEqual([[address, "Hello", undefined]]);
});

test("an e-mail of a flow carries the link in both parts and for its headers, and one to look at carries none that counts", async () => {
  const { id } = await person();
  await send([id]);
  await app.driver.runUntilIdle();
  const [call] = provider.calls;
  expect(call?.unsubscribeUrl).toMatch(new RegExp(`^${app.url}/u/`));
  expect(call?.text).toContain(call?.unsubscribeUrl);
  const flowId = await buildFlow(app.db.owner, ws(), chain(node("start"), email("Hi", { text: "Hello" }), node("end")));
  await app.resources.engine.createSend(sendTo(ws(), flowId, [id], { isTest: true }));
  await app.driver.runUntilIdle();
  const kept = await app.db.owner.selectFrom("messages").select("body").where("contact_id", "=", id).where("is_test", "=", true).execute();
  expect(kept[0]?.body).toContain("/u/preview");
});
