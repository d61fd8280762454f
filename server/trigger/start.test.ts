import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createTestDb, type TestDb } from "#test/db.ts";
import { type ProductProcess, startProduct } from "#test/product-process.ts";
import { startTriggerFixture, type TriggerFixture } from "#test/trigger-fixture.ts";

// The product's own process with ENGINE=trigger.dev, as an operator starts it.
let db: TestDb;
let fixture: TriggerFixture;
let product: ProductProcess | undefined;
beforeAll(async () => {
  db = await createTestDb();
  fixture = await startTriggerFixture({ execute: async () => {} });
});
afterEach(async () => {
  await product?.end();
  product = undefined;
});
afterAll(async () => {
  await fixture.close();
  await db.drop();
});

const settings = () => ({ ENGINE: "trigger.dev", TRIGGER_API_URL: fixture.url, TRIGGER_SECRET_KEY: fixture.secretKey });

test("with a key that the server does not know it does not start, and says which setting is wrong in one line", async () => {
  const env = { ...settings(), TRIGGER_SECRET_KEY: "tr_prod_of_another" };
  const failure = await startProduct(db.ownerUrl, ["--port=0"], env).catch((error: Error) => error.message);
  expect(failure).toMatch(/ended with code 1 .*does not know TRIGGER_SECRET_KEY: copy the secret key/s);
  expect(failure).not.toMatch(/\n\s+at /);
});

test("with a server that is away it starts, says so, keeps what is due, and never lets the engine inside take over", async () => {
  const env = { ...settings(), TRIGGER_API_URL: "http://127.0.0.1:1" };
  product = await startProduct(db.ownerUrl, ["--port=0"], env);
  expect(product.said()).toMatch(/does not answer .*check that TRIGGER_API_URL is its address/);
  const troubles = await db.owner.selectFrom("private.trigger_troubles").select("code").execute();
  expect(troubles).toEqual([{ code: "unreachable" }]);
  const { origin } = new URL(product.ready.url ?? "");
  await expect.poll(async () => (await fetch(`${origin}/readyz`)).status, { interval: 250 }).toBe(200);
  const tables = await db.owner.introspection.getTables();
  expect(tables.filter(({ schema }) => schema === "graphile_worker")).toEqual([]);
});

test("with a server that knows key and task it starts without a word, and clears what an earlier start had to say", async () => {
  product = await startProduct(db.ownerUrl, ["--port=0"], settings());
  // The test's own login is the superuser, about which a start warns in any case.
  const lines = product
    .said()
    .split("\n")
    .filter((line) => line !== "" && !/_DATABASE_URL to the login/.test(line));
  expect(lines).toEqual([]);
  expect(await db.owner.selectFrom("private.trigger_troubles").select("code").execute()).toEqual([]);
  await expect.poll(() => db.owner.selectFrom("private.trigger_relay").selectAll().execute()).toHaveLength(1);
});
