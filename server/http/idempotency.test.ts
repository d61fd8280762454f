import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { defineRoute, type Route } from "#contract/route.ts";
import { deleteOldIdempotencyKeys, longestUnanswered } from "#db/queries/idempotency-keys.ts";
import { addMember } from "#db/queries/members.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { type Client, createClient } from "#test/http-client.ts";
import { createErrorHandler } from "./error-handler.ts";
import { ApiError } from "./errors.ts";
import type { MemberCall } from "./handler.ts";
import { mountRoutes } from "./mount.ts";

const make = defineRoute({
  method: "POST",
  path: "/api/things",
  tag: "Test",
  summary: "Make a thing",
  auth: { kind: "member", role: "viewer", scope: "contacts:read" },
  body: z.strictObject({ name: z.string().min(1), refuse: z.boolean().default(false), slow: z.boolean().default(false) }),
  response: z.object({ made: z.number(), secret: z.string(), repeatableId: z.object({ id: z.string(), earlier: z.string() }).nullable() }),
  status: 201,
  audit: "thing.make",
});

/** The same, by a handler that holds no transaction. */
const makeOutside = { ...make, path: "/api/outside-things", waitsOutside: true };
/** The same with a file. */
const makeOfFile = { ...make, path: "/api/things-of-files", kind: "upload" as const };
/** How often the handler that holds no transaction was called, and what it waits for. */
const outside = { calls: 0, mayEnd: Promise.resolve() };
async function handleOutside(given: object): Promise<unknown> {
  outside.calls += 1;
  const count = outside.calls;
  await outside.mayEnd;
  if ((given as MemberCall<typeof make>).body.refuse) throw new ApiError("conflict", "Not today.");
  return { made: count, secret: "shown-once-canary", repeatableId: null };
}

let app: TestApp;
let server: Server;
let client: Client;
let calls = 0;
/** A request that is `slow` says that it has begun, and goes on when it may. */
const slow = { begun: Promise.withResolvers<void>(), mayEnd: Promise.withResolvers<void>() };

/** The effect is a row of the caller's own transaction, as in every handler of the product. */
async function handle(given: object): Promise<unknown> {
  const call = given as MemberCall<typeof make>;
  calls++;
  await addMember(call.db, { workspaceId: call.workspaceId, userId: crypto.randomUUID(), role: "viewer", kind: "key" });
  if (call.body.slow) {
    slow.begun.resolve();
    await slow.mayEnd.promise;
  }
  if (call.body.refuse) throw new ApiError("conflict", "Not today.");
  return { made: calls, secret: "shown-once-canary", repeatableId: call.repeatableId ?? null };
}

beforeAll(async () => {
  app = await startTestApp();
  const one = express();
  mountRoutes(
    one,
    { makeThing: make as unknown as Route, makeOutside: makeOutside as unknown as Route, makeOfFile: makeOfFile as unknown as Route },
    { makeThing: handle, makeOutside: handleOutside, makeOfFile: handleOutside },
    { resources: app.resources, checkResponses: true, isClaimed: async () => true },
  );
  one.use(createErrorHandler(app.resources.log));
  server = createServer(one);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = createClient(url, { cookie: (await app.ours.as("admin")).headers.cookie as string, origin: url });
});
afterAll(async () => {
  server.close();
  await app.stop();
});

const effects = async () => {
  const row = await app.db.owner
    .selectFrom("workspace_members")
    .select(sql<number>`count(*)`.as("count"))
    .where("kind", "=", "key")
    .executeTakeFirstOrThrow();
  return row.count;
};
const withKey = (key: string) => client.with({ "idempotency-key": key });

