import { getPriority } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, graph, node, sms, wait } from "#test/graphs.ts";
import { createClient } from "#test/http-client.ts";
import { type ProductProcess, startProduct } from "#test/product-process.ts";
import { processBirth } from "./process-birth.ts";

// `npm start` as it is: a web server, and a worker in a process of its own.
let app: TestApp;
const running: ProductProcess[] = [];
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(() => {
  for (const one of running.splice(0)) one.kill();
});
afterAll(() => app.stop());

async function start(
  env: Record<string, string> = {},
): Promise<ProductProcess & { send: (flowId: string, contact: string) => Promise<string> }> {
  const product = await startProduct(app.db.ownerUrl, ["--port=0"], env);
  running.push(product);
  const { headers } = await app.ours.key(["flows:send"]);
  const client = createClient(new URL(product.ready.url ?? "").origin, headers);
  const send = async (flowId: string, contact: string) => {
    const { status, body } = await client.post("/api/sends", { flowId, selection: { type: "ids", ids: [contact] } });
    expect(status).toBe(202);
    return body.send.id as string;
  };
  return { ...product, send };
}

const executionOf = (sendId: string) =>
  app.db.owner.selectFrom("flow_executions").selectAll().where("send_id", "=", sendId).executeTakeFirstOrThrow();
const build = (...nodes: Parameters<typeof chain>) => buildFlow(app.db.owner, app.ours.workspaceId, chain(...nodes));
const isAlive = (pid: number) => processBirth(pid) !== undefined;
const ends = { interval: 100 };

test("a flow that holds the worker for ever ends as failed; the worker is stopped once, the web server answers, and others go on", async () => {
  const product = await start({ NODE_OPTIONS: `--import ${join(import.meta.dirname, "../../test/hold-on-text.mjs")}` });
  const tests = [{ field: "firstname", operator: "contains", value: "hold the worker" }];
  const hostile = await buildFlow(
    app.db.owner,
    app.ours.workspaceId,
    graph([node("start"), node("condition", { branches: [{ id: "a", tests }] }), sms()], "start > condition", "condition:otherwise > sms"),
  );
  const contact = await buildContact(app.db.owner, app.ours.workspaceId);
  const worker = product.ready.workerPid ?? 0;
  const held = await product.send(hostile, contact);
  while (isAlive(worker)) {
    expect((await fetch(new URL("/api/health", product.ready.url))).status).toBe(200);
    await sleep(100);
  }
  const good = await product.send(await build(node("start"), sms()), contact);
  await expect.poll(async () => (await executionOf(good)).status, ends).toBe("completed");
  await expect.poll(async () => (await executionOf(held)).status, ends).toBe("failed");
  expect(await executionOf(held)).toMatchObject({
    ended_reason: "held_worker",
    error_message: expect.stringMatching(/It took .* seconds without a pause/),
  });
  expect(product.said().match(/held for too long/g)).toHaveLength(1);
  expect(product.said()).toContain(`"executionId":"${(await executionOf(held)).id}"`);
  expect(await app.db.owner.selectFrom("private.held_executions").selectAll().execute()).toEqual([]);
});

test("the worker yields the processor to the web server, so that a page comes before the work behind it", async () => {
  const product = await start();
  expect(getPriority(product.ready.workerPid ?? 0)).toBeGreaterThan(getPriority(product.child.pid ?? 0));
});

test("a worker that is killed is started again, and goes on with what it had", async () => {
  const product = await start();
  const contact = await buildContact(app.db.owner, app.ours.workspaceId);
  const waiting = await product.send(await build(node("start"), wait(3), sms()), contact);
  await expect.poll(async () => (await executionOf(waiting)).wake_at, ends).not.toBeNull();
  process.kill(product.ready.workerPid ?? 0, "SIGKILL");
  await expect.poll(async () => (await executionOf(waiting)).status, ends).toBe("completed");
  expect(product.said()).toContain("the worker ended and is started again");
});

test("the worker ends with the web server, also when that is killed", async () => {
  const told = await start();
  const first = told.ready.workerPid ?? 0;
  expect(await told.end()).toBe(0);
  expect(isAlive(first)).toBe(false);
  const killed = await start();
  const second = killed.ready.workerPid ?? 0;
  killed.kill();
  await expect.poll(() => isAlive(second), ends).toBe(false);
});
