import { describe, expect, test } from "vitest";
import type { Channel } from "#contract/messages.ts";
import { sendTo } from "#test/engine.ts";
import { db, restartEngine, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { type FakeProvider, fakeProvider } from "#test/fake-provider.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { findSenderFor } from "./last-sender-rows.ts";
import { chooseSender } from "./sender-pool.ts";

const numbers = ["+15550000001", "+15550000002", "+15550000003", "+15550000004"] as const;
const [one, two, three] = numbers;
const people = Array.from({ length: 1_000 }, (_, n) => `+1415555${String(n).padStart(4, "0")}`);
const drawn = (pool: readonly string[], to: string, last?: string) => chooseSender(pool, { to, country: "US", last });

describe("the draw of a sender", () => {
  test("is none where the pool is empty, and never one that is not in the pool", () => {
    expect(drawn([], people[0] as string)).toBeUndefined();
    expect(drawn([], people[0] as string, one)).toBeUndefined();
    for (const to of people) expect([one, two]).toContain(drawn([one, two], to, three));
  });

  test("is the same for each of 1,000 people whoever asks and in whatever order the pool stands, and is shared evenly", () => {
    const counts = new Map<string, number>();
    for (const to of people) {
      const sender = drawn(numbers, to) as string;
      expect(drawn([...numbers].reverse(), to)).toBe(sender);
      counts.set(sender, (counts.get(sender) ?? 0) + 1);
    }
    for (const number of numbers) expect(counts.get(number), number).toBeGreaterThan(180);
  });

  test("moves nobody but those whose number was taken away, and of new people only those who draw the new one", () => {
    for (const to of people) {
      const before = drawn(numbers, to) as string;
      const without = numbers.filter((number) => number !== two);
      if (before !== two) expect(drawn(without, to)).toBe(before);
      expect([before, "+15550000005"]).toContain(drawn([...numbers, "+15550000005"], to));
      // A contact who has heard from a number stays with it.
      expect(drawn([...numbers, "+15550000005"], to, before)).toBe(before);
    }
  });

  test("is a number of the person's country where there is one", () => {
    const pool = ["+15550000001", "+447400123456", "HARBOUR", "+447400123457"];
    const from = (country: string | null, to: string) => chooseSender(pool, { to, country, last: undefined });
    expect(new Set(people.map((to) => from("GB", to)))).toEqual(new Set(["+447400123456", "+447400123457"]));
    expect(new Set(people.map((to) => from("AT", to)))).toEqual(new Set(pool));
    expect(new Set(people.map((to) => from(null, to)))).toEqual(new Set(pool));
  });
});

describe("the sender of a contact", () => {
  setUpEngine();
  let pool: FakeProvider & { senders: readonly string[] };
  const others: Record<string, readonly string[]> = {};

  /** An engine whose SMS leave from these senders. */
  async function sendFrom(senders: readonly string[]): Promise<void> {
    pool = { ...fakeProvider("sms"), from: senders.length === 1 ? (senders[0] as string) : null, senders };
    const email = fakeProvider("email");
    await restartEngine({
      providerFor: async (of, channel: Channel) =>
        channel === "email" ? email : of === workspaceId ? pool : { ...pool, senders: others[of] ?? [] },
    });
  }
  const flow = () => buildFlow(db.owner, workspaceId, chain(node("start", { reEntry: { rule: "any_time" } }), sms("x")));
  const send = async (flowId: string, ids: string[], of = workspaceId) => {
    await sluice.engine.createSend(sendTo(of, flowId, ids));
    await sluice.run();
  };
  const heardFrom = () => {
    const from = new Map<string, Set<string | undefined>>();
    for (const call of pool.calls) from.set(call.to, (from.get(call.to) ?? new Set()).add(call.from));
    return from;
  };
  let heard = 0;
  const hear = async (from: string, to: string, of = workspaceId) => {
    heard += 1;
    const message = { kind: "received", providerMessageId: `in-${heard}`, from, to, text: "Hello", files: 0 } as const;
    await sluice.engine.takeInbound({ workspaceId: of, channel: "sms", provider: "fake", events: [message] });
    await sluice.engine.inboundIdle();
  };

  test("stays the same for 1,000 contacts over sends, workers and a pool that grows, and is kept with the message", async () => {
    await sendFrom(numbers.slice(0, 3));
    const ids = await buildContacts(db.owner, workspaceId, 1_000);
    const flowId = await flow();
    await send(flowId, ids);
    const first = heardFrom();
    const calls = [...pool.calls];
    await sendFrom([...numbers.slice(1).reverse(), "+15550000005", one]);
    await send(flowId, ids);
    expect(pool.calls).toHaveLength(1_000);
    for (const [to, from] of heardFrom()) expect(from, to).toEqual(first.get(to));
    expect(new Set(calls.map(({ from }) => from)).size).toBe(3);
    const kept = await db.owner
      .selectFrom("messages")
      .select(({ fn }) => ["from_address as sender", fn.countAll<string>().as("count")])
      .where("workspace_id", "=", workspaceId)
      .groupBy("from_address")
      .orderBy("from_address")
      .execute();
    expect(kept.map(({ sender }) => sender)).toEqual(numbers.slice(0, 3));
    expect(kept.reduce((sum, { count }) => sum + Number(count), 0)).toBe(2_000);
  });

  test("changes when it is taken from the pool, and not back when another one has written since", async () => {
    const flowId = await flow();
    const contact = await buildContact(db.owner, workspaceId, { phone_e164: "+14155550101" });
    await sendFrom([one]);
    await send(flowId, [contact]);
    await sendFrom([two, three]);
    await send(flowId, [contact]);
    const second = pool.calls[0]?.from;
    await sendFrom([one, two, three]);
    await send(flowId, [contact]);
    expect([two, three]).toContain(second);
    expect(pool.calls.map(({ from }) => from)).toEqual([second]);
  });

  test("is the one to which the contact wrote last, for flows and for answers by hand", async () => {
    const flowId = await flow();
    const to = "+14155550101";
    const contact = await buildContact(db.owner, workspaceId, { phone_e164: to });
    await sendFrom([one, two]);
    await send(flowId, [contact]);
    const other = pool.calls[0]?.from === one ? two : one;
    await hear(to, other);
    const byHand = { workspaceId, channel: "sms" as const, provider: pool, contactId: contact, to };
    expect(await findSenderFor(db.owner, byHand)).toBe(other);
    await send(flowId, [contact]);
    expect(pool.calls.at(-1)?.from).toBe(other);
    // A number that is ours no more is not written from.
    await hear(to, "+15550009999");
    expect(await findSenderFor(db.owner, byHand)).toBe(other);
  });

  test("is never one of another workspace, also where the same person is a contact of both", async () => {
    const to = "+14155550101";
    const elsewhere = await buildWorkspace(db.owner);
    others[elsewhere] = [three, numbers[3]];
    await sendFrom([one, two]);
    const theirs = await buildContact(db.owner, elsewhere, { phone_e164: to });
    const theirFlow = await buildFlow(db.owner, elsewhere, chain(node("start"), sms("x")));
    await send(theirFlow, [theirs], elsewhere);
    expect([three, numbers[3]]).toContain(pool.calls[0]?.from);
    const ours = await buildContact(db.owner, workspaceId, { phone_e164: to });
    await send(await flow(), [ours]);
    expect([one, two]).toContain(pool.calls[1]?.from);
    // Asked about a contact of the other workspace, it knows nothing of what was exchanged there.
    const theirPool = [three, numbers[3]];
    const draw = chooseSender(theirPool, { to, country: "US", last: undefined });
    const other = theirPool.find((number) => number !== draw) as string;
    await hear(to, other, elsewhere);
    const asked = { channel: "sms" as const, provider: { ...pool, senders: theirPool }, to, contactId: theirs };
    expect(await findSenderFor(db.owner, { ...asked, workspaceId: elsewhere })).toBe(other);
    expect(await findSenderFor(db.owner, { ...asked, workspaceId })).toBe(draw);
    expect(await findSenderFor(db.owner, { ...asked, workspaceId, contactId: ours })).toBe(draw);
  });
});
