import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { captureProvider } from "#channels/capture/send.ts";
import type { Channel } from "#contract/messages.ts";
import { listExecutions } from "#db/queries/executions.ts";
import { findSend } from "#db/queries/sends.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";

setUpEngine();

/** As a workspace without a provider of this channel. */
function setTestMode(...channels: Channel[]): void {
  for (const channel of channels) Object.assign(sluice.providers[channel], captureProvider(channel));
}

async function send(graph: ReturnType<typeof chain>, contacts: string[], more: { isTest?: boolean; skipWaits?: boolean } = {}) {
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, await buildFlow(db.owner, workspaceId, graph), contacts, more));
  await sluice.run();
  return sendId;
}
const readSend = async (id: string) => {
  const found = await findSend(db.owner, { workspaceId, id });
  return { ...found, messageCounts: found?.messageCounts.map(({ channel, outcome, count }) => `${count} ${channel} ${outcome}`) };
};
const contactsOf = async (sendId: string, missed: "any" | "nobody" | "captured" | "sms:test_mode") =>
  (await listExecutions(db.owner, { workspaceId, sendId, missed, limit: 100, labelOfType: (type) => type, linkRun: (id) => id })).items
    .map(({ contactId }) => contactId)
    .toSorted();

const flow = () => chain(node("start"), sms(), email(), node("end"));

test("nobody is reached, and nobody is said to be out of reach, where every message is only kept here", async () => {
  setTestMode("sms", "email");
  const both = await buildContact(db.owner, workspaceId);
  const onlySms = await buildContact(db.owner, workspaceId, { email: null });
  const nothing = await buildContact(db.owner, workspaceId, { email: null, phone_e164: null });
  const sendId = await send(flow(), [both, onlySms, nothing]);
  expect(await readSend(sendId)).toMatchObject({
    ...{ state: "done", completed: 3, reached: 0, unreached: 1, completedUnreached: 1, captured: 2, completedCaptured: 2 },
    messageCounts: ["2 sms captured", "1 sms skipped", "1 email captured", "2 email skipped"],
  });
  expect(await contactsOf(sendId, "any")).toEqual([both, onlySms, nothing].toSorted());
  expect(await contactsOf(sendId, "captured")).toEqual([both, onlySms].toSorted());
  expect(await contactsOf(sendId, "sms:test_mode")).toEqual([both, onlySms].toSorted());
  expect(await contactsOf(sendId, "nobody")).toEqual([nothing]);
});

test("a test reaches nobody either, whatever is set up", async () => {
  const sendId = await send(flow(), [await buildContact(db.owner, workspaceId)], { isTest: true });
  expect(await readSend(sendId)).toMatchObject({ reached: 0, unreached: 0, captured: 1, completedCaptured: 1 });
});

describe("a test that skips its waits", () => {
  const steps = async (sendId: string) => {
    const { rows } = await sql<{
      node_id: string;
      status: string;
      exit: string | null;
      reason: string | null;
      result: { until?: string } | null;
    }>`
      select s.node_id, s.status, s.exit, s.reason, s.result from flow_execution_steps s join flow_executions e on e.id = s.flow_execution_id
      join flow_sends f on f.id = e.send_id where ${sendId}::uuid in (f.id, f.parent_send_id) order by s.created_at, s.visit`.execute(
      db.owner,
    );
    return rows;
  };

  test("comes to its end at once, and its history names the moment until which it would have waited", async () => {
    const contact = await buildContact(db.owner, workspaceId);
    const waiting = chain(node("start"), sms("One"), wait(3 * 86_400), sms("Two", {}, "two"), node("end"));
    const sendId = await send(waiting, [contact], { isTest: true, skipWaits: true });
    expect(await readSend(sendId)).toMatchObject({ state: "done", completed: 1, captured: 1, messageCounts: ["2 sms captured"] });
    const [, , skipped] = await steps(sendId);
    expect(skipped).toMatchObject({ node_id: "delay", status: "skipped", exit: "next", reason: "skipped_by_person" });
    expect(Date.parse(skipped?.result?.until ?? "") - Date.now()).toBeGreaterThan(2 * 86_400_000);
  });

  test("goes on as if nobody had replied, and follows the flows that it starts", async () => {
    const child = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(86_400), sms("Child")));
    const flow = graph(
      [
        node("start"),
        sms("Coming?"),
        node("wait_for_reply", { limitSeconds: 86_400, cases: [{ id: "yes", is: "yes" }] }, "ask"),
        email("No", {}, "no"),
        node("start_flow", { flowId: child, wait: true }, "other"),
        node("end"),
      ],
      ...["start > sms", "sms > ask", "ask:no_reply > no", "no > other", "other:finished > end"],
    );
    const sendId = await send(flow, [await buildContact(db.owner, workspaceId)], { isTest: true, skipWaits: true });
    expect(await readSend(sendId)).toMatchObject({ state: "done", completed: 1 });
    const taken = (await steps(sendId)).map(({ node_id, exit }) => `${node_id}:${exit}`);
    expect(taken).toEqual(expect.arrayContaining(["ask:no_reply", "delay:next", "other:finished"]));
    expect([...sluice.providers.sms.calls, ...sluice.providers.email.calls]).toEqual([]);
  });

  test("that goes round for ever ends where every flow does", async () => {
    const round = graph([node("start"), wait(86_400), sms("Again")], ...["start > delay", "delay > sms", "sms:sent > delay"]);
    const sendId = await send(round, [await buildContact(db.owner, workspaceId)], { isTest: true, skipWaits: true });
    expect(await readSend(sendId)).toMatchObject({ failed: 1 });
  });

  test("is the only send that does: a real one waits, whatever its options say", async () => {
    const sendId = await send(chain(node("start"), wait(86_400), sms()), [await buildContact(db.owner, workspaceId)], { skipWaits: true });
    await sql`update flow_sends set options = options || '{"skipWaits": true}' where id = ${sendId}::uuid`.execute(db.owner);
    await sluice.wait(60);
    expect(await readSend(sendId)).toMatchObject({ state: "running", active: 1, messageCounts: [] });
  });
});

