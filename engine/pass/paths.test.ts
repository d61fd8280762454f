import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { sendTo } from "#test/engine.ts";
import { db, restartEngine, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import type { ContactValues } from "#test/factories.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import type { CreateSendInput } from "../engine.ts";
import { NonRetriableError } from "../flow/node-executor.ts";

setUpEngine();
const allowSms = (countries: readonly string[]) =>
  sql`update workspaces set sms_countries = ${countries}::text[] where id = ${workspaceId}`.execute(db.owner);

/** Sends this graph to one contact and runs what is due. */
async function send(flow: FlowGraph, contact: ContactValues = {}, more: Partial<CreateSendInput> = {}): Promise<string> {
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const contactId = await buildContact(db.owner, workspaceId, contact);
  const { executionId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId], more));
  await sluice.run();
  return executionId as string;
}

const execution = (id: string) => db.owner.selectFrom("flow_executions").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const messages = (id: string) => db.owner.selectFrom("messages").selectAll().where("flow_execution_id", "=", id).orderBy("visit").execute();

/** The path as the founding document reads it: by created_at. */
async function path(id: string): Promise<string> {
  const steps = await db.owner
    .selectFrom("flow_execution_steps")
    .selectAll()
    .where("flow_execution_id", "=", id)
    .orderBy("created_at")
    .execute();
  return steps
    .map(({ node_id, status, exit, reason }) => `${node_id} ${status}${exit ? ` → ${exit}` : ""}${reason ? ` (${reason})` : ""}`)
    .join(", ");
}

const steps = (id: string) =>
  db.owner.selectFrom("flow_execution_steps").selectAll().where("flow_execution_id", "=", id).orderBy("visit").execute();
const choose = node("condition", {
  branches: [{ id: "vip", label: "VIP", tests: [{ field: "lead_status", operator: "is", value: "vip" }] }],
});
const forked = graph(
  [node("start"), choose, sms("Dear VIP", {}, "dear"), sms("Hello", {}, "hello")],
  "start > condition",
  "condition:vip > dear",
  "condition:otherwise > hello",
);

test("start and end: everything is recorded, times included", async () => {
  const id = await send(chain(node("start"), node("end", { result: "reached" })));
  expect(await path(id)).toBe("start completed → next, end completed");
  const row = await execution(id);
  expect(row).toMatchObject({
    status: "completed",
    ended_reason: null,
    error_message: null,
    wake_at: null,
    current_node_id: "end",
    result: { steps: 2, lastNode: "end", result: "reached" },
  });
  expect(row.execution_time).toBeGreaterThanOrEqual(0);
  expect((row.completed_at as Date).getTime()).toBeGreaterThanOrEqual((row.started_at as Date).getTime());
});

test("condition: takes the branch, and keeps what was compared", async () => {
  const vip = await send(forked, { lead_status: "VIP" });
  expect(await path(vip)).toBe("start completed → next, condition completed → vip, dear completed → sent");
  expect((await steps(vip))[1]?.result).toMatchObject({
    branch: "vip",
    compared: [{ field: "lead_status", wanted: "vip", found: "VIP", held: true }],
  });
  expect(await path(await send(forked, { lead_status: null }))).toBe(
    "start completed → next, condition completed → otherwise, hello completed → sent",
  );
});

test("condition: an exit without an edge ends the execution", async () => {
  const id = await send(graph([node("start"), choose, sms()], "start > condition", "condition:vip > sms"));
  expect(await path(id)).toBe("start completed → next, condition completed → otherwise");
  expect(await execution(id)).toMatchObject({ status: "completed" });
});

