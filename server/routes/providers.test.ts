import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProviderDirectory } from "#server/compose/provider-directory.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact } from "#test/factories.ts";
import type { Client } from "#test/http-client.ts";
import { passTime } from "#test/pass-time.ts";
import { type SmtpSink, startSmtpSink } from "#test/smtp-sink.ts";

const password = "canary-hunter2-canary";
let app: TestApp;
let admin: Client;
let sink: SmtpSink;
beforeAll(async () => {
  app = await startTestApp();
  admin = await app.ours.as("admin");
  sink = await startSmtpSink({ password, onRecipient: (to) => (to.startsWith("nobody") ? "550 5.1.1 No such user here" : undefined) });
  await app.resources.providers.close();
  // As where the operator allows mail servers on this machine: the sink is one.
  const rules = { allowPrivateHosts: true, extraMailPorts: [sink.port] };
  app.resources.providers = createProviderDirectory({
    db: app.db.owner,
    masterKey: app.resources.masterKey,
    log: app.resources.log,
    rules,
  });
});
afterAll(async () => {
  await app.stop();
  await sink.stop();
});

const smtp = (more: Record<string, unknown> = {}, settings: Record<string, unknown> = {}) => ({
  provider: "smtp",
  settings: {
    host: "localhost",
    port: sink.port,
    security: "none",
    username: "sender",
    fromName: "Salon",
    fromAddress: "hello@salon.example",
    ...settings,
  },
  ...more,
});
const stateOf = async (channel: string) => {
  const { body } = await admin.get("/api/providers");
  return body.items.find((state: { channel: string }) => state.channel === channel);
};
const messages = () =>
  app.db.owner.selectFrom("messages").selectAll().where("workspace_id", "=", app.ours.workspaceId).orderBy("id").execute();

describe("settings are refused", () => {
  test("to editors, and to keys without the right", async () => {
    expect((await (await app.ours.as("editor")).put("/api/providers/email", { provider: "capture" })).status).toBe(403);
    expect((await (await app.ours.key(["flows:send"])).put("/api/providers/email", { provider: "capture" })).status).toBe(403);
    expect((await (await app.ours.as("editor")).post("/api/providers/email/test", { to: "a@b.example" })).status).toBe(403);
  });

  test.each([
    ["a provider the channel does not have", "sms", () => smtp({ password }), ["provider"]],
    [
      "a host inside and a port that is none of mail's",
      "email",
      () => smtp({ password }, { host: "169.254.169.254", port: 80 }),
      ["settings.port", "settings.host"],
    ],
    ["no encryption to a server elsewhere", "email", () => smtp({ password }, { host: "smtp.example.com" }), ["settings.security"]],
    ["a password without a user name", "email", () => smtp({ password }, { username: undefined }), ["settings.username"]],
    ["a user name without its password", "email", () => smtp(), ["password"]],
    ["an unknown field", "email", () => smtp({ password, secrets: "x" }), ["secrets"]],
    [
      "a sender that is no address",
      "email",
      () => smtp({ password }, { fromAddress: "Salon <hello@salon.example>" }),
      ["settings.fromAddress"],
    ],
  ])("for %s", async (_what, channel, body, paths) => {
    const answer = await admin.put(`/api/providers/${channel}`, body());
    expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"]);
    expect(answer.body.problems.map(({ path }: { path: string }) => path)).toEqual(paths);
    expect(answer.text).not.toContain(password);
    expect(await stateOf("email")).toMatchObject({ provider: "capture" });
  });

  test("for a channel there is not", async () => {
    expect((await admin.put("/api/providers/fax", { provider: "capture" })).status).toBe(400);
  });
});

