import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startTestApp, type TestApp, testPassword } from "#test/app.ts";
import { createLog } from "./log.ts";

describe("the log", () => {
  const lines: string[] = [];
  const log = createLog({ destination: { write: (line: string) => void lines.push(line) } });

  test("hides what is personal or secret, wherever somebody put it", () => {
    log.info(
      {
        email: "canary@example.com",
        contact: { phoneNumber: "+14155550123" },
        req: { headers: { authorization: "Bearer canary", cookie: "canary" } },
      },
      "x",
    );
    log.info({ password: "canary", message: { body: "canary text" } }, "x");
    expect(lines.join("")).not.toMatch(/canary|4155550123/);
  });

  test("tells of an error what an operator needs, and not the row that a database error quotes", () => {
    const error = Object.assign(new Error("duplicate key value violates unique constraint"), {
      code: "23505",
      constraint: "users_email",
      detail: "Key (email)=(canary@example.com) already exists.",
      where: "canary",
    });
    log.error({ err: new Error("Outer", { cause: error }) }, "x");
    expect(lines.at(-1)).not.toContain("canary");
    expect(lines.at(-1)).toContain("23505");
    expect(lines.at(-1)).toContain("users_email");
  });

  test("hides the addresses and numbers that a mail server or a gateway quotes when it says why it refuses", () => {
    log.warn({ reason: "550 no such user canary@example.com, and +1 415 555 0123 is not in service" }, "x");
    log.warn({ err: new Error("550 <canary@example.com>: +14155550123 is unknown") }, "x");
    expect(lines.slice(-2).join("")).not.toMatch(/canary|555/);
    expect(lines.at(-2)).toContain("550 no such user [address]");
  });

  test("keeps one entry on one line, whatever is in it", () => {
    log.info({ name: 'a\n{"level":60,"msg":"forged"}' }, "x");
    expect(lines.at(-1)?.trimEnd().split("\n")).toHaveLength(1);
  });
});

describe("the requests of a day", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.stop());

  test("leave no name, number, address, text, password, token or key in the log", async () => {
    const owner = await app.ours.as("owner");
    const { body } = await owner.post("/api/api-keys", { name: "Canary key", scopes: ["admin"] });
    const { email } = await app.signUp("Canary Person");
    await app.nobody.post("/api/session", { email, password: testPassword });
    await app.nobody.post("/api/session", { email, password: "canary wrong password" });
    await owner.post("/api/contacts", {
      firstname: "Canary",
      email: "canary@example.com",
      phoneNumber: "+1 415 555 0123",
      metadata: { secret: "canary" },
    });
    await owner.get(`/api/contacts?filter=${encodeURIComponent(JSON.stringify({ search: "canary 4155550123" }))}`);
    await owner.get("/api/contacts/canary-instead-of-an-id");
    await owner.post("/api/contacts", { canary: "+14155550123" });
    await app.nobody.get("/api/members", { headers: { authorization: `Bearer ${body.key}` } });
    await owner.post("/api/invitations", { email: "canary.guest@example.com", role: "viewer" });
    const log = app.logged.join("");
    expect(app.logged.length).toBeGreaterThan(7);
    expect(log).not.toMatch(/canary/i);
    expect(log).not.toMatch(/4155550123|415 555 0123/);
    expect(log).not.toContain(body.key.slice(-43));
    expect(log).not.toContain(testPassword);
    expect(log).not.toContain((owner.headers.cookie as string).slice(20));
  });

  test("leave their route, status, time, caller and workspace", async () => {
    await (await app.ours.as("viewer")).get("/api/contacts/0198c5d2-7c1e-7b3a-9d54-2f6e8a1b3c4d");
    // The line is written when the connection has finished, which may be after the client has its answer.
    const line = await vi.waitFor(
      () => app.logged.find((one) => one.includes("GET /api/contacts/:id") && one.includes("contact_not_found")) ?? Promise.reject(),
      { timeout: 60_000 },
    );
    expect(JSON.parse(line)).toMatchObject({
      method: "GET",
      route: "GET /api/contacts/:id",
      status: 404,
      ms: expect.any(Number),
      principal: `user:${await app.ours.userId("viewer")}`,
      workspaceId: app.ours.workspaceId,
      code: "contact_not_found",
      requestId: expect.any(String),
    });
  });
});