test("delay: waits as a row, wakes by the clock, and goes on with the contact as it is then", async () => {
  const id = await send(chain(node("start"), wait(3600), sms("Hi {{firstname}}")), { firstname: "Before" });
  expect(await path(id)).toBe("start completed → next, delay waiting");
  expect(await execution(id)).toMatchObject({
    status: "running",
    waiting_for: "time",
    current_node_id: "delay",
    wake_at: expect.any(Date),
  });
  await sluice.wait(3500);
  expect(sluice.providers.sms.calls).toEqual([]);
  await sql`update contacts set firstname = 'After' where workspace_id = ${workspaceId}`.execute(db.owner);
  await sluice.wait(101);
  expect(sluice.providers.sms.calls.map(({ text }) => text)).toEqual(["Hi After"]);
  expect(await path(id)).toBe("start completed → next, delay completed → next, sms completed → sent");
});

test("a loop with a rest goes round, each visit a step of its own", async () => {
  const id = await send(graph([node("start"), sms(), wait(60)], "start > sms", "sms > delay", "delay > sms"));
  await sluice.wait(61);
  await sluice.wait(61);
  expect(sluice.providers.sms.calls).toHaveLength(3);
  expect((await steps(id)).map(({ visit }) => visit)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test("an execution ends where it has come to a node for the hundredth time", async () => {
  const id = await send(graph([node("start"), wait(60, "a")], "start > a", "a > a"));
  for (let i = 0; i < 101; i += 1) await sluice.wait(61);
  expect(await execution(id)).toMatchObject({ status: "failed", ended_reason: "node_limit", visit: 101 });
});

test("send: writes what left, with its texts and addresses", async () => {
  await allowSms(["DE"]);
  const id = await send(
    chain(
      node("start"),
      sms("Hi {{firstname}} 😀"),
      email("Dear {{firstname}}", { text: "{{ lastname }}", html: "<p>{{ firstname }}</p>" }),
    ),
    {
      firstname: "Zoë",
      lastname: "<b>",
      phone_e164: "+4915112345678",
      email: " Zoe@EXAMPLE.test ",
    },
  );
  expect(await path(id)).toBe("start completed → next, sms completed → sent, email completed → sent");
  const [text, mail] = await messages(id);
  expect(text).toMatchObject({
    channel: "sms",
    status: "sent",
    provider: "fake",
    to_address: "+4915112345678",
    from_address: "+15550001111",
    body: "Hi Zoë 😀",
    segments: 1,
    is_test: false,
    provider_message_id: `fake-${text?.id}`,
    node_id: "sms",
    visit: 2,
    lease_until: null,
  });
  expect(mail).toMatchObject({ channel: "email", status: "sent", subject: "Dear Zoë", body: "<b>", html: "<p>Zoë</p>", segments: null });
  expect(sluice.providers.email.calls[0]?.to.toLowerCase()).toBe("zoe@example.test");
  expect((await steps(id))[1]?.result).toEqual({ messageId: text?.id, provider: "fake" });
});

test("a test is caught, whatever is set up, and marked", async () => {
  const id = await send(chain(node("start"), sms(), email()), {}, { isTest: true });
  expect(sluice.providers.sms.calls).toEqual([]);
  expect(sluice.providers.email.calls).toEqual([]);
  expect((await messages(id)).map(({ provider, is_test, status }) => ({ provider, is_test, status }))).toEqual([
    { provider: "capture", is_test: true, status: "sent" },
    { provider: "capture", is_test: true, status: "sent" },
  ]);
});

describe("the gate", () => {
  test.each<[string, ContactValues]>([
    ["dnc", { dnc: true, phone_e164: null, sms_opted_out_at: new Date() }],
    ["opted_out_sms", { sms_opted_out_at: new Date(), phone_e164: null }],
    ["no_phone", { phone_e164: null, phone_number: null }],
    ["bad_phone", { phone_e164: null, phone_number: "call me" }],
  ])("keeps an SMS from leaving: %s", async (reason, contact) => {
    const id = await send(chain(node("start"), sms(), node("end")), contact);
    expect(sluice.providers.sms.calls).toEqual([]);
    expect(await messages(id)).toEqual([]);
    expect(await execution(id)).toMatchObject({ status: "completed" });
    expect(await path(id)).toBe(`start completed → next, sms skipped → skipped (${reason}), end completed`);
  });

  test.each<[string, ContactValues]>([
    ["dnc", { dnc: true, email: null }],
    ["opted_out_email", { email_opted_out_at: new Date(), email: "nobody" }],
    ["no_email", { email: null }],
    ["no_email", { email: "   " }],
    ["bad_email", { email: "ada@" }],
    ["bad_email", { email: "ada@example.test, bob@example.test" }],
    ["bad_email", { email: "Ada <ada@example.test>" }],
    ["bad_email", { email: "ada@example.test\nBcc: all@example.test" }],
  ])("keeps an e-mail from leaving: %s", async (reason, contact) => {
    const id = await send(chain(node("start"), email(), node("end")), contact);
    expect(sluice.providers.email.calls).toEqual([]);
    expect(await path(id)).toBe(`start completed → next, email skipped → skipped (${reason}), end completed`);
    expect(await messages(id)).toEqual([]);
  });

  test("closes an address of the suppression list, however it is written, with the reason of the list", async () => {
    await db.owner
      .insertInto("suppressions")
      .values([
        { workspace_id: workspaceId, channel: "sms", address: "+15557654321", reason: "asked by letter" },
        { workspace_id: workspaceId, channel: "email", address: "stop@example.test", reason: "bounced_before" },
      ])
      .execute();
    const id = await send(chain(node("start"), sms(), email()), { phone_e164: "+15557654321", email: "Stop@Example.test" });
    expect(await path(id)).toBe("start completed → next, sms skipped → skipped (dnc), email skipped → skipped (bounced_before)");
  });

  test("skips with no_provider where none is set up, and waits where that cannot be found out", async () => {
    await restartEngine({
      providerFor: async (_, channel) => {
        throw channel === "sms" ? new NonRetriableError("none", "no_provider") : new Error("the database is away");
      },
    });
    const id = await send(chain(node("start"), sms(), email()));
    expect(await path(id)).toBe("start completed → next, sms skipped → skipped (no_provider), email waiting (provider_unavailable)");
  });

  test("takes the exit for the skipped where one is drawn", async () => {
    const id = await send(graph([node("start"), sms(), email()], "start > sms", "sms:skipped > email"), { phone_e164: null });
    expect(await path(id)).toBe("start completed → next, sms skipped → skipped (no_phone), email completed → sent");
  });
});

test("by which exit a step was left, and why, is asked by later steps, at once and behind a wait", async () => {
  const keyed = { ...sms(), data: { ...sms().data, key: "hello" } };
  const asks = (id: string, field: string, value: string) =>
    node("condition", { branches: [{ id: "yes", tests: [{ field, operator: "is", value }] }] }, id);
  const flow = graph(
    [
      node("start"),
      keyed,
      asks("exit", "steps.hello.exit", "skipped"),
      wait(60),
      asks("why", "steps.hello.reason", "no_phone"),
      asks("not", "steps.hello.exit", "sent"),
      email(),
    ],
    ...[
      "start > sms",
      "sms:sent > exit",
      "sms:skipped > exit",
      "exit:yes > delay",
      "delay > why",
      "why:yes > not",
      "not:otherwise > email",
    ],
  );
  const skipped = await send(flow, { phone_e164: null });
  await sluice.wait(61);
  expect(await path(skipped)).toMatch(/exit completed → yes, .*why completed → yes, not completed → otherwise, email completed → sent$/);
  const sent = await send(flow);
  expect(await path(sent)).toMatch(/exit completed → otherwise$/);
});

describe("merge fields", () => {
  test("a missing value keeps the message from leaving, and is named", async () => {
    const id = await send(chain(node("start"), sms("Hi {{ firstname }}, {{ metadata.code }} {{ trigger.x }}"), node("end")), {
      firstname: "",
    });
    expect(await path(id)).toBe("start completed → next, sms skipped → skipped (template_missing_value), end completed");
    expect((await steps(id))[1]?.result).toEqual({ fields: ["firstname", "metadata.code", "trigger.x"] });
    expect(sluice.providers.sms.calls).toEqual([]);
  });

  test("a default fills in, and braces in a name stay text", async () => {
    await send(chain(node("start"), sms("Hi {{ firstname | default: 'you' }} {{ lastname }}")), {
      firstname: "",
      lastname: "{{ firstname }}",
    });
    expect(sluice.providers.sms.calls.map(({ text }) => text)).toEqual(["Hi you {{ firstname }}"]);
  });

  test("a line break in a value never reaches a subject, and an SMS too long never leaves", async () => {
    const id = await send(chain(node("start"), email("Hi {{ lastname }}"), sms(`${"x".repeat(1580)}{{ firstname }}`)), {
      lastname: "A\r\nBcc: x@y.test",
      firstname: "y".repeat(30),
    });
    expect(await path(id)).toBe("start completed → next, email skipped → skipped (unsafe_value), sms skipped → skipped (message_too_long)");
  });
});

describe("what the provider says", () => {
  test("a refusal fails the step and stops the flow", async () => {
    sluice.providers.sms.answer({ outcome: "rejected", reason: "provider_rejected", message: "Landline", retryable: false });
    const id = await send(chain(node("start"), sms(), email()));
    expect(await path(id)).toBe("start completed → next, sms failed (provider_rejected)");
    expect(await execution(id)).toMatchObject({ status: "failed", ended_reason: "provider_rejected", error_message: "Landline" });
    expect(await messages(id)).toMatchObject([{ status: "failed", reason: "provider_rejected", error_message: "Landline" }]);
  });

  test("a refusal where the flow is to go on ends in a partial failure, also beyond a delay", async () => {
    sluice.providers.sms.answer({ outcome: "rejected", reason: "provider_rejected", message: "Landline", retryable: false });
    const id = await send(chain(node("start"), sms("x", { onError: "continue" }), wait(60), email()));
    expect(await execution(id)).toMatchObject({ status: "running" });
    await sluice.wait(61);
    expect(await path(id)).toBe(
      "start completed → next, sms failed → failed (provider_rejected), delay completed → next, email completed → sent",
    );
    expect(await execution(id)).toMatchObject({ status: "partial_failure", ended_reason: "provider_rejected", error_message: "Landline" });
  });

  test("an unknown outcome is held: the step fails visibly and nothing is sent again", async () => {
    sluice.providers.sms.answer({ outcome: "unknown", message: "connection reset" });
    const id = await send(chain(node("start"), sms(), email()));
    await sluice.wait(86_400);
    expect(sluice.providers.sms.calls).toHaveLength(1);
    expect(await path(id)).toBe("start completed → next, sms failed (outcome_unknown)");
    expect(await messages(id)).toMatchObject([{ status: "unknown", reason: "outcome_unknown" }]);
  });

  test("a provider that throws is taken for unknown, not for unsent", async () => {
    sluice.providers.sms.answer(() => {
      throw new Error("bug");
    });
    const id = await send(chain(node("start"), sms()));
    expect(await messages(id)).toMatchObject([{ status: "unknown" }]);
  });

  test("'not now' waits and tries again with the same message, until it is taken", async () => {
    const busy = { outcome: "rejected", reason: "provider_unavailable", message: "Busy", retryable: true } as const;
    sluice.providers.sms.answer(busy, busy, { outcome: "accepted", providerMessageId: "ok" });
    const id = await send(chain(node("start"), sms(), node("end")));
    expect(await path(id)).toBe("start completed → next, sms waiting (provider_unavailable)");
    expect(await execution(id)).toMatchObject({ status: "running", waiting_for: "capacity" });
    expect(await messages(id)).toMatchObject([{ status: "queued", attempt: 1, reason: "provider_unavailable" }]);
    await sluice.wait(11);
    expect(sluice.providers.sms.calls).toHaveLength(2);
    await sluice.wait(31);
    expect(new Set(sluice.providers.sms.calls.map((call) => call.id)).size).toBe(1);
    expect(await messages(id)).toMatchObject([{ status: "sent", attempt: 3, provider_message_id: "ok", reason: null }]);
    expect(await path(id)).toBe(
      "start completed → next, sms failed (provider_unavailable), sms failed (provider_unavailable), sms completed → sent, end completed",
    );
    expect(await execution(id)).toMatchObject({ status: "completed", error_message: null });
  });

  test("'not now' has an end", async () => {
    sluice.providers.sms.answer({ outcome: "rejected", reason: "provider_unavailable", message: "Busy", retryable: true });
    const id = await send(chain(node("start"), sms()));
    for (let i = 0; i < 8; i += 1) await sluice.wait(1801);
    expect(sluice.providers.sms.calls).toHaveLength(6);
    expect(await execution(id)).toMatchObject({ status: "failed", ended_reason: "provider_unavailable" });
    expect(await messages(id)).toMatchObject([{ status: "failed", attempt: 6 }]);
  });

  test("an address that does not exist is not tried again, for nobody in the workspace", async () => {
    sluice.providers.email.answer({
      outcome: "rejected",
      reason: "provider_rejected",
      message: "550 no such user",
      retryable: false,
      invalidatesAddress: true,
    });
    await send(chain(node("start"), email("x", { onError: "continue" })), { email: "Gone@example.test" });
    const second = await send(chain(node("start"), email()), { email: "gone@EXAMPLE.test" });
    expect(await path(second)).toBe("start completed → next, email skipped → skipped (bounced_before)");
    expect(sluice.providers.email.calls).toHaveLength(1);
  });

  test("what it says may hold anything and is stored as far as it can be", async () => {
    sluice.providers.sms.answer({
      outcome: "rejected",
      reason: "provider_rejected",
      message: `a\0b\ud83d${"x".repeat(2000)}`,
      retryable: false,
    });
    const id = await send(chain(node("start"), sms()));
    expect((await messages(id))[0]?.error_message).toHaveLength(500);
  });
});

test("a message that waits for another try says so when there will be none, because the contact opted out or has no address any more", async () => {
  const changes = [
    ["opted_out_sms", sql`sms_opted_out_at = now()`],
    ["no_phone", sql`phone_e164 = null, phone_number = null`],
  ] as const;
  for (const [reason, change] of changes) {
    sluice.providers.sms.answer({ outcome: "rejected", reason: "provider_unavailable", message: "busy", retryable: true });
    const id = await send(chain(node("start"), sms(), email()));
    expect((await messages(id)).map(({ status }) => status)).toEqual(["queued"]);
    await sql`update contacts set ${change} where workspace_id = ${workspaceId}`.execute(db.owner);
    await sluice.wait(11);
    expect((await messages(id)).map((row) => `${row.status} ${row.reason}`)).toEqual([`failed ${reason}`, "sent null"]);
    expect(await execution(id)).toMatchObject({ status: "completed" });
  }
});

describe("what is broken", () => {
  test("a version that was ruined by hand fails its executions, and nobody else's", async () => {
    const good = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(60), sms()));
    const contactId = await buildContact(db.owner, workspaceId);
    const ids: string[] = [];
    for (const ruin of [
      "5",
      "[]",
      '[{"id":"start","type":"start","data":{}}]',
      '[{"id":"start"},null,7]',
      '[{"id":"delay","type":"delay","data":{"config":{"mode":"x"}}}]',
      null,
    ]) {
      const flowId =
        ruin === null ? good : await buildFlow(db.owner, workspaceId, chain(node("start"), wait(60), sms(`text for ${ruin.length}`)));
      const { executionId, sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
      await sluice.run();
      if (ruin !== null)
        await sql`update flow_versions set nodes = ${ruin}::jsonb where id = (select flow_version_id from flow_sends where id = ${sendId})`.execute(
          db.owner,
        );
      ids.push(executionId as string);
    }
    await restartEngine();
    await sluice.wait(61);
    const rows = await Promise.all(ids.map(execution));
    expect(rows.map(({ status }) => status)).toEqual(["failed", "failed", "failed", "failed", "failed", "completed"]);
    for (const row of rows.slice(0, 5))
      expect(row).toMatchObject({ ended_reason: "internal", error_message: expect.stringContaining(".") });
  });

  test("a loop without a rest, written straight into the database, ends where a node was visited a hundred times", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(60, "a"), wait(60, "b")));
    const contactId = await buildContact(db.owner, workspaceId);
    const { executionId, sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
    const fork = (id: string) => node("condition", { branches: [{ id: "x", tests: [{ field: "email", operator: "is_empty" }] }] }, id);
    const spin = graph([node("start"), fork("a"), fork("b")], "start > a", "a:otherwise > b", "b:otherwise > a");
    await sql`update flow_versions set nodes = ${JSON.stringify(spin.nodes)}::jsonb, edges = ${JSON.stringify(spin.edges)}::jsonb
      where id = (select flow_version_id from flow_sends where id = ${sendId})`.execute(db.owner);
    // Another process: this one has the version in memory.
    await restartEngine();
    await sluice.run();
    expect(await execution(executionId as string)).toMatchObject({ status: "failed", ended_reason: "node_limit", visit: 201 });
  });
});