describe("a test message is refused", () => {
  test("for an address that is none, and nothing is recorded", async () => {
    const before = (await messages()).length;
    for (const [channel, to] of [
      ["email", "a@b.example, c@d.example"],
      ["email", "somebody"],
      ["sms", "12345"],
      ["sms", "grace@example.org"],
    ]) {
      const { status, body } = await admin.post(`/api/providers/${channel}/test`, { to });
      expect([status, body.code, body.problems[0].path]).toEqual([400, "invalid_request", "to"]);
    }
    expect(await messages()).toHaveLength(before);
  });

  test("for an address whose owner has refused messages: on the list, or as a contact", async () => {
    const place = { workspace_id: app.ours.workspaceId };
    await app.db.owner
      .insertInto("suppressions")
      .values({ ...place, channel: "sms", address: "+14155550188", reason: "stop" })
      .execute();
    await buildContact(app.db.owner, app.ours.workspaceId, { email: "Refused@example.org", email_opted_out_at: new Date() });
    await buildContact(app.db.owner, app.ours.workspaceId, { phone_e164: "+14155550189", dnc: true });
    const before = (await messages()).length;
    for (const [channel, to, words] of [
      ["sms", "(415) 555-0188", "has refused messages"],
      ["sms", "+14155550189", "marked do-not-contact"],
      ["email", "refused@example.org", "has refused messages"],
    ]) {
      const { status, body } = await admin.post(`/api/providers/${channel}/test`, { to });
      expect([status, body.problems[0]]).toEqual([400, { path: "to", message: expect.stringContaining(words as string) }]);
    }
    expect(await messages()).toHaveLength(before);
  });
});

test("both channels are there from the start and keep every message on this machine", async () => {
  const { body } = await (await app.ours.as("viewer")).get("/api/providers");
  expect(body.items).toEqual([
    { channel: "sms", provider: "capture", settings: {}, hasSecret: false, secretEnds: {}, updatedAt: null },
    { channel: "email", provider: "capture", settings: {}, hasSecret: false, secretEnds: {}, updatedAt: null },
  ]);
  for (const [channel, to, stored] of [
    ["sms", "(415) 555-2671", "+14155552671"],
    ["email", "grace@example.org", "grace@example.org"],
  ]) {
    const answer = await admin.post(`/api/providers/${channel}/test`, { to });
    expect(answer.body).toMatchObject({ success: true, message: expect.stringContaining("Sent messages") });
    const inbox = await admin.get(`/api/messages/${answer.body.messageId}`);
    expect(inbox.body).toMatchObject({ channel, provider: "capture", isTest: true, to: stored, status: "sent", executionId: null });
  }
});

describe("the name that capture had in earlier versions", () => {
  test("is understood in settings, and the current one is stored", async () => {
    await admin.put("/api/providers/email", smtp({ password }));
    const { status, body } = await admin.put("/api/providers/email", { provider: "catch" });
    expect([status, body.provider]).toEqual([200, "capture"]);
  });

  test("is understood in rows that an older worker wrote", async () => {
    const tenant = await app.createTenant("Upgrading");
    const row = { workspace_id: tenant.workspaceId, channel: "email" as const, provider: "catch" };
    await app.db.owner.insertInto("providers").values(row).execute();
    const message = { ...row, to_address: "grace@example.org", status: "sent" };
    const { id } = await app.db.owner.insertInto("messages").values(message).returning("id").executeTakeFirstOrThrow();
    const owner = await tenant.as("owner");
    expect((await owner.get("/api/providers")).body.items[1]).toMatchObject({ channel: "email", provider: "capture" });
    expect((await owner.post("/api/providers/email/test", { to: "grace@example.org" })).body.message).toContain("Sent messages");
    for (const provider of ["catch", "capture"]) {
      const { body } = await owner.get(`/api/messages?provider=${provider}`);
      expect(body.items.map((item: { id: string }) => item.id)).toContain(id);
      expect(body.items).toHaveLength(2);
    }
  });
});

