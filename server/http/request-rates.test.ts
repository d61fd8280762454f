import { randomUUID } from "node:crypto";
import type { Response } from "express";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rateClasses } from "#contract/rates.ts";
import { routes } from "#contract/routes.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact } from "#test/factories.ts";
import { createRequestRates, type RequestRates } from "./request-rates.ts";

const small = {
  read: { requests: 5, seconds: 60, of: "caller" },
  write: { requests: 2, seconds: 60, of: "caller" },
  send: { requests: 3, seconds: 60, of: "workspace" },
  provider: { requests: 4, seconds: 60, of: "account" },
} as const;
let app: TestApp;
let pools: pg.Pool[];
beforeAll(async () => {
  const rates: { current?: RequestRates } = {};
  app = await startTestApp({
    rates: {
      countAddress: (...given) => (rates.current as RequestRates).countAddress(...given),
      count: (...given) => (rates.current as RequestRates).count(...given),
    },
  });
  pools = [1, 2].map(() => new pg.Pool({ connectionString: app.db.ownerUrl, max: 4 }));
  rates.current = createRequestRates({ store: pools[0] as pg.Pool, limits: small });
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await app.stop();
});

const noResponse = { set: () => {} } as unknown as Response;
const address = "203.0.113.7";
const tries = async (rates: RequestRates, count: number, caller: string) => {
  const outcomes = await Promise.allSettled(Array.from({ length: count }, () => rates.count(noResponse, "read", { caller, address })));
  return outcomes.filter(({ status }) => status === "fulfilled").length;
};

test("two processes share a limit, and together let through what it says", async () => {
  const limits = { ...rateClasses, read: { requests: 200, seconds: 60, of: "caller" } } as const;
  const [one, other] = pools.map((store) => createRequestRates({ store, limits })) as [RequestRates, RequestRates];
  const caller = randomUUID();
  const [first, second] = await Promise.all([tries(one, 150, caller), tries(other, 150, caller)]);
  expect(first + second).toBeGreaterThanOrEqual(190);
  expect(first + second).toBeLessThanOrEqual(210);
  expect(await tries(one, 10, caller)).toBe(0);
  expect(await tries(other, 10, randomUUID())).toBe(10);
});

test("a database that is away leaves each process its own count", async () => {
  const store = { query: () => Promise.reject(new Error("connection refused")) };
  const rates = createRequestRates({ store, limits: { ...rateClasses, read: { requests: 3, seconds: 60, of: "caller" } } });
  expect(await tries(rates, 5, "somebody")).toBe(3);
});

test("an address has a limit of its own, whatever callers it names, and IPv6 counts by its network", async () => {
  const rates = createRequestRates({ perAddress: 2 });
  await rates.countAddress(noResponse, "2001:db8:1:1::1");
  await rates.countAddress(noResponse, "2001:db8:1:1::2");
  await expect(rates.countAddress(noResponse, "2001:db8:1:1:ffff::3")).rejects.toMatchObject({ status: 429 });
  await rates.countAddress(noResponse, "2001:db8:1:2::1");
});

test("answers say how many requests are left; beyond them comes 429, for this caller and this class only", async () => {
  const viewer = await app.ours.as("viewer");
  const first = await viewer.get("/api/flows");
  const shown = (name: string, of = first) => of.headers.get(name);
  expect([shown("ratelimit-limit"), shown("ratelimit-remaining"), shown("ratelimit-policy")]).toEqual(["5", "4", "5;w=60"]);
  expect(Number(shown("ratelimit-reset"))).toBeGreaterThan(50);
  for (let number = 0; number < 4; number += 1) expect((await viewer.get("/api/contacts")).status).toBe(200);
  const refused = await viewer.get("/api/contacts");
  expect(refused).toMatchObject({ status: 429, body: { code: "too_many_requests" } });
  expect(shown("ratelimit-remaining", refused)).toBe("0");
  expect(Number(shown("retry-after", refused))).toBeGreaterThan(50);
  expect((await (await app.theirs.as("viewer")).get("/api/flows")).status).toBe(200);
  expect((await (await app.ours.key(["contacts:read"])).get("/api/contacts")).status).toBe(200);
});

test("requests that send count for the workspace, whoever makes them", async () => {
  const [one, other] = [await app.theirs.key(["flows:send"]), await app.theirs.key(["flows:send"])];
  const send = { flowId: randomUUID(), selection: { type: "ids", ids: [randomUUID()] } };
  for (const client of [one, other, one]) expect((await client.post("/api/sends", send)).status).not.toBe(429);
  expect((await other.post("/api/sends", send)).status).toBe(429);
});

test("who decides about a send is not held up by what the workspace sends: approving and refusing count for the person", async () => {
  const editor = await app.theirs.as("editor");
  const send = { flowId: randomUUID(), selection: { type: "ids", ids: [randomUUID()] } };
  for (let n = 0; n < 3; n += 1) await editor.post("/api/sends", send);
  expect((await editor.post("/api/sends", send)).status).toBe(429);
  const admin = await app.theirs.as("admin");
  expect((await admin.post(`/api/sends/${randomUUID()}/approve`, { hash: "seen" })).status).toBe(404);
  expect((await admin.post(`/api/sends/${randomUUID()}/refuse`, { comment: "No" })).status).toBe(404);
  expect((await editor.post(`/api/sends/${randomUUID()}/stop`)).status).toBe(404);
});

test("who is not signed in is counted by address, and no address is stored", async () => {
  const answers = await Promise.all([1, 2, 3, 4].map(() => app.nobody.post("/api/invitations/preview", { token: "x".repeat(43) })));
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(2);
  const { rows } = await (pools[0] as pg.Pool).query<{ key: string }>("select key from private.request_rates");
  expect(rows.filter(({ key }) => /\d+\.\d+\.\d+\.\d+|::/.test(key))).toEqual([]);
});

test("a link of an e-mail is opened so often and no more, whatever the address, and other links are not concerned", async () => {
  const { workspaceId } = app.ours;
  const linkTo = async (address: string) => {
    const contactId = await buildContact(app.db.owner, workspaceId, { email: address });
    const url = app.resources.links.unsubscribeUrl({ workspaceId, contactId, address }) ?? "";
    return `${app.url}${new URL(url).pathname}`;
  };
  const [link, other] = [await linkTo("one@example.test"), await linkTo("other@example.test")];
  const open = async (of: string) => (await fetch(of)).status;
  expect([await open(link), await open(link), await open(link), await open(other)]).toEqual([200, 200, 429, 200]);
});

test("every route has a class, and those that send have theirs", () => {
  const table = Object.entries(routes);
  expect(table.filter(([, { rate }]) => !(rate in rateClasses))).toEqual([]);
  const sending = table.filter(([, { rate }]) => rate === "send").map(([id]) => id);
  expect(sending.toSorted()).toEqual(
    [
      "answerAsContact",
      "createSend",
      "executeFlow",
      "executeForContact",
      "executeWorkflow",
      "healSend",
      "openCanary",
      "rescheduleWait",
      "retryExecution",
      "retrySend",
      "saveMyPhone",
      "sendByHand",
      "sendFlowToMe",
      "sendToMe",
      "skipWait",
      "testProvider",
      "tryWebhook",
    ].toSorted(),
  );
});
