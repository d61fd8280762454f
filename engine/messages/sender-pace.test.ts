import { describe, expect, test } from "vitest";
import { seededRandom } from "#test/chaos/random.ts";
import { horizonMs, type PaceAsk, readSenderState, type SenderState, takeSlots } from "./sender-pace.ts";

const start = Date.parse("2026-05-08T15:00:00Z");
const second = (rate: number, partsPerDay: number | null = null) => ({ partsPerSecond: rate, partsPerDay });
const ask = (more: Partial<PaceAsk> = {}): PaceAsk => ({ parts: 1, isFirst: false, line: "big", ...more });

interface Message extends PaceAsk {
  name: string;
  dueAt: number;
  leftAt?: number;
}

/** A message with the moment at which it left. */
type Left = Message & { leftAt: number };

/** Runs messages through one sender on a clock of its own: workers look in turn, at random moments, and each takes what is due. */
function run(
  messages: Message[],
  pace: ReturnType<typeof second>,
  { seed, forMs = Number.POSITIVE_INFINITY }: { seed: number; forMs?: number },
) {
  const random = seededRandom(seed);
  let state: SenderState | undefined;
  let now = start;
  let asked = 0;
  while (now - start < forMs && messages.some(({ leftAt }) => leftAt === undefined)) {
    const due = messages.filter(({ leftAt, dueAt }) => leftAt === undefined && dueAt <= now).slice(0, 40);
    if (due.length > 0) {
      asked += due.length;
      // What one worker has written is what the next one reads.
      const taken = takeSlots(readSenderState(JSON.parse(JSON.stringify(state ?? null))), pace, due, now);
      ({ state } = taken);
      due.forEach((message, n) => {
        const slot = taken.slots[n] as (typeof taken.slots)[number];
        if ("leavesIn" in slot) message.leftAt = now + slot.leavesIn;
        else message.dueAt = slot.until;
      });
    }
    now += random.between(20, 300);
  }
  return { left: messages.filter((message): message is Left => message.leftAt !== undefined), asked, state };
}

const many = (count: number, more: Partial<Message> & { line: string }): Message[] =>
  Array.from({ length: count }, (_, n) => ({ parts: 1, isFirst: false, name: `${more.line} ${n}`, dueAt: start, ...more }));

/** The most parts that any second had. */
function busiestSecond(left: readonly Left[]): number {
  const sorted = [...left].sort((a, b) => a.leftAt - b.leftAt);
  let most = 0;
  let from = 0;
  let parts = 0;
  for (const message of sorted) {
    parts += message.parts;
    while (message.leftAt - (sorted[from] as Left).leftAt >= 1_000) parts -= (sorted[from++] as Left).parts;
    most = Math.max(most, parts);
  }
  return most;
}
const endOf = (left: readonly Left[]) => Math.max(...left.map(({ leftAt }) => leftAt)) - start;

describe("the pace of a sender", () => {
  test("gives nothing further ahead than its horizon, and says to the others when to ask again", () => {
    const { slots } = takeSlots(
      undefined,
      second(10),
      Array.from({ length: 15 }, () => ask()),
      start,
    );
    expect(slots.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, n) => ({ leavesIn: n * 100 })));
    for (const slot of slots.slice(10)) expect("until" in slot && slot.until).toBeGreaterThan(start);
    expect(slots.slice(0, 10).every((slot) => "leavesIn" in slot && slot.leavesIn < horizonMs)).toBe(true);
  });

  test("lets no second have more than it, and nobody is left out: 10,000 messages at 10 parts a second", () => {
    const { left, asked } = run(many(10_000, { line: "big" }), second(10), { seed: 1 });
    expect(left).toHaveLength(10_000);
    expect(busiestSecond(left)).toBeLessThanOrEqual(11);
    expect(endOf(left) / 1_000).toBeLessThan(1_000 * 1.1);
    // A message that waits sleeps until its turn, and does not ask again and again.
    expect(asked).toBeLessThan(10_000 * 4);
  });

  test.each([1, 2, 3, 4, 5, 6])("holds for texts of several parts, kinds, sends and workers that come and go (%i)", (seed) => {
    const random = seededRandom(seed);
    const rate = random.pick([1, 3, 7, 25]);
    const messages = Array.from({ length: 300 }, (_, n): Message => {
      const isFirst = random.next() < 0.2;
      const line = isFirst ? "first" : random.pick(["small", "a", "b"]);
      return { name: String(n), parts: random.pick([1, 1, 2, 3]), isFirst, line, dueAt: start + random.between(0, 60_000) };
    });
    const { left } = run(messages, second(rate), { seed });
    expect(left).toHaveLength(300);
    // A text is not divided, so the last of a second may reach over its end.
    expect(busiestSecond(left)).toBeLessThanOrEqual(rate + 3);
  });

  test("is held between two who read the same sender only one after the other, so no moment is given twice", () => {
    let state: SenderState | undefined;
    const moments = new Set<number>();
    for (let n = 0; n < 500; n += 1) {
      const now = start + Math.floor(n / 2) * 400;
      const taken = takeSlots(state, second(5), [ask({ line: String(n % 2) }), ask({ line: String(n % 2) })], now);
      state = taken.state;
      for (const slot of taken.slots) {
        if (!("leavesIn" in slot)) continue;
        expect(moments.has(now + slot.leavesIn)).toBe(false);
        moments.add(now + slot.leavesIn);
      }
    }
    expect(moments.size).toBeGreaterThan(300);
  });
});