describe("a POST with an Idempotency-Key", () => {
  test("repeated, gets the first answer again and has one effect", async () => {
    const before = await effects();
    const first = await withKey("one").post("/api/things", { name: "a", slow: false });
    // The same request, written differently.
    const second = await withKey("one").request("POST", "/api/things", { raw: '{ "slow":false, "name" : "a" }' });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.text).toBe(first.text);
    expect([first.headers.get("idempotent-replayed"), second.headers.get("idempotent-replayed")]).toEqual([null, "true"]);
    expect((await effects()) - before).toBe(1);
  });

  test("for something else under the same key is refused", async () => {
    await withKey("two").post("/api/things", { name: "a" });
    const { status, body } = await withKey("two").post("/api/things", { name: "b" });
    expect([status, body.code]).toEqual([422, "idempotency_key_reused"]);
  });

  test("repeated while the first is being answered is told so, and how soon to ask again", async () => {
    const first = withKey("three").post("/api/things", { name: "a", slow: true });
    await slow.begun.promise;
    const second = await withKey("three").post("/api/things", { name: "a", slow: true });
    slow.mayEnd.resolve();
    expect([second.status, second.body.code, second.headers.get("retry-after")]).toEqual([409, "request_in_progress", "1"]);
    expect((await first).status).toBe(201);
  });

  test("sent 50 times at once has one effect; the others are told to wait and then get the same answer", async () => {
    const before = await effects();
    const answers = await Promise.all(Array.from({ length: 50 }, () => withKey("fifty").post("/api/things", { name: "a" })));
    const made = answers.filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThanOrEqual(1);
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    expect(new Set(made.map(({ text }) => text)).size).toBe(1);
    expect((await withKey("fifty").post("/api/things", { name: "a" })).text).toBe(made[0]?.text);
    expect((await effects()) - before).toBe(1);
  });

  test("that was refused changed nothing, is not remembered, and may be tried again", async () => {
    const before = await effects();
    expect((await withKey("four").post("/api/things", { name: "a", refuse: true })).status).toBe(409);
    expect((await withKey("four").post("/api/things", { name: "" })).status).toBe(400);
    expect(await effects()).toBe(before);
    expect((await withKey("four").post("/api/things", { name: "a" })).status).toBe(201);
  });

  describe("with a file", () => {
    const upload = (key: string, file: string, body: object = { name: "a" }) =>
      withKey(key).request("POST", "/api/things-of-files", { body, file });

    test("repeated, gets the first answer again and has one effect; another file under the same key is refused", async () => {
      const before = outside.calls;
      const first = await upload("file", "Name\nAnn\n");
      const second = await upload("file", "Name\nAnn\n");
      expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
      expect([first.headers.get("idempotent-replayed"), second.headers.get("idempotent-replayed")]).toEqual([null, "true"]);
      const other = await upload("file", "Name\nBob\n");
      expect([other.status, other.body.code]).toEqual([422, "idempotency_key_reused"]);
      expect((await upload("file", "Name\nAnn\n", { name: "b" })).status).toBe(422);
      expect(outside.calls - before).toBe(1);
    });

    test("at the same moment as another is told so, and one that was refused may be tried again", async () => {
      const held = Promise.withResolvers<void>();
      outside.mayEnd = held.promise;
      const before = outside.calls;
      const first = upload("file-at-once", "x");
      await expect.poll(() => outside.calls).toBe(before + 1);
      const second = await upload("file-at-once", "x");
      held.resolve();
      expect([second.status, second.body.code, (await first).status]).toEqual([409, "request_in_progress", 201]);
      expect((await upload("file-refused", "x", { name: "a", refuse: true })).status).toBe(409);
      expect((await upload("file-refused", "x")).status).toBe(201);
    });
  });

  test("belongs to one caller: the same key of somebody else is another one", async () => {
    await withKey("five").post("/api/things", { name: "a" });
    const other = withKey("five").with({ cookie: (await app.ours.as("owner")).headers.cookie as string });
    const { status, headers } = await other.post("/api/things", { name: "b" });
    expect([status, headers.get("idempotent-replayed")]).toEqual([201, null]);
  });

  test("gives effects outside the transaction an id that every repetition shares and nobody else gets", async () => {
    const idOf = async (one: Client, key: string) =>
      (await one.with({ "idempotency-key": key }).post("/api/things", { name: "a" })).body.repeatableId.id;
    const id = await idOf(client, "six");
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    // This is the state after a crash: the effect outside stayed and the API's row did not.
    await app.db.owner.deleteFrom("idempotency_keys").where("key", "=", "six").execute();
    expect(await idOf(client, "six")).toBe(id);
    expect(await idOf(client, "seven")).not.toBe(id);
    expect(await idOf(client.with({ cookie: (await app.ours.as("owner")).headers.cookie as string }), "six")).not.toBe(id);
  });

  test("gives them an id that cannot be made from what others may know, and beside it the one that versions before made", async () => {
    const principalId = await app.ours.userId("admin");
    const { id, earlier } = (await withKey("guess").post("/api/things", { name: "a" })).body.repeatableId;
    const guessed = createHash("sha256")
      .update(JSON.stringify(["repeatable id", app.ours.workspaceId, principalId, "makeThing", "guess"]))
      .digest("hex");
    const bare = (uuid: string) => uuid.replaceAll("-", "");
    expect(bare(earlier).slice(0, 12)).toBe(guessed.slice(0, 12));
    expect(bare(id).slice(0, 12)).not.toBe(guessed.slice(0, 12));
  });

  test("leaves no answer in clear: some show a secret once", async () => {
    await withKey("eight").post("/api/things", { name: "a" });
    const { rows } = await sql<{ row: string }>`select k::text as row from idempotency_keys k`.execute(app.db.owner);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.some(({ row }) => row.includes("canary"))).toBe(false);
  });

  test("whose key cannot be one is refused", async () => {
    for (const key of ["x".repeat(256), "a b"]) {
      expect((await withKey(key).post("/api/things", { name: "a" })).body.problems[0].path).toBe("Idempotency-Key");
    }
  });

  test("is kept for 48 hours", async () => {
    await withKey("nine").post("/api/things", { name: "a" });
    await withKey("ten").post("/api/things", { name: "a" });
    await app.db.owner
      .updateTable("idempotency_keys")
      .set({ created_at: sql`now() - interval '48 hours 1 second'` })
      .where("key", "=", "nine")
      .execute();
    expect(await deleteOldIdempotencyKeys(app.db.owner)).toBe(1);
    expect((await withKey("ten").post("/api/things", { name: "a" })).headers.get("idempotent-replayed")).toBe("true");
    expect((await withKey("nine").post("/api/things", { name: "a" })).headers.get("idempotent-replayed")).toBeNull();
  });
});

