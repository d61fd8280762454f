import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { db, restartEngine, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import type { ContactValues } from "#test/factories.ts";
import { chain, email, graph, node, sms } from "#test/graphs.ts";
import { execution } from "#test/people-inside.ts";
import { messagesOf, pathOf, sendFlow, stepsOf } from "#test/way-of.ts";
import { NonRetriableError } from "../flow/node-executor.ts";

setUpEngine();
const allowSms = (countries: readonly string[]) =>
  sql`update workspaces set sms_countries = ${countries}::text[] where id = ${workspaceId}`.execute(db.owner);

test("send: writes what left, with its texts and addresses", async () => {
  await allowSms(["DE"]);
  const id = await sendFlow(
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
  expect(await pathOf(id)).toBe("start completed → next, sms completed → sent, email completed → sent");
  const [text, mail] = await messagesOf(id);
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
  expect((await stepsOf(id))[1]?.result).toEqual({ messageId: text?.id, provider: "fake" });
});

test("a test is caught, whatever is set up, and marked", async () => {
  const id = await sendFlow(chain(node("start"), sms(), email()), {}, { isTest: true });
  expect(sluice.providers.sms.calls).toEqual([]);
  expect(sluice.providers.email.calls).toEqual([]);
  expect((await messagesOf(id)).map(({ provider, is_test, status }) => ({ provider, is_test, status }))).toEqual([
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
    const id = await sendFlow(chain(node("start"), sms(), node("end")), contact);
    expect(sluice.providers.sms.calls).toEqual([]);
    expect(await messagesOf(id)).toEqual([]);
    expect(await execution(id)).toMatchObject({ status: "completed" });
    expect(await pathOf(id)).toBe(`start completed → next, sms skipped → skipped (${reason}), end completed`);
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
    const id = await sendFlow(chain(node("start"), email(), node("end")), contact);
    expect(sluice.providers.email.calls).toEqual([]);
    expect(await pathOf(id)).toBe(`start completed → next, email skipped → skipped (${reason}), end completed`);
    expect(await messagesOf(id)).toEqual([]);
  });

  test("closes an address of the suppression list, however it is written, with the reason of the list", async () => {
    await db.owner
      .insertInto("suppressions")
      .values([
        { workspace_id: workspaceId, channel: "sms", address: "+15557654321", reason: "asked by letter" },
        { workspace_id: workspaceId, channel: "email", address: "stop@example.test", reason: "bounced_before" },
      ])
      .execute();
    const id = await sendFlow(chain(node("start"), sms(), email()), { phone_e164: "+15557654321", email: "Stop@Example.test" });
    expect(await pathOf(id)).toBe("start completed → next, sms skipped → skipped (dnc), email skipped → skipped (bounced_before)");
  });

  test("skips with no_provider where none is set up, and waits where that cannot be found out", async () => {
    await restartEngine({
      providerFor: async (_, channel) => {
        throw channel === "sms" ? new NonRetriableError("none", "no_provider") : new Error("the database is away");
      },
    });
    const id = await sendFlow(chain(node("start"), sms(), email()));
    expect(await pathOf(id)).toBe("start completed → next, sms skipped → skipped (no_provider), email waiting (provider_unavailable)");
  });

  test("takes the exit for the skipped where one is drawn", async () => {
    const id = await sendFlow(graph([node("start"), sms(), email()], "start > sms", "sms:skipped > email"), { phone_e164: null });
    expect(await pathOf(id)).toBe("start completed → next, sms skipped → skipped (no_phone), email completed → sent");
  });
});

describe("merge fields", () => {
  test("a missing value keeps the message from leaving, and is named", async () => {
    const id = await sendFlow(chain(node("start"), sms("Hi {{ firstname }}, {{ metadata.code }} {{ trigger.x }}"), node("end")), {
      firstname: "",
    });
    expect(await pathOf(id)).toBe("start completed → next, sms skipped → skipped (template_missing_value), end completed");
    expect((await stepsOf(id))[1]?.result).toEqual({ fields: ["firstname", "metadata.code", "trigger.x"] });
    expect(sluice.providers.sms.calls).toEqual([]);
  });

  test("a default fills in, and braces in a name stay text", async () => {
    await sendFlow(chain(node("start"), sms("Hi {{ firstname | default: 'you' }} {{ lastname }}")), {
      firstname: "",
      lastname: "{{ firstname }}",
    });
    expect(sluice.providers.sms.calls.map(({ text }) => text)).toEqual(["Hi you {{ firstname }}"]);
  });

  test("a line break in a value never reaches a subject, and an SMS too long never leaves", async () => {
    const id = await sendFlow(chain(node("start"), email("Hi {{ lastname }}"), sms(`${"x".repeat(1580)}{{ firstname }}`)), {
      lastname: "A\r\nBcc: x@y.test",
      firstname: "y".repeat(30),
    });
    expect(await pathOf(id)).toBe(
      "start completed → next, email skipped → skipped (unsafe_value), sms skipped → skipped (message_too_long)",
    );
  });
});
