import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { chain, email, node, sms, wait } from "#test/graphs.ts";
import { execution } from "#test/people-inside.ts";
import { messagesOf, pathOf, sendFlow } from "#test/way-of.ts";

setUpEngine();

describe("what the provider says", () => {
  test("a refusal fails the step and stops the flow", async () => {
    sluice.providers.sms.answer({ outcome: "rejected", reason: "provider_rejected", message: "Landline", retryable: false });
    const id = await sendFlow(chain(node("start"), sms(), email()));
    expect(await pathOf(id)).toBe("start completed → next, sms failed (provider_rejected)");
    expect(await execution(id)).toMatchObject({ status: "failed", ended_reason: "provider_rejected", error_message: "Landline" });
    expect(await messagesOf(id)).toMatchObject([{ status: "failed", reason: "provider_rejected", error_message: "Landline" }]);
  });

  test("a refusal where the flow is to go on ends in a partial failure, also beyond a delay", async () => {
    sluice.providers.sms.answer({ outcome: "rejected", reason: "provider_rejected", message: "Landline", retryable: false });
    const id = await sendFlow(chain(node("start"), sms("x", { onError: "continue" }), wait(60), email()));
    expect(await execution(id)).toMatchObject({ status: "running" });
    await sluice.wait(61);
    expect(await pathOf(id)).toBe(
      "start completed → next, sms failed → failed (provider_rejected), delay completed → next, email completed → sent",
    );
    expect(await execution(id)).toMatchObject({ status: "partial_failure", ended_reason: "provider_rejected", error_message: "Landline" });
  });

  test("an unknown outcome is held: the step fails visibly and nothing is sent again", async () => {
    sluice.providers.sms.answer({ outcome: "unknown", message: "connection reset" });
    const id = await sendFlow(chain(node("start"), sms(), email()));
    await sluice.wait(86_400);
    expect(sluice.providers.sms.calls).toHaveLength(1);
    expect(await pathOf(id)).toBe("start completed → next, sms failed (outcome_unknown)");
    expect(await messagesOf(id)).toMatchObject([{ status: "unknown", reason: "outcome_unknown" }]);
  });

  test("a provider that throws is taken for unknown, not for unsent", async () => {
    sluice.providers.sms.answer(() => {
      throw new Error("bug");
    });
    const id = await sendFlow(chain(node("start"), sms()));
    expect(await messagesOf(id)).toMatchObject([{ status: "unknown" }]);
  });

  test("'not now' waits and tries again with the same message, until it is taken", async () => {
    const busy = { outcome: "rejected", reason: "provider_unavailable", message: "Busy", retryable: true } as const;
    sluice.providers.sms.answer(busy, busy, { outcome: "accepted", providerMessageId: "ok" });
    const id = await sendFlow(chain(node("start"), sms(), node("end")));
    expect(await pathOf(id)).toBe("start completed → next, sms waiting (provider_unavailable)");
    expect(await execution(id)).toMatchObject({ status: "running", waiting_for: "capacity" });
    expect(await messagesOf(id)).toMatchObject([{ status: "queued", attempt: 1, reason: "provider_unavailable" }]);
    await sluice.wait(11);
    expect(sluice.providers.sms.calls).toHaveLength(2);
    await sluice.wait(31);
    expect(new Set(sluice.providers.sms.calls.map((call) => call.id)).size).toBe(1);
    expect(await messagesOf(id)).toMatchObject([{ status: "sent", attempt: 3, provider_message_id: "ok", reason: null }]);
    expect(await pathOf(id)).toBe(
      "start completed → next, sms failed (provider_unavailable), sms failed (provider_unavailable), sms completed → sent, end completed",
    );
    expect(await execution(id)).toMatchObject({ status: "completed", error_message: null });
  });

  test("'not now' has an end", async () => {
    sluice.providers.sms.answer({ outcome: "rejected", reason: "provider_unavailable", message: "Busy", retryable: true });
    const id = await sendFlow(chain(node("start"), sms()));
    for (let i = 0; i < 8; i += 1) await sluice.wait(1801);
    expect(sluice.providers.sms.calls).toHaveLength(6);
    expect(await execution(id)).toMatchObject({ status: "failed", ended_reason: "provider_unavailable" });
    expect(await messagesOf(id)).toMatchObject([{ status: "failed", attempt: 6 }]);
  });

  test("an address that does not exist is not tried again, for nobody in the workspace", async () => {
    sluice.providers.email.answer({
      outcome: "rejected",
      reason: "provider_rejected",
      message: "550 no such user",
      retryable: false,
      invalidatesAddress: true,
    });
    await sendFlow(chain(node("start"), email("x", { onError: "continue" })), { email: "Gone@example.test" });
    const second = await sendFlow(chain(node("start"), email()), { email: "gone@EXAMPLE.test" });
    expect(await pathOf(second)).toBe("start completed → next, email skipped → skipped (bounced_before)");
    expect(sluice.providers.email.calls).toHaveLength(1);
  });

  test("what it says may hold anything and is stored as far as it can be", async () => {
    sluice.providers.sms.answer({
      outcome: "rejected",
      reason: "provider_rejected",
      message: `a\0b\ud83d${"x".repeat(2000)}`,
      retryable: false,
    });
    const id = await sendFlow(chain(node("start"), sms()));
    expect((await messagesOf(id))[0]?.error_message).toHaveLength(500);
  });
});

test("a message that waits for another try says so when there will be none, because the contact opted out or has no address any more", async () => {
  const changes = [
    ["opted_out_sms", sql`sms_opted_out_at = now()`],
    ["no_phone", sql`phone_e164 = null, phone_number = null`],
  ] as const;
  for (const [reason, change] of changes) {
    sluice.providers.sms.answer({ outcome: "rejected", reason: "provider_unavailable", message: "busy", retryable: true });
    const id = await sendFlow(chain(node("start"), sms(), email()));
    expect((await messagesOf(id)).map(({ status }) => status)).toEqual(["queued"]);
    await sql`update contacts set ${change} where workspace_id = ${workspaceId}`.execute(db.owner);
    await sluice.wait(11);
    expect((await messagesOf(id)).map((row) => `${row.status} ${row.reason}`)).toEqual([`failed ${reason}`, "sent null"]);
    expect(await execution(id)).toMatchObject({ status: "completed" });
  }
});