describe("a POST with an Idempotency-Key that is answered between two transactions", () => {
  const ask = (key: string, body: object = { name: "a" }) => withKey(key).post("/api/outside-things", body);

  test("sent 20 times at once is done once; the others are told to wait and then get the same answer", async () => {
    const before = outside.calls;
    const mayEnd = Promise.withResolvers<void>();
    outside.mayEnd = mayEnd.promise;
    const asked = Array.from({ length: 20 }, () => ask("twenty"));
    const refused = await Promise.race(asked);
    expect([refused.status, refused.body.code, refused.headers.get("retry-after")]).toEqual([409, "request_in_progress", "1"]);
    mayEnd.resolve();
    const answers = await Promise.all(asked);
    expect(outside.calls - before).toBe(1);
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    const again = await ask("twenty");
    expect([again.status, again.headers.get("idempotent-replayed"), again.text]).toEqual([
      201,
      "true",
      answers.find(({ status }) => status === 201)?.text,
    ]);
  });

  test("that was refused is not remembered, and may be tried again", async () => {
    expect((await ask("once-refused", { name: "a", refuse: true })).status).toBe(409);
    expect((await ask("once-refused")).status).toBe(201);
  });

  test("for something else under the same key is refused", async () => {
    await ask("other");
    expect((await ask("other", { name: "b" })).body.code).toBe("idempotency_key_reused");
  });

  test("whose process died before it answered may be made again after some minutes, and not before", async () => {
    await ask("died");
    const { owner } = app.db;
    await owner.updateTable("idempotency_keys").set({ status_code: null, response: null }).where("key", "=", "died").execute();
    expect((await ask("died")).body.code).toBe("request_in_progress");
    await owner
      .updateTable("idempotency_keys")
      .set({ created_at: sql`now() - make_interval(secs => ${longestUnanswered + 1})` })
      .where("key", "=", "died")
      .execute();
    expect((await ask("died")).status).toBe(201);
    expect((await ask("died")).headers.get("idempotent-replayed")).toBe("true");
  });
});
