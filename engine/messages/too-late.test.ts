import { sql } from "kysely";
import { DateTime } from "luxon";
import { beforeEach, describe, expect, test } from "vitest";
import { sendTo } from "#test/engine.ts";
import { db, restartEngine, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { type FakeProvider, fakeProvider } from "#test/fake-provider.ts";
import { chain, email, node, sms, wait } from "#test/graphs.ts";
import { zoneWhere } from "#test/zones.ts";

setUpEngine();

let provider: FakeProvider;
beforeEach(async () => {
  provider = { ...fakeProvider("sms") };
  const mail = fakeProvider("email");
  await restartEngine({ providerFor: async (_, channel) => (channel === "sms" ? provider : mail) });
});

/** On the clock of the workspace, which is UTC. */
const inSeconds = (seconds: number) => DateTime.utc().plus({ seconds }).toFormat("yyyy-MM-dd'T'HH:mm");
const send = async (graph: Parameters<typeof buildFlow>[2], more: { notLaterThan?: string } = {}, people = 1) => {
  const ids = await buildContacts(db.owner, workspaceId, people);
  const made = await sluice.engine.createSend(sendTo(workspaceId, await buildFlow(db.owner, workspaceId, graph), ids, more));
  await sluice.run();
  return made.sendId;
};
const messages = async () => {
  const { rows } = await sql<{ status: string; reason: string | null; exit: string | null; count: number }>`
    select status, reason, exit, count(*)::int as count from flow_execution_steps
    where workspace_id = ${workspaceId} and node_type in ('send_sms', 'send_email') and status <> 'waiting' group by 1, 2, 3 order by 1, 2`.execute(
    db.owner,
  );
  return rows;
};
const skipped = (count = 1) => ({ status: "skipped", reason: "too_late", exit: "skipped", count });

describe("a send with an end", () => {
  test("that has passed, or comes before its start, is refused, and nothing of it is kept", async () => {
    const late = send(chain(node("start"), sms()), { notLaterThan: inSeconds(-120) });
    await expect(late).rejects.toMatchObject({ code: "send_too_late" });
    const ids = await buildContacts(db.owner, workspaceId, 1);
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms()));
    const start = { at: inSeconds(7_200), zone: "workspace" as const };
    const before = sluice.engine.createSend(sendTo(workspaceId, flowId, ids, { start, notLaterThan: inSeconds(3_600) }));
    await expect(before).rejects.toMatchObject({ code: "send_too_late" });
    expect(await db.owner.selectFrom("flow_sends").selectAll().where("workspace_id", "=", workspaceId).execute()).toEqual([]);
  });

  test("sends until then and skips what comes after, by the exit for what is skipped", async () => {
    await send(chain(node("start"), sms("a", {}, "one"), wait(4_000), sms("b", {}, "two"), email()), { notLaterThan: inSeconds(3_600) });
    await sluice.wait(4_001);
    expect(provider.calls.map(({ text }) => text)).toEqual(["a"]);
    expect(await messages()).toContainEqual(skipped(2));
  });

  test("holds for the flows that its flow starts", async () => {
    const child = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(4_000), sms("late")), "Child");
    await send(chain(node("start"), node("start_flow", { flowId: child }, "more")), { notLaterThan: inSeconds(3_600) });
    await sluice.wait(4_001);
    expect(provider.calls).toEqual([]);
    expect(await messages()).toEqual([skipped()]);
  });

  test("skips at once what sending hours would hold past it, and tells the provider of it otherwise", async () => {
    await sql`update workspaces set sending_rules = '{}' where id = ${workspaceId}`.execute(db.owner);
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms()));
    const [night, noon] = [
      await buildContact(db.owner, workspaceId, { time_zone: zoneWhere(3) }),
      await buildContact(db.owner, workspaceId, { time_zone: zoneWhere(12) }),
    ];
    await sluice.engine.createSend(sendTo(workspaceId, flowId, [night, noon], { notLaterThan: inSeconds(3_600) }));
    await sluice.run();
    expect(await messages()).toEqual([{ status: "completed", reason: null, exit: "sent", count: 1 }, skipped()]);
    const [call] = provider.calls;
    expect(call?.validUntil).toBeGreaterThan(Date.now());
    expect(call?.validUntil).toBeLessThanOrEqual(Date.now() + 3_600_000);
  });

  test("skips at once what its sender could not send by then", async () => {
    Object.assign(provider, { senders: [provider.from], paceOf: () => ({ partsPerSecond: 0.1, partsPerDay: null }) });
    await send(chain(node("start"), sms()), { notLaterThan: inSeconds(120) }, 30);
    const skippedNow = (await messages()).find(({ reason }) => reason === "too_late")?.count ?? 0;
    // In two minutes at most, less the seconds of the minute that has begun, one leaves every ten seconds.
    expect(skippedNow).toBeGreaterThanOrEqual(30 - 13);
    await sluice.wait(200);
    expect(provider.calls.length + ((await messages()).find(({ reason }) => reason === "too_late")?.count ?? 0)).toBe(30);
  });
});

describe("a step with a time within which its message leaves", () => {
  test("lets it wait so long for its provider and no longer, counted from when the step was reached", async () => {
    provider.answer({ outcome: "rejected", reason: "provider_rejected", message: "later", retryable: true });
    await send(chain(node("start"), sms("x", { notLaterThanSeconds: 60 })));
    // The tries come after 10 and 30 seconds; the third one would come after 120.
    await sluice.wait(11);
    await sluice.wait(31);
    const tried = provider.calls.length;
    provider.answer({ outcome: "accepted", providerMessageId: "1" });
    await sluice.wait(121);
    expect(tried).toBe(3);
    expect(provider.calls).toHaveLength(3);
    expect(await messages()).toContainEqual(skipped());
    const kept = await db.owner.selectFrom("messages").select(["status", "reason"]).where("workspace_id", "=", workspaceId).execute();
    expect(kept).toEqual([{ status: "failed", reason: "too_late" }]);
  });

  test("counts anew for each step, and lets everything leave that is in time", async () => {
    await send(
      chain(node("start"), sms("a", { notLaterThanSeconds: 60 }, "one"), wait(3_600), sms("b", { notLaterThanSeconds: 60 }, "two")),
    );
    await sluice.wait(3_601);
    expect(provider.calls.map(({ text }) => text)).toEqual(["a", "b"]);
  });
});