test("tests count neither towards what a contact may get nor towards who was in the flow", async () => {
  await sql`insert into private.workspace_limits (workspace_id, lanes, messages_per_contact_day) values (${workspaceId}, 4, 1)`.execute(
    db.owner,
  );
  const contact = await buildContact(db.owner, workspaceId);
  const once = await buildFlow(db.owner, workspaceId, chain(node("start", { reEntry: { rule: "once" } }), sms()));
  for (const isTest of [true, true, false])
    await sluice.engine.createSend(sendTo(workspaceId, once, [contact], { isTest, skipWaits: isTest }));
  await sluice.run();
  expect(sluice.providers.sms.calls).toHaveLength(1);
});

test("whom another channel reached is reached, and the message that was kept here is counted for itself", async () => {
  setTestMode("sms");
  const sendId = await send(flow(), [await buildContact(db.owner, workspaceId)]);
  expect(await readSend(sendId)).toMatchObject({
    ...{ reached: 1, unreached: 0, captured: 0, completedCaptured: 0 },
    messageCounts: ["1 sms captured", "1 email sent"],
  });
});

test("a message that was kept here is no failure to try again, and stays counted when another message of its contact is", async () => {
  setTestMode("sms");
  const contact = await buildContact(db.owner, workspaceId);
  const rejected = { outcome: "rejected", reason: "provider_rejected", message: "No such box", retryable: false } as const;
  sluice.providers.email.answer(rejected);
  const sendId = await send(flow(), [contact]);
  expect(await readSend(sendId)).toMatchObject({ failed: 1, reached: 0, unreached: 0, captured: 1, completedCaptured: 0 });
  expect(await sluice.engine.previewRetry({ workspaceId, sendId })).toMatchObject({ messages: [{ channel: "email", executions: 1 }] });

  await sluice.engine.retry({ workspaceId, sendId });
  await sluice.run();
  expect(await readSend(sendId)).toMatchObject({ failed: 1, reached: 0, captured: 1 });

  sluice.providers.email.answer();
  await sluice.engine.retry({ workspaceId, sendId });
  await sluice.run();
  expect(await readSend(sendId)).toMatchObject({
    ...{ completed: 1, failed: 0, reached: 1, unreached: 0, captured: 0, completedCaptured: 0 },
    messageCounts: ["1 sms captured", "1 email sent"],
  });
});

test("a finished send in test mode has nothing to try again", async () => {
  setTestMode("sms", "email");
  const sendId = await send(flow(), [await buildContact(db.owner, workspaceId)]);
  await expect(sluice.engine.retry({ workspaceId, sendId })).rejects.toMatchObject({ code: "nothing_to_retry" });
});

test("stopping a send says how many messages had left, apart from those that were kept here", async () => {
  setTestMode("sms");
  const graph = chain(node("start"), sms(), email(), wait(86_400), node("end"));
  const sendId = await send(graph, [await buildContact(db.owner, workspaceId), await buildContact(db.owner, workspaceId)]);
  const account = await sluice.engine.stopSend({ workspaceId, sendId, actor: { id: null, name: "Ada" } });
  expect(account).toMatchObject({ sent: 2, captured: 2, stopped: 2 });
});

test("the migration counts anew what was counted as sent before, by either name of the provider", async () => {
  setTestMode("sms");
  const one = await buildContact(db.owner, workspaceId);
  const two = await buildContact(db.owner, workspaceId, { email: null });
  const three = await buildContact(db.owner, workspaceId, { email: null, phone_e164: null });
  const sendId = await send(flow(), [one, two, three]);
  const now = await readSend(sendId);
  // As an earlier version counted, for every send of this file.
  await sql`update flow_execution_steps set result = jsonb_set(result, '{provider}', '"catch"') where result ->> 'provider' = 'capture'
    and flow_execution_id = (select id from flow_executions where contact_id = ${two}::uuid)`.execute(db.owner);
  await sql`update flow_executions set reached = true, missed = nullif(array_remove(array_remove(missed, 'sms:test_mode'), 'email:test_mode'), '{}')
    where missed && array['sms:test_mode', 'email:test_mode']`.execute(db.owner);
  await sql`update send_message_counts set outcome = 'sent', reason = '' where outcome = 'captured'`.execute(db.owner);
  await sql`update flow_sends s set captured = 0, completed_captured = 0,
    reached = (select count(*) from flow_executions e where e.send_id = s.id and e.reached)`.execute(db.owner);

  const path = join(import.meta.dirname, "../../supabase/migrations/20261128232148_captured_messages.sql");
  const mend = readFileSync(path, "utf8").split("-- What is stored is counted anew")[1] as string;
  await db.owner.transaction().execute((tx) => sql.raw(`--${mend}`).execute(tx));
  expect(await readSend(sendId)).toEqual(now);
  expect(now).toMatchObject({ reached: 1, captured: 1, unreached: 1 });
});
