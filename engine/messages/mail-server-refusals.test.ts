import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Provider } from "#channels/channel.ts";
import { smtpProvider } from "#channels/email/smtp/send.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { buildContact, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, email, node } from "#test/graphs.ts";
import { type SmtpSinkOptions, startSmtpSink } from "#test/smtp-sink.ts";

let db: TestDb;
let workspaceId: string;
const cleanUp: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  db = await createTestDb();
});
beforeEach(async () => {
  workspaceId = await buildWorkspace(db.owner);
});
afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end();
});
afterAll(() => db.drop());

const addresses = ["ann@example.org", "blockbuster@example.org", "grace@example.org"];

/** Sends one e-mail to each of the addresses through a real mail server that answers as told. */
async function sendThrough(options: SmtpSinkOptions) {
  const sink = await startSmtpSink(options);
  const provider: Provider = smtpProvider({
    settings: { host: "localhost", port: sink.port, security: "none", fromName: "", fromAddress: "hello@salon.example" },
    rules: { allowPrivateHosts: true, extraPorts: [sink.port] },
    lookUp: async () => [{ address: "127.0.0.1", family: 4 }],
    timeouts: { connect: 1000, idle: 1000 },
  });
  const sluice = await startTestEngine(db.owner, { providerFor: async () => provider });
  cleanUp.push(
    sink.stop,
    async () => provider.close?.(),
    () => sluice.engine.stop(),
  );
  const ids: string[] = [];
  for (const address of addresses) ids.push(await buildContact(db.owner, workspaceId, { email: address }));
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), email(), node("end")));
  await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
  await sluice.run();
  return { sink, sluice };
}

const closed = () =>
  db.owner
    .selectFrom("suppressions")
    .select(["address", "reason", "source", "detail"])
    .where("workspace_id", "=", workspaceId)
    .orderBy("address")
    .execute();
const trouble = () =>
  db.owner.selectFrom("private.channel_gates").select("trouble_reason").where("workspace_id", "=", workspaceId).executeTakeFirst();

describe("no address is closed", () => {
  test.each(["550 Rejected", "550 5.1.1 User unknown", "550 5.1.2 Bad domain", "550 5.1.3 Bad syntax"])(
    "where the mail server answers MAIL FROM with %s; all are sent once it takes the sender",
    async (answer) => {
      let refuses = true;
      const { sink, sluice } = await sendThrough({ onMailFrom: () => (refuses ? answer : undefined) });
      expect(await closed()).toEqual([]);
      expect(await trouble()).toEqual({ trouble_reason: "sender_refused" });
      refuses = false;
      await sluice.engine.tryChannel({ workspaceId, channel: "email" });
      for (let n = 0; n < 3; n += 1) await sluice.wait(60);
      expect(sink.accepted.map(({ to: [address] }) => address).sort()).toEqual(addresses);
      expect(await trouble()).toEqual({ trouble_reason: null });
    },
  );

  test.each(["550 5.2.1 The user is receiving mail at a rate that is too high", "550 5.1.1 Sender is over the daily sending quota"])(
    "where it answers RCPT TO with %s",
    async (answer) => {
      await sendThrough({ onRecipient: () => answer });
      expect(await closed()).toEqual([]);
    },
  );
});

test("an address whose mailbox does not exist is closed, whatever letters it is made of, with the server's words", async () => {
  await sendThrough({ onRecipient: (to) => (to.startsWith("block") ? `550 5.1.1 <${to}> User unknown` : undefined) });
  const [entry, ...others] = await closed();
  expect(others).toEqual([]);
  expect(entry).toMatchObject({ address: "blockbuster@example.org", reason: "bounced_before", source: "provider" });
  expect(entry?.detail).toMatch(/^550 5\.1\.1 .*User unknown$/);
  expect(entry?.detail).not.toContain("blockbuster");
});
