import { sql } from "kysely";
import { expect, test } from "vitest";
import type { InboundEvent } from "#channels/inbound-events.ts";
import type { Channel } from "#contract/messages.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, email, node, sms } from "#test/graphs.ts";

// A provider may tell of a refusal when the contact has another address already (docs/decisions/0068).

setUpEngine();
const earlier = { sms: "+14155550100", email: "ada@example.test" };
const now = { sms: "+14155550101", email: "ada@new.example.test" };
const fields = (of: typeof now) => ({ phone_number: of.sms, phone_e164: of.sms, email: of.email });

async function send(contactId: string, channel: Channel) {
  const message = channel === "sms" ? sms("Hello") : email("Hello");
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), message, node("end")));
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  await sluice.run();
  const { rows } = await sql<{ reason: string | null; messageId: string }>`
    select s.reason, (select m.id from messages m where m.flow_execution_id = e.id) as "messageId"
    from flow_execution_steps s join flow_executions e on e.id = s.flow_execution_id
    where e.send_id = ${sendId}::uuid and s.node_type like 'send%'`.execute(db.owner);
  return rows[0];
}
/** A contact who was written to at the earlier address, and has the one of now; and the message. */
async function moved(channel: Channel) {
  const id = await buildContact(db.owner, workspaceId, fields(earlier));
  const sent = await send(id, channel);
  await db.owner.updateTable("contacts").set(fields(now)).where("id", "=", id).execute();
  return { id, messageId: sent?.messageId ?? "" };
}
async function tell(channel: Channel, event: InboundEvent) {
  await sluice.engine.takeInbound({ workspaceId, channel, provider: "fake", events: [event] });
  await sluice.engine.inboundIdle();
}
const refusal = (messageId: string) => ({ kind: "refused", messageId, providerMessageId: "m", reason: "complaint" }) as const;
const moves = async (id: string) =>
  (await sql`select channel, state, address from contact_consents where contact_id = ${id}::uuid and source = 'moved'`.execute(db.owner))
    .rows;

test("a complaint about a message to the earlier address closes the one of now for marketing", async () => {
  const { id, messageId } = await moved("email");
  for (let n = 0; n < 2; n += 1) await tell("email", refusal(messageId));
  expect(await send(id, "email")).toMatchObject({ reason: "dnc" });
  expect(await send(id, "sms")).toMatchObject({ reason: null });
  expect(await moves(id)).toEqual([{ channel: "email", state: "opted_out", address: earlier.email }]);
});

test("a number that the provider says has stopped closes the number of now", async () => {
  const { id, messageId } = await moved("sms");
  await tell("sms", {
    kind: "delivery",
    messageId,
    providerMessageId: "m",
    status: "undelivered",
    reason: "opted_out_sms",
    optedOut: true,
  });
  expect(await send(id, "sms")).toMatchObject({ reason: "opted_out_sms" });
  expect(await moves(id)).toEqual([{ channel: "sms", state: "opted_out", address: earlier.sms }]);
});

test("it closes nothing of the contact where another one has the earlier address now", async () => {
  const { id, messageId } = await moved("email");
  const other = await buildContact(db.owner, workspaceId, fields(earlier));
  await tell("email", refusal(messageId));
  expect(await send(id, "email")).toMatchObject({ reason: null });
  expect(await send(other, "email")).toMatchObject({ reason: "dnc" });
});
