import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { db, setUpEngine, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts } from "#test/factories.ts";
import { at, look, nodeOf, noon } from "#test/forecast.ts";
import { chain, node, sms } from "#test/graphs.ts";

setUpEngine();

describe("messages that wait for one another", () => {
  const [first, second] = ["+15550001111", "+15550002222"];
  const paced = (partsPerSecond: number, senders = [first as string], partsPerDay: number | null = null) => ({
    providers: {
      sms: {
        name: "fake",
        from: senders.length === 1 ? (senders[0] as string) : null,
        senders,
        paceOf: () => ({ partsPerSecond, partsPerDay }),
      },
    },
  });
  const flow = chain(node("start"), sms("a".repeat(200)));
  const later = (seconds: number) => new Date(noon.getTime() + seconds * 1_000).toISOString();

  test("leave as fast as their sender may send their parts, and what has no moment in time is too late", async () => {
    await buildContacts(db.owner, workspaceId, 4);
    expect(await look(flow, paced(2))).toMatchObject({ channels: [{ messages: 4, segments: 8 }], firstAt: later(0), lastAt: later(3) });
    const hurried = chain(node("start"), sms("a".repeat(200), { notLaterThanSeconds: 60 }));
    expect(nodeOf(await look(hurried, paced(0.05)), "sms")).toMatchObject({ messages: 2, refused: [{ reason: "too_late", contacts: 2 }] });
  });

  test("are spread over the senders of a pool, and whoever wrote with one before waits for that one", async () => {
    const all = await buildContacts(db.owner, workspaceId, 4);
    await sql`insert into messages (workspace_id, contact_id, visit, channel, provider, to_address, from_address, status, created_at)
      select ${workspaceId}, id, 1, 'sms', 'fake', '+15551112222', ${second}, 'sent', ${noon}::timestamptz - interval '9 days' from contacts
      where workspace_id = ${workspaceId}`.execute(db.owner);
    expect(all).toHaveLength(4);
    expect(await look(flow, paced(2, [first as string, second as string]))).toMatchObject({ lastAt: later(3) });
  });

  test("leave on the next day where they are more than a sender or the workspace may send in one", async () => {
    await buildContacts(db.owner, workspaceId, 3);
    // Carriers count their day in Los Angeles.
    expect(await look(flow, paced(1_000, [first as string], 4))).toMatchObject({
      firstAt: later(0),
      lastAt: expect.stringContaining(at("03T08:00").slice(0, 13)),
    });
    await sql`insert into private.workspace_limits (workspace_id, lanes, messages_per_day, day_from, day_used)
      values (${workspaceId}, 4, 5, ${noon}::timestamptz - interval '20 hours', 3)`.execute(db.owner);
    expect(await look(flow)).toMatchObject({ channels: [{ messages: 3 }], firstAt: later(0), lastAt: at("02T16:00") });
  });

  test("of more contacts than are walked side by side are told with the same figures", async () => {
    await buildContacts(db.owner, workspaceId, 6_000);
    const { lastAt, channels } = await look(chain(node("start"), sms()), { ...paced(100), most: 10_000 });
    expect(channels).toMatchObject([{ messages: 6_000 }]);
    const seconds = (Date.parse(lastAt as string) - noon.getTime()) / 1_000;
    expect(seconds).toBeGreaterThan(58);
    expect(seconds).toBeLessThan(62);
  });
});