describe("SMTP settings", () => {
  test("are used at once: the test message arrives at the server, with the password that nobody can read back", async () => {
    const set = await admin.put("/api/providers/email", smtp({ password }));
    expect(set.status).toBe(200);
    expect(set.body).toMatchObject({
      channel: "email",
      provider: "smtp",
      hasSecret: true,
      settings: { host: "localhost", username: "sender" },
    });
    expect(set.text).not.toContain(password);

    const sent = await admin.post("/api/providers/email/test", { to: "grace@example.org" });
    expect(sent.body).toMatchObject({ success: true, message: "Sent to grace@example.org." });
    const arrived = sink.accepted.at(-1);
    expect(arrived).toMatchObject({ from: "hello@salon.example", to: ["grace@example.org"], user: "sender" });
    expect((await arrived?.parse())?.messageId).toBe(`<${sent.body.messageId}@salon.example>`);
    const recorded = await admin.get(`/api/messages/${sent.body.messageId}`);
    expect(recorded.body).toMatchObject({ provider: "smtp", isTest: true, status: "sent", from: "Salon <hello@salon.example>" });
  });

  test("keep the password when it is left out, for the same server only", async () => {
    await admin.put("/api/providers/email", smtp({ password }));
    expect((await admin.put("/api/providers/email", smtp({}, { fromName: "New name" }))).body).toMatchObject({ hasSecret: true });
    expect((await admin.post("/api/providers/email/test", { to: "grace@example.org" })).status).toBe(200);

    const elsewhere = await admin.put("/api/providers/email", smtp({}, { host: "mail.localhost" }));
    expect(elsewhere.status).toBe(400);
    expect(elsewhere.body.problems).toMatchObject([{ path: "password" }]);
    expect(await stateOf("email")).toMatchObject({ settings: { host: "localhost", fromName: "New name" } });
    expect((await admin.put("/api/providers/email?check=no", smtp({ password }, { host: "mail.localhost" }))).status).toBe(200);
  });

  test("forget the password with the user name, and the server's own words say what is missing", async () => {
    await admin.put("/api/providers/email", smtp({ password }));
    const answer = await admin.put("/api/providers/email", smtp({ password: "" }, { username: undefined }));
    expect(answer.body).toMatchObject({ hasSecret: false });
    const { status, body } = await admin.post("/api/providers/email/test", { to: "grace@example.org" });
    expect([status, body.code]).toEqual([502, "provider_unavailable"]);
    expect(body.error).toMatch(/530 .*authentication required/i);
    expect((await messages()).at(-1)).toMatchObject({ status: "failed", reason: "provider_unavailable", is_test: true });
  });

  test("with a wrong password give the server's answer to it", async () => {
    await admin.put("/api/providers/email?check=no", smtp({ password: "something else" }));
    const { status, body } = await admin.post("/api/providers/email/test", { to: "grace@example.org" });
    expect([status, body.code]).toEqual([502, "provider_unavailable"]);
    expect(body.error).toContain("535 5.7.8 Authentication credentials invalid");
  });

  test("with a recipient the server does not know give its refusal, recorded as a failed message", async () => {
    await admin.put("/api/providers/email", smtp({ password }));
    const { status, body } = await admin.post("/api/providers/email/test", { to: "nobody@example.org" });
    expect([status, body.code]).toEqual([422, "provider_refused"]);
    expect(body.error).toContain("550 5.1.1 No such user here");
    expect((await messages()).at(-1)).toMatchObject({ status: "failed", reason: "provider_rejected", to_address: "nobody@example.org" });
  });

  test("of a server that cannot be used are refused in plain words, change nothing, and can be stored unchecked", async () => {
    await admin.put("/api/providers/email", { provider: "capture" });
    const closedPort = await startSmtpSink();
    await closedPort.stop();
    for (const [body, words] of [
      [smtp({ password: "wrong" }), /refuses the user name or the password \(.*535/],
      [smtp({ password }, { port: closedPort.port }), /Nothing answers on this port/],
    ] as const) {
      const answer = await admin.put("/api/providers/email", body);
      expect([answer.status, answer.body.code]).toEqual([502, "provider_unavailable"]);
      expect(answer.body.error).toMatch(words);
      expect(answer.text).not.toContain(password);
      expect(await stateOf("email")).toMatchObject({ provider: "capture", hasSecret: false });
    }
    expect((await admin.put("/api/providers/email?check=no", smtp({ password: "wrong" }))).body).toMatchObject({ provider: "smtp" });
  });

  test("are tried as they are typed, with the stored password where none is, and are not stored by that", async () => {
    await admin.put("/api/providers/email", { provider: "capture" });
    const test = (using: object) => admin.post("/api/providers/email/test", { to: "grace@example.org", using });
    const before = sink.accepted.length;
    expect((await test(smtp({ password }, { fromName: "Typed" }))).body).toMatchObject({ message: "Sent to grace@example.org." });
    expect(sink.accepted).toHaveLength(before + 1);
    expect(await stateOf("email")).toMatchObject({ provider: "capture", hasSecret: false });
    expect((await test(smtp())).body.problems).toMatchObject([{ path: "password" }]);
    expect((await test(smtp({ password: "wrong" }))).body).toMatchObject({ code: "provider_unavailable" });

    await admin.put("/api/providers/email", smtp({ password }));
    expect((await test(smtp({}, { fromName: "Typed again" }))).status).toBe(200);
    expect((await test(smtp({}, { host: "mail.localhost" }))).body.problems).toMatchObject([{ path: "password" }]);
    expect(await stateOf("email")).toMatchObject({ settings: { fromName: "Salon" } });
  });

  test("that change let what waits for the old ones try again", async () => {
    const { workspaceId } = app.ours;
    await app.db.owner
      .insertInto("private.channel_gates")
      .values({ workspace_id: workspaceId, channel: "email", failures: 12, closed_until: new Date(Date.now() + 600_000) })
      .execute();
    await admin.put("/api/providers/email", smtp({ password }));
    const gate = await app.db.owner
      .selectFrom("private.channel_gates")
      .select("closed_until")
      .where("workspace_id", "=", workspaceId)
      .executeTakeFirstOrThrow();
    expect(gate.closed_until?.getTime()).toBeLessThan(Date.now() + 10_000);
  });

  test("go away with the choice to capture, secret included", async () => {
    await admin.put("/api/providers/email", smtp({ password }));
    expect((await admin.put("/api/providers/email", { provider: "capture" })).body).toMatchObject({
      provider: "capture",
      settings: {},
      hasSecret: false,
    });
    const stored = await app.db.owner.selectFrom("providers").select("secrets").where("workspace_id", "=", app.ours.workspaceId).execute();
    expect(stored).toEqual([{ secrets: null }]);
  });

  test("of one workspace are not seen and not used by another", async () => {
    await admin.put("/api/providers/email", smtp({ password }));
    const theirs = await app.theirs.as("owner");
    expect((await theirs.get("/api/providers")).text).not.toContain("salon.example");
    const arrived = sink.accepted.length;
    expect((await theirs.post("/api/providers/email/test", { to: "grace@example.org" })).body.message).toContain("Sent messages");
    expect(sink.accepted).toHaveLength(arrived);
  });

  test("leave the password nowhere in clear: not in the tables, not in the log", async () => {
    await admin.put("/api/providers/email", smtp({ password }));
    const tables = await Promise.all([
      app.db.owner.selectFrom("providers").selectAll().execute(),
      app.db.owner.selectFrom("audit_log").selectAll().execute(),
      app.db.owner.selectFrom("idempotency_keys").selectAll().execute(),
      messages(),
    ]);
    expect(JSON.stringify(tables)).not.toContain(password);
    expect(app.logged.join("\n")).not.toContain(password);
  });
});

describe("the directory", () => {
  test("notices within its time that another process changed the settings, and keeps one provider meanwhile", async () => {
    const { workspaceId } = app.theirs;
    const other = createProviderDirectory({ db: app.db.owner, masterKey: app.resources.masterKey, log: app.resources.log });
    const before = await other.providerFor(workspaceId, "email");
    expect(before.name).toBe("capture");
    expect(await other.providerFor(workspaceId, "email")).toBe(before);
    await (await app.theirs.as("owner")).put("/api/providers/email", smtp({ password }));
    passTime(1_050);
    const after = await other.providerFor(workspaceId, "email");
    expect(after.name).toBe("smtp");
    passTime(1_050);
    expect(await other.providerFor(workspaceId, "email")).toBe(after);
    await other.close();
  });

  test.each([
    ["a secret sealed with another key", { secrets: "v1.00000000.AAAA" }, /another master key/],
    ["settings of another age", { settings: '{"hostname":"x"}' }, /Save them again/],
    ["a provider this version does not know", { provider: "pigeon" }, /knows no provider "pigeon"/],
  ])("with %s makes messages fail with the words that help, to be tried again later", async (_what, row, words) => {
    const { workspaceId } = await app.createTenant("Broken");
    const settings = JSON.stringify(smtp().settings);
    await app.db.owner
      .insertInto("providers")
      .values({ workspace_id: workspaceId, channel: "email", provider: "smtp", settings, ...row })
      .execute();
    const provider = await app.resources.providers.providerFor(workspaceId, "email");
    const message = {
      id: "0198a3f0-0000-7000-8000-000000000001",
      workspaceId,
      channel: "email" as const,
      kind: "marketing" as const,
      to: "a@b.example",
      text: "x",
    };
    const result = await provider.send(message, { signal: AbortSignal.timeout(1000) });
    expect(result).toMatchObject({ outcome: "rejected", retryable: true, message: expect.stringMatching(words) });
  });
});
