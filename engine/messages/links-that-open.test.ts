import { expect, test } from "vitest";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpEngine, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { fakeProvider } from "#test/fake-provider.ts";
import { chain, email, node } from "#test/graphs.ts";
import type { MessageLinks } from "./message-links.ts";

setUpEngine();

/** The e-mails that leave where the instance has this address. */
async function leftFrom(publicUrl: string, { isOnThisMachine = false, name = "fake", kind = "marketing" } = {}): Promise<string[]> {
  const provider = { ...fakeProvider("email"), name, isOnThisMachine };
  const links: MessageLinks = {
    unsubscribeUrl: () => `${publicUrl}/u/token`,
    sampleUrl: () => `${publicUrl}/u/sample`,
    tracked: () => ({ clickUrl: () => undefined, openUrl: () => undefined, shortCode: () => "", isOurs: () => false }),
  };
  const engine = await startTestEngine(db.owner, { links, providerFor: async () => provider });
  const contact = await buildContact(db.owner, workspaceId, { email: "ann@example.test" });
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), email("Hi", { kind }), node("end")));
  await engine.engine.createSend(sendTo(workspaceId, flowId, [contact]));
  await engine.run();
  const rows = await db.owner
    .selectFrom("flow_execution_steps as s")
    .innerJoin("flow_executions as e", "e.id", "s.flow_execution_id")
    .select("s.reason")
    .where("e.contact_id", "=", contact)
    .execute();
  return [...provider.calls.map(() => "left"), ...rows.flatMap(({ reason }) => reason ?? [])];
}

test.each(["http://127.0.0.1:4700", "http://localhost:4700", "http://[::1]:4700"])(
  "a marketing e-mail waits while its unsubscribe link leads to %s, which nobody else can open",
  async (url) => expect(await leftFrom(url)).toEqual(["provider_unavailable"]),
);

test("it leaves once the instance has a public address, or where the mail server is on this machine as well", async () => {
  expect(await leftFrom("https://sluice.example")).toEqual(["left"]);
  expect(await leftFrom("http://127.0.0.1:4700", { isOnThisMachine: true })).toEqual(["left"]);
});

test("a service message has no such link, and leaves", async () => {
  expect(await leftFrom("http://127.0.0.1:4700", { kind: "transactional" })).toEqual(["left"]);
});
