import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { unprovenMarketingPerDay } from "#contract/sending-domain.ts";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { at, look, nodeOf, noon } from "#test/forecast.ts";
import { chain, email, node, sms } from "#test/graphs.ts";

setUpEngine();

const from = (address: string) =>
  sql`insert into providers (workspace_id, channel, provider, settings) values (${workspaceId}, 'email', 'smtp', ${JSON.stringify({ fromAddress: address })}::jsonb)
    on conflict (workspace_id, channel) do update set settings = excluded.settings`.execute(db.owner);
const used = (count: number) =>
  sql`insert into private.unproven_mail (workspace_id, day_from, used) values (${workspaceId}, now(), ${count}::int)
    on conflict (workspace_id) do update set day_from = excluded.day_from, used = excluded.used`.execute(db.owner);
const proof = (columns: { goodDaysAgo?: number; isStated?: boolean }) =>
  sql`insert into private.sending_domains (workspace_id, domain, good_at, statement, stated_at)
    values (${workspaceId}, 'salon-of-ana.com', now() - make_interval(days => ${columns.goodDaysAgo ?? 999}::int),
      ${columns.isStated ? "It is." : null}, case when ${columns.isStated === true} then now() end)
    on conflict (workspace_id, domain) do update set good_at = excluded.good_at, stated_at = excluded.stated_at`.execute(db.owner);
const usedNow = async () => {
  const { rows } = await sql<{ used: number }>`select used from private.unproven_mail where workspace_id = ${workspaceId}`.execute(
    db.owner,
  );
  return rows[0]?.used;
};
const flowOf = (kind: "marketing" | "transactional" = "marketing") => chain(node("start"), email("Hi", { kind }));
async function send(count: number, flow = flowOf()) {
  const ids = await buildContacts(db.owner, workspaceId, count);
  await sluice.engine.createSend(sendTo(workspaceId, await buildFlow(db.owner, workspaceId, flow), ids));
  await sluice.run();
}
const reasons = async () => {
  const { rows } = await sql<{ reason: string; count: number }>`
    select reason, count(*)::int as count from flow_execution_steps where workspace_id = ${workspaceId} and reason is not null group by 1`.execute(
    db.owner,
  );
  return rows;
};
const mails = () => sluice.providers.email.calls.length;

describe("marketing e-mail from a domain that nobody has checked", () => {
  test("leaves up to the limit of a day; the rest waits for the next one and says why", async () => {
    await from("hello@salon-of-ana.com");
    await used(unprovenMarketingPerDay - 3);
    await send(5);
    expect(mails()).toBe(3);
    expect(await reasons()).toEqual([{ reason: "domain_unchecked", count: 2 }]);
    await sluice.wait(24 * 3600 + 60);
    expect(mails()).toBe(5);
    expect(await usedNow()).toBe(2);
  });

  test("leaves no more of it where two workers ask at the same moment", async () => {
    await from("hello@salon-of-ana.com");
    await used(unprovenMarketingPerDay - 4);
    const other = await startTestEngine(db.owner, { providerFor: async (_, channel) => sluice.providers[channel] });
    const ids = await buildContacts(db.owner, workspaceId, 30);
    await sluice.engine.createSend(sendTo(workspaceId, await buildFlow(db.owner, workspaceId, flowOf()), ids));
    await Promise.all([sluice.run(), other.run()]);
    expect(mails()).toBe(4);
  });

  test("follows at once when the domain was checked or somebody vouches for it", async () => {
    await from("hello@salon-of-ana.com");
    await used(unprovenMarketingPerDay);
    await send(2);
    expect(mails()).toBe(0);
    await proof({ isStated: true });
    await sluice.engine.askPacedAgain({ workspaceId, afterMs: 0 });
    await sluice.run();
    expect(mails()).toBe(2);
  });
});

describe("the limit does not concern", () => {
  test.each<[string, () => Promise<unknown>, Parameters<typeof send>[1]]>([
    ["service messages", async () => {}, flowOf("transactional")],
    ["SMS", async () => {}, chain(node("start"), sms())],
    ["a domain with a good check", () => proof({ goodDaysAgo: 29 }), flowOf()],
    ["a domain that nobody can have", () => from("hello@salon.example"), flowOf()],
    [
      "a workspace whose sender is not set up",
      () => sql`delete from providers where workspace_id = ${workspaceId}`.execute(db.owner),
      flowOf(),
    ],
  ])("%s", async (_what, prepare, flow) => {
    await from("hello@salon-of-ana.com");
    await used(unprovenMarketingPerDay);
    await prepare();
    await send(2, flow);
    expect(await reasons()).toEqual([]);
    expect(await usedNow()).toBe(unprovenMarketingPerDay);
  });

  test("a check that is older than 30 days, or one of another domain, is none", async () => {
    await from("hello@salon-of-ana.com");
    await used(unprovenMarketingPerDay);
    await proof({ goodDaysAgo: 31 });
    await send(1);
    await from("hello@salon-of-ben.com");
    await proof({ goodDaysAgo: 1 });
    await send(1);
    expect(mails()).toBe(0);
    expect(await reasons()).toEqual([{ reason: "domain_unchecked", count: 2 }]);
  });
});

test("a forecast says that the rest leaves on the next day, as it then does", async () => {
  await from("hello@salon-of-ana.com");
  await sql`insert into private.unproven_mail (workspace_id, day_from, used)
    values (${workspaceId}, ${noon}::timestamptz - interval '1 hour', ${unprovenMarketingPerDay - 1}::int)`.execute(db.owner);
  await buildContacts(db.owner, workspaceId, 3);
  const report = await look(flowOf(), { providers: { email: { name: "fake" } } });
  expect(report).toMatchObject({ channels: [{ messages: 3 }] });
  expect(report).toMatchObject({ firstAt: at("02T12:00"), lastAt: at("03T11:00") });
  expect(nodeOf(report, "email")).toMatchObject({ messages: 3 });
});
