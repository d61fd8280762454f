import { sql } from "kysely";
import { expect, test } from "vitest";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { chain, email, node, sms, wait } from "#test/graphs.ts";

setUpEngine();

const allow = (countries: readonly string[] | null) =>
  sql`update workspaces set sms_countries = ${countries}::text[] where id = ${workspaceId}`.execute(db.owner);
const called = () => sluice.providers.sms.calls.map(({ to }) => to).sort();
const numbers = { us: "+14155550101", canada: "+14165550101", bahamas: "+12423591234", austria: "+436641234567" };

test("SMS go to the country of the workspace alone while it allows no other, told by the area behind +1 too, and the history names the country", async () => {
  const ids = [];
  for (const phone_e164 of Object.values(numbers)) ids.push(await buildContact(db.owner, workspaceId, { phone_e164 }));
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("x"), email(), node("end")));
  const selection = { type: "ids", ids } as const;
  const preview = await sluice.engine.previewSend({ workspaceId, flowId, selection, oncePerAddress: true });
  expect(preview.channels).toMatchObject([
    { channel: "sms", refused: [{ reason: "country_not_allowed", contacts: 3 }] },
    { channel: "email", refused: [] },
  ]);

  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
  await sluice.run();
  expect(called()).toEqual([numbers.us]);
  expect(sluice.providers.email.calls).toHaveLength(4);
  const steps = await sql<{ country: string }>`select result ->> 'country' as country from flow_execution_steps
    where workspace_id = ${workspaceId} and node_type = 'send_sms' and status = 'skipped' and reason = 'country_not_allowed' order by 1`.execute(
    db.owner,
  );
  expect(steps.rows.map(({ country }) => country)).toEqual(["AT", "BS", "CA"]);
  const totals =
    await sql`select outcome, reason, count from send_message_counts where send_id = ${sendId} and channel = 'sms' order by 1`.execute(
      db.owner,
    );
  expect(totals.rows).toEqual([
    { outcome: "sent", reason: "", count: 1 },
    { outcome: "skipped", reason: "country_not_allowed", count: 3 },
  ]);
});

test("a country that is taken from the list, or put on it, holds for a send under way", async () => {
  const austrian = await buildContact(db.owner, workspaceId, { phone_e164: numbers.austria });
  const american = await buildContact(db.owner, workspaceId, { phone_e164: numbers.us });
  const flowId = await buildFlow(
    db.owner,
    workspaceId,
    chain(node("start"), wait(60), sms("1"), wait(60, "again"), sms("2", {}, "second"), node("end")),
  );
  await sluice.engine.createSend(sendTo(workspaceId, flowId, [austrian, american]));
  await sluice.run();
  await allow(["AT"]);
  await sluice.wait(61);
  expect(called()).toEqual([numbers.austria]);
  await allow([]);
  await sluice.wait(61);
  expect(called()).toEqual([numbers.austria]);
});

test("within one pass it holds from the next batch on", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 400);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("x")));
  sluice.providers.sms.answer(async ({ id }) => {
    await allow([]);
    return { outcome: "accepted", providerMessageId: id };
  });
  await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
  await sluice.run();
  expect(called().length).toBeGreaterThan(0);
  expect(called().length).toBeLessThanOrEqual(200);
});

test("a test send is skipped for the same reason", async () => {
  const contact = await buildContact(db.owner, workspaceId, { phone_e164: numbers.austria });
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("x")));
  await sluice.engine.createSend(sendTo(workspaceId, flowId, [contact], { isTest: true }));
  await sluice.run();
  const { rows } =
    await sql`select reason from flow_execution_steps where workspace_id = ${workspaceId} and node_type = 'send_sms'`.execute(db.owner);
  expect(rows).toEqual([{ reason: "country_not_allowed" }]);
});