test("a contact that was deleted while its execution waited ends it, with the reason", async () => {
  const id = await send(chain(node("start"), wait(60), sms()));
  await sql`delete from contacts where workspace_id = ${workspaceId}`.execute(db.owner);
  await sluice.wait(61);
  expect(await execution(id)).toMatchObject({ status: "cancelled", ended_reason: "contact_deleted", contact_id: null });
  expect(await path(id)).toBe("start completed → next, delay skipped (contact_deleted)");
  expect(sluice.providers.sms.calls).toEqual([]);
});

describe("a step that is switched off is passed by its first exit", () => {
  const off = (one: ReturnType<typeof node>) => ({ ...one, data: { ...one.data, off: true } });

  test("and nothing of it is sent, waited for or decided", async () => {
    const flow = graph(
      [node("start"), off(sms("Never", {}, "never")), off(wait(86_400)), off(choose), sms("Dear", {}, "dear"), sms("Hello", {}, "hello")],
      "start > never",
      "never > delay",
      "delay > condition",
      "condition:vip > dear",
      "condition:otherwise > hello",
    );
    const id = await send(flow, { lead_status: "new" });
    expect(await path(id)).toBe(
      "start completed → next, never skipped → sent (step_off), delay skipped → next (step_off), condition skipped → vip (step_off), dear completed → sent",
    );
    expect((await messages(id)).map(({ body }) => body)).toEqual(["Dear"]);
    expect(await execution(id)).toMatchObject({ status: "completed" });
  });

  test("not by the way for skipped messages, and a way back is not taken", async () => {
    const flow = graph(
      [node("start"), off(sms("Never", {}, "never")), sms("No", {}, "no"), off(node("go_to", { target: "never", times: 3 })), node("end")],
      "start > never",
      "never:skipped > no",
      "never:sent > go_to",
      "go_to:limit_reached > end",
    );
    const id = await send(flow);
    expect(await path(id)).toBe(
      "start completed → next, never skipped → sent (step_off), go_to skipped → limit_reached (step_off), end completed",
    );
    expect(await messages(id)).toEqual([]);
  });

  test("a goal draws nobody, and where nothing follows the execution ends", async () => {
    const goal = off(node("goal", { tests: [{ field: "firstname", operator: "is_not_empty" }] }));
    const id = await send(chain(node("start"), sms("One"), goal), { firstname: "Ana" });
    expect(await path(id)).toBe("start completed → next, sms completed → sent, goal skipped → reached (step_off)");
    expect(await execution(id)).toMatchObject({ status: "completed" });
  });
});