describe("a large send", () => {
  test("lets a small one through, which ends while the large one has hardly begun", () => {
    const messages = [...many(5_000, { line: "big" }), ...many(20, { line: "small", dueAt: start + 30_000 })];
    const { left } = run(messages, second(5), { seed: 7, forMs: 120_000 });
    const small = left.filter(({ line }) => line === "small");
    expect(small).toHaveLength(20);
    expect(endOf(small) - 30_000).toBeLessThan(30_000);
    expect(busiestSecond(left)).toBeLessThanOrEqual(6);
  });

  test("shares the sender with another large one", () => {
    const { left } = run([...many(2_000, { line: "a" }), ...many(2_000, { line: "b" })], second(10), { seed: 8, forMs: 100_000 });
    const share = left.filter(({ line }) => line === "a").length / left.length;
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.7);
    expect(left.length).toBeGreaterThan(700);
  });

  test("lets what a person waits for leave within seconds, at one part a second too", () => {
    const messages = [...many(2_000, { line: "big" }), ...many(3, { line: "first", isFirst: true, dueAt: start + 10_000 })];
    const { left } = run(messages, second(1), { seed: 9, forMs: 60_000 });
    const first = left.filter(({ isFirst }) => isFirst);
    expect(first).toHaveLength(3);
    expect(endOf(first) - 10_000).toBeLessThan(8_000);
  });

  test("that was stopped takes nothing from those that come after it", () => {
    let { state } = run(many(3_000, { line: "stopped" }), second(2), { seed: 10, forMs: 5_000 });
    const messages = many(10, { line: "next" });
    let now = start + 8_000;
    for (let looks = 0; looks < 60 && messages.some(({ leftAt }) => leftAt === undefined); looks += 1, now += 250) {
      const due = messages.filter(({ leftAt, dueAt }) => leftAt === undefined && dueAt <= now);
      const taken = takeSlots(state, second(2), due, now);
      state = taken.state;
      due.forEach((message, n) => {
        const slot = taken.slots[n] as (typeof taken.slots)[number];
        if ("leavesIn" in slot) message.leftAt = now + slot.leavesIn;
        else message.dueAt = slot.until;
      });
    }
    expect(messages.every(({ leftAt }) => leftAt !== undefined)).toBe(true);
  });
});

describe("the parts of a day", () => {
  const lateAt = Date.parse("2026-05-09T06:30:00Z"); // 23:30 on 8 May in Los Angeles
  const midnight = Date.parse("2026-05-09T07:00:00Z");

  test("that are used up keep the rest until midnight Pacific time, each with a moment of its own", () => {
    const { slots, state } = takeSlots(
      undefined,
      second(100, 3),
      Array.from({ length: 6 }, () => ask()),
      lateAt,
    );
    expect(slots.slice(0, 3).every((slot) => "leavesIn" in slot)).toBe(true);
    const waits = slots.slice(3).map((slot) => ("until" in slot ? slot.until : 0));
    for (const until of waits) expect(Math.abs(until - midnight)).toBeLessThan(2_000);
    const again = takeSlots(state, second(100, 3), [ask(), ask()], midnight + 1_000);
    expect(again.slots.every((slot) => "leavesIn" in slot)).toBe(true);
    expect(again.state.used).toBe(2);
  });

  test("let a text through that alone is longer than a day allows, as the first of a day and never after another", () => {
    const day = second(100, 2);
    const first = takeSlots(undefined, day, [ask({ parts: 5 })], lateAt);
    expect(first.slots).toEqual([{ leavesIn: 0 }]);
    expect("until" in (takeSlots(first.state, day, [ask()], lateAt + 60_000).slots[0] as object)).toBe(true);
  });

  test("and the pace, once changed, hold at once: nobody waits for what the former pace has promised", () => {
    const { state } = takeSlots(
      undefined,
      second(1),
      Array.from({ length: 500 }, () => ask()),
      start,
    );
    const faster = takeSlots(
      state,
      second(100),
      Array.from({ length: 50 }, () => ask()),
      start + 2_000,
    );
    expect(faster.slots.every((slot) => "leavesIn" in slot)).toBe(true);
  });
});

test("what an earlier or later version has kept and this one cannot read is forgotten", () => {
  for (const stored of [null, {}, { nextAt: "x" }, [], 7]) expect(readSenderState(stored)).toBeUndefined();
  expect(takeSlots(undefined, second(1), [ask()], start).slots).toEqual([{ leavesIn: 0 }]);
});
