import { sql } from "kysely";
import { expect, test } from "vitest";
import { createDb } from "#db/client.ts";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpTestDb } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, email, node, sms } from "#test/graphs.ts";
import { startOutageProxy } from "#test/outage-proxy.ts";
import { expectTotalsToAddUp } from "#test/totals.ts";

setUpTestDb();

test("what providers answered while the database was away for a moment is not forgotten", async () => {
  const way = await startOutageProxy(db.ownerUrl);
  const through = createDb(way.url);
  const sluice = await startTestEngine(through);
  const workspaceId = await buildWorkspace(db.owner);
  const people = 5;
  const ids = await buildContacts(db.owner, workspaceId, people);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), email(), node("end")));
  let back: Promise<void> | undefined;
  sluice.providers.sms.answer(async ({ id }) => {
    back ??= way.cut().then(() => new Promise((resolve) => setTimeout(() => resolve(way.restore()), 1_500)));
    return { outcome: "accepted", providerMessageId: `outside-${id}` };
  });
  await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
  await sluice.run();
  await back;
  await sluice.wait(1);
  await sluice.wait(10);
  const { rows } =
    await sql`select status, count(*)::int as count from messages where workspace_id = ${workspaceId} group by status`.execute(db.owner);
  expect(rows).toEqual([{ status: "sent", count: people * 2 }]);
  expect(sluice.providers.sms.calls).toHaveLength(people);
  await expectTotalsToAddUp(db.owner);
  await sluice.engine.stop();
  await through.destroy();
  await way.cut();
});
