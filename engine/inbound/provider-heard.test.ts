import { expect, test } from "vitest";
import { askForStartText } from "#contract/help-text.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";

setUpEngine();
const ours = "+15550001111";
const number = "+14155550100";

let written = 0;
async function write(
  text: string,
  more: { providerHeard?: "stop" | "start"; provider?: string; providerAnswersHelp?: true; writtenAt?: Date } = {},
) {
  const { provider = "fake", ...facts } = more;
  written += 1;
  const message = { kind: "received", providerMessageId: `in-${written}`, from: number, to: ours, text, files: 0, ...facts } as const;
  await sluice.engine.takeInbound({ workspaceId, channel: "sms", provider, events: [message] });
  await sluice.engine.inboundIdle();
}
const person = (more = {}) => buildContact(db.owner, workspaceId, { phone_e164: number, ...more });
const closed = () =>
  db.owner.selectFrom("suppressions").select(["reason", "source", "detail"]).where("workspace_id", "=", workspaceId).execute();
const words = async () =>
  (await db.owner.selectFrom("inbound_messages").select("word").where("workspace_id", "=", workspaceId).orderBy("id").execute()).map(
    ({ word }) => word,
  );
const notices = () =>
  db.owner.selectFrom("notices").select(["kind", "detail", "contact_id", "times"]).where("workspace_id", "=", workspaceId).execute();
const texts = () => sluice.providers.sms.calls.map(({ text }) => text);
const send = async (contactId: string) => {
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Hello", { kind: "transactional" }), node("end")));
  await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  await sluice.run();
};

test("YES, by which the provider lets messages through again, opens nothing here: they are asked for START, and the workspace is told", async () => {
  const contactId = await person();
  await write("STOP", { providerHeard: "stop" });
  await write("Yes", { providerHeard: "start", providerAnswersHelp: true });
  expect(await words()).toEqual(["stop", "maybe_start"]);
  expect(await closed()).toMatchObject([{ reason: "stop", source: "contact" }]);
  expect(texts()).toEqual([askForStartText("Test")]);
  expect(await notices()).toEqual([{ kind: "still_stopped", detail: "not_start", contact_id: contactId, times: 1 }]);
  await send(contactId);
  expect(texts()).toHaveLength(1);

  await write("START", { providerHeard: "start" });
  expect(await closed()).toEqual([]);
  await send(contactId);
  expect(texts().at(-1)).toBe("Hello");
});

test("they are asked for START once a day, also where HELP was answered before and where the workspace answers no HELP", async () => {
  await person();
  await write("STOP");
  await write("HELP");
  for (let n = 0; n < 3; n += 1) await write("yes", { providerHeard: "start" });
  expect(texts()).toEqual([expect.stringContaining("a person will help you"), askForStartText("Test")]);
  expect(await notices()).toMatchObject([{ kind: "still_stopped", times: 3 }]);

  await db.owner.updateTable("workspaces").set({ help_text: "" }).where("id", "=", workspaceId).execute();
  await db.owner
    .updateTable("inbound_messages")
    .set({ received_at: new Date(Date.now() - 25 * 3_600_000) })
    .where("workspace_id", "=", workspaceId)
    .execute();
  await write("YES", { providerHeard: "start" });
  expect(texts()).toHaveLength(3);
});

test("to who has not stopped, or may have, YES is an answer like others", async () => {
  await person();
  await write("yes", { providerHeard: "start" });
  await write("you must stop");
  await write("yes", { providerHeard: "start" });
  expect(await words()).toEqual([null, "maybe_stop", null]);
  expect(await closed()).toMatchObject([{ reason: "maybe_stop" }]);
  expect(texts()).toEqual([]);
});

test("a word that only the provider knows as STOP is one, because it takes nothing for them any more", async () => {
  const contactId = await person();
  await write("Schluss jetzt", { providerHeard: "stop" });
  expect(await words()).toEqual(["stop"]);
  expect(await closed()).toMatchObject([{ reason: "stop", source: "contact" }]);
  await send(contactId);
  expect(texts()).toEqual([]);
});

test("START of somebody whom a member has closed as well is told, because they get nothing all the same", async () => {
  const contactId = await person({ sms_opted_out_at: new Date(), opt_out_source: "manual" });
  await write("STOP");
  await write("START", { providerHeard: "start" });
  expect(await closed()).toEqual([]);
  expect(await notices()).toEqual([{ kind: "still_stopped", detail: "closed", contact_id: contactId, times: 1 }]);
});

test("START that opens everything is told to nobody", async () => {
  await person();
  await write("STOP");
  await write("START", { providerHeard: "start" });
  expect(await notices()).toEqual([]);
});

test("START that was written before STOP and comes behind it opens nothing; STOP that comes behind START closes", async () => {
  await person();
  const at = (minute: number) => ({ writtenAt: new Date(Date.UTC(2026, 5, 1, 10, minute)) });
  await write("STOP", at(5));
  await write("START", at(4));
  expect(await closed()).toMatchObject([{ reason: "stop" }]);
  await write("START", at(6));
  expect(await closed()).toEqual([]);
  await write("STOP", at(3));
  expect(await closed()).toMatchObject([{ reason: "stop" }]);
});

const blocked = {
  outcome: "rejected",
  reason: "opted_out_sms",
  message: "The person has answered STOP to this sender, says Twilio. (Twilio error 21610)",
  retryable: false,
  optedOut: true,
} as const;
const learned = [{ reason: "stop", source: "provider", detail: `${blocked.message} Sender: ${ours}` }];

test("a number that the provider blocks although it is open here is closed by the first refusal, and says by which sender", async () => {
  const contactId = await person();
  sluice.providers.sms.answer(blocked);
  await send(contactId);
  expect(await closed()).toEqual(learned);
  await send(contactId);
  expect(texts()).toHaveLength(1);
});

test("a message by hand learns it too", async () => {
  const contactId = await person();
  const provider = sluice.providers.sms;
  provider.answer(blocked);
  const message = { id: crypto.randomUUID(), channel: "sms", text: "Hello" } as const;
  await sluice.engine.sendByHand({ workspaceId, contactId, message, provider });
  expect(await closed()).toEqual(learned);
});
