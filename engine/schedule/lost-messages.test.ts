import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import type { Provider } from "#channels/channel.ts";
import { finishTestMessage, insertTestMessage } from "#db/queries/test-messages.ts";
import { eraseAtOnce, silentLog } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact } from "#test/factories.ts";
import { type FakeProvider, fakeProvider } from "#test/fake-provider.ts";
import { type BreakPoint, onBreakPoint, SimulatedCrash } from "../base/break-point.ts";
import { settleLostMessages } from "./lost-messages.ts";

let contactId: string;
let provider: FakeProvider & { reconcile?: Provider["reconcile"] };
setUpEngine();
beforeEach(async () => {
  contactId = await buildContact(db.owner, workspaceId, { phone_e164: "+14155550100" });
  provider = fakeProvider("sms");
});

/** A message by hand whose process is killed there. */
async function killedAt(point: BreakPoint): Promise<string> {
  const id = randomUUID();
  onBreakPoint((name) => {
    if (name === point) throw new SimulatedCrash(point);
  });
  const message = { id, channel: "sms", text: "Hello" } as const;
  await expect(sluice.engine.sendByHand({ workspaceId, contactId, message, provider })).rejects.toThrow(SimulatedCrash);
  onBreakPoint(undefined);
  return id;
}
/** What a worker does every few seconds, `later` seconds from now. */
async function lookAfter(later: number): Promise<void> {
  sluice.driver.clock.forward(later * 1_000);
  await settleLostMessages({ db: db.owner, clock: sluice.driver.clock, providerFor: async () => provider, log: silentLog });
}
const stored = (id: string) =>
  db.owner.selectFrom("messages").select(["status", "reason", "provider_message_id"]).where("id", "=", id).executeTakeFirstOrThrow();

describe.each(["hand-message-claimed", "provider-called", "provider-answered"] as const)(
  "a message by hand whose process dies at %s",
  (point) => {
    test("is left alone while its lease runs, and unknown afterwards; it is never sent again", async () => {
      const id = await killedAt(point);
      await lookAfter(3);
      expect(await stored(id)).toMatchObject({ status: "sending" });
      const calls = provider.calls.length;
      await lookAfter(10);
      expect(await stored(id)).toMatchObject({ status: "unknown", reason: "outcome_unknown" });
      await lookAfter(60);
      expect(provider.calls.length).toBe(calls);
    });

    test("is what the records of its provider say", async () => {
      provider.reconcile = async () => ({ outcome: "found", providerMessageIds: ["there"] });
      const id = await killedAt(point);
      await lookAfter(10);
      expect(await stored(id)).toEqual({ status: "sent", reason: null, provider_message_id: "there" });
    });
  },
);

test("what is not in the records has not left: it failed, and says so", async () => {
  provider.reconcile = async () => ({ outcome: "not_found", otherIds: [] });
  const id = await killedAt("hand-message-claimed");
  await lookAfter(10);
  expect(await stored(id)).toMatchObject({ status: "failed", reason: "provider_unavailable" });
});

test("a look that dies between what it found and what it writes is finished by the next", async () => {
  provider.reconcile = async () => ({ outcome: "not_found", otherIds: [] });
  const id = await killedAt("hand-message-claimed");
  onBreakPoint((name) => {
    if (name === "doubt-settled") throw new SimulatedCrash(name);
  });
  await expect(lookAfter(10)).rejects.toThrow(SimulatedCrash);
  onBreakPoint(undefined);
  await lookAfter(1);
  expect(await stored(id)).toMatchObject({ status: "failed", reason: "provider_unavailable" });
});

test("records that cannot be read are asked again for an hour, and then it is unknown", async () => {
  provider.reconcile = async () => ({ outcome: "unknown", message: "away", mayChange: true });
  const id = await killedAt("provider-called");
  await lookAfter(10);
  expect(await stored(id)).toMatchObject({ status: "queued", reason: "outcome_unknown" });
  await lookAfter(3_700);
  expect(await stored(id)).toMatchObject({ status: "unknown", reason: "outcome_unknown" });
});

test("where messages in doubt are sent once more, one that a person wrote is not: they decide", async () => {
  await db.owner.updateTable("workspaces").set({ sms_in_doubt: "resend" }).where("id", "=", workspaceId).execute();
  const id = await killedAt("provider-answered");
  await lookAfter(10);
  await lookAfter(10);
  expect(await stored(id)).toMatchObject({ status: "unknown" });
  expect(provider.calls).toHaveLength(1);
});

test("one whose contact was erased meanwhile is not looked up, and what the provider says of them later is not kept", async () => {
  provider.reconcile = async () => ({ outcome: "found", providerMessageIds: ["there"] });
  const lost = await killedAt("provider-called");
  await eraseAtOnce(sluice, { workspaceId, ids: [contactId] });
  await lookAfter(10);
  expect(await stored(lost)).toMatchObject({ status: "unknown", provider_message_id: null });

  contactId = await buildContact(db.owner, workspaceId, { phone_e164: "+14155550100" });
  const id = randomUUID();
  provider.answer(async () => {
    await eraseAtOnce(sluice, { workspaceId, ids: [contactId] });
    return { outcome: "rejected", reason: "provider_rejected", message: "No such number +14155550100", retryable: false };
  });
  await sluice.engine.sendByHand({ workspaceId, contactId, message: { id, channel: "sms", text: "Hello" }, provider });
  const row = await db.owner
    .selectFrom("messages")
    .select(["status", "error_message", "to_address", "body"])
    .where("id", "=", id)
    .executeTakeFirst();
  expect(row).toEqual({ status: "failed", error_message: null, to_address: null, body: null });
});

test("a message that was tried out is settled in the same way, and its answer counts when it comes after all", async () => {
  const test = { workspaceId, channel: "sms", provider: "fake", to: "+14155550100", from: null } as const;
  const id = await insertTestMessage(db.owner, { ...test, subject: null, body: "Hello", html: null, segments: 1 });
  await lookAfter(30);
  expect(await stored(id)).toMatchObject({ status: "sending" });
  await lookAfter(40);
  expect(await stored(id)).toMatchObject({ status: "unknown", reason: "outcome_unknown" });
  await finishTestMessage(db.owner, { workspaceId, id, status: "sent", providerMessageId: "late" });
  expect(await stored(id)).toEqual({ status: "sent", reason: null, provider_message_id: "late" });
});
