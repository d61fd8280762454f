import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDb, type TestDb } from "#test/db.ts";
import { buildWorkspace } from "#test/factories.ts";
import { fakeProvider } from "#test/fake-provider.ts";
import { testProvider } from "./test-provider.ts";

let db: TestDb;
beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

/** Sends a test message through this provider. */
async function tester(name: string) {
  const provider = Object.assign(fakeProvider("email"), { name });
  const workspace = { id: await buildWorkspace(db.owner), name: "Test", country: "US", smsCountries: ["US"] };
  const providers = { providerFor: async () => provider } as never;
  const engine = { judgeAddress: async () => null };
  const send = () => testProvider({ ownerDb: db.owner, providers, engine, workspace, channel: "email", to: "anybody@example.test" });
  return { send, calls: provider.calls };
}

test("after sixty test messages to anybody the next one waits, and one that stays on this machine does not count", async () => {
  const real = await tester("smtp");
  for (let sent = 0; sent < 60; sent += 1) await real.send();
  await expect(real.send()).rejects.toMatchObject({
    code: "too_many_requests",
    status: 429,
    message: expect.stringContaining("60 minutes"),
  });
  expect(real.calls).toHaveLength(60);
  const kept = await tester("capture");
  for (let sent = 0; sent < 61; sent += 1) await kept.send();
  await (await tester("smtp")).send();
});
