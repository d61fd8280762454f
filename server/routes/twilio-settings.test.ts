import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { type FakeTwilio, newSid, startFakeTwilio } from "#test/fake-twilio.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let admin: Client;
let fake: FakeTwilio;
const ourNumber = "+15550001111";
beforeAll(async () => {
  fake = await startFakeTwilio({ numbers: [ourNumber, "+15550002222"] });
  app = await startTestApp({ env: { PROVIDER_URLS: `twilio=${fake.url}` } });
  admin = await app.ours.as("admin");
});
afterAll(async () => {
  await app.stop();
  await fake.stop();
});

const account = (settings: Record<string, unknown> = {}, secrets: Record<string, unknown> = { authToken: fake.authToken }) => ({
  provider: "twilio",
  settings: { accountSid: fake.accountSid, senders: [ourNumber], ...settings },
  ...secrets,
});
const to = "+14155550123";

describe("a Twilio account", () => {
  test("is refused with everything that is wrong with it, and with Twilio's words where it does not let us in", async () => {
    const wrong = await admin.put("/api/providers/sms", account({ accountSid: "AC1", senders: ["nobody@x"] }, { authToken: "short" }));
    expect([wrong.status, wrong.body.problems.map(({ path }: { path: string }) => path)]).toEqual([
      400,
      ["settings.accountSid", "settings.senders.0", "authToken"],
    ]);
    const refused = await admin.put("/api/providers/sms", account({}, { authToken: "0".repeat(32) }));
    expect([refused.status, refused.body.code]).toEqual([502, "provider_unavailable"]);
    expect(refused.body.error).toContain("Twilio refuses the sign-in");
    expect(refused.text).not.toContain("0".repeat(32));
  });

  test("is stored with its secrets encrypted and the last four characters shown, and sends one to me", async () => {
    const stored = await admin.put("/api/providers/sms", account());
    expect(stored.body).toMatchObject({
      provider: "twilio",
      hasSecret: true,
      secretEnds: { authToken: fake.authToken.slice(-4) },
      settings: {
        accountSid: fake.accountSid,
        senders: [ourNumber],
        validMinutes: 240,
        region: "us1",
      },
    });
    const answer = await admin.post("/api/providers/sms/test", { to });
    expect(answer.body).toMatchObject({ success: true, message: `Sent to ${to}.` });
    expect(fake.messages).toMatchObject([{ to, from: ourNumber, status: "queued" }]);
    const { body } = await admin.get(`/api/messages/${answer.body.messageId}`);
    expect(body).toMatchObject({
      provider: "twilio",
      from: ourNumber,
      status: "sent",
      providerMessageId: fake.messages[0]?.sid,
      segments: 1,
    });
  });

  test("leaves its secrets nowhere in clear: not in an answer, the tables, or the log", async () => {
    const { text } = await admin.get("/api/providers");
    const tables = await Promise.all([
      app.db.owner.selectFrom("providers").selectAll().execute(),
      app.db.owner.selectFrom("audit_log").selectAll().execute(),
      app.db.owner.selectFrom("messages").selectAll().execute(),
    ]);
    expect(`${text}${JSON.stringify(tables)}${app.logged.join("\n")}`).not.toContain(fake.authToken);
  });

  test("keeps its token when only the settings change, and asks for it again with another account", async () => {
    const changed = await admin.put("/api/providers/sms", account({ senders: [ourNumber, "+15550002222"] }, {}));
    expect(changed.body).toMatchObject({ secretEnds: { authToken: fake.authToken.slice(-4) } });
    const other = await admin.put("/api/providers/sms", account({ accountSid: newSid("AC") }, {}));
    expect(other.body.problems).toMatchObject([{ path: "authToken", message: expect.stringContaining("another account") }]);
    const sender = await admin.post("/api/providers/sms/test", { to, using: account({ senders: ["+15550009999"] }, {}) });
    expect([sender.status, sender.body.code]).toEqual([502, "provider_unavailable"]);
    expect(sender.body.error).toContain("Twilio refuses the sender");
  });

  test("of one workspace is neither seen nor used by another, whatever it asks for", async () => {
    const theirs = await app.theirs.as("owner");
    const before = fake.messages.length;
    expect((await theirs.get("/api/providers")).text).not.toContain(fake.accountSid);
    expect((await theirs.post("/api/providers/sms/test", { to })).body.message).toContain("Sent messages");
    const borrowed = await theirs.post("/api/providers/sms/test", { to, using: account({}, {}) });
    expect(borrowed.body.problems).toMatchObject([{ path: "authToken" }]);
    const named = await theirs.post("/api/providers/sms/test", { to, using: { ...account({}, {}), workspaceId: app.ours.workspaceId } });
    expect(named.status).toBe(400);
    expect(fake.messages).toHaveLength(before);
  });

  test("is forgotten with the choice of test mode, secrets and their ends included", async () => {
    await admin.put("/api/providers/sms", { provider: "capture" });
    const rows = await app.db.owner.selectFrom("providers").select(["secrets", "secret_ends", "settings"]).execute();
    expect(rows).toEqual([{ secrets: null, secret_ends: {}, settings: {} }]);
  });
});
