import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { nodeContext } from "#test/node-context.ts";
import { split } from "./definition.ts";
import { executeSplit } from "./executor.ts";

const shares = (...percents: number[]) => percents.map((percent, index) => ({ id: `s${index}`, percent }));

function take(config: unknown, more: { contactId?: string; flowId?: string; nodeId?: string; draw?: string; visit?: number } = {}) {
  const { contactId, ...place } = more;
  const outcome = executeSplit(
    nodeContext({ config: split.config.parse(config), ...(contactId && { contact: { id: contactId } }), place }),
  );
  if (outcome.type !== "next" || outcome.exit === undefined) throw new Error(`It said ${outcome.type}`);
  return outcome.exit;
}

function count(config: unknown, place: (index: number) => Parameters<typeof take>[1], times: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let index = 0; index < times; index += 1) {
    const exit = take(config, place(index));
    counts[exit] = (counts[exit] ?? 0) + 1;
  }
  return counts;
}

test("refuses one share, eleven, shares that are not 100 percent together, and two of one name", () => {
  const eleven = [...Array(10).fill(9), 10];
  for (const bad of [shares(100), shares(...eleven), shares(50, 49), shares(50, 51), shares(-10, 110), shares(33.333, 66.667), []]) {
    expect(split.config.safeParse({ shares: bad }).success, JSON.stringify(bad)).toBe(false);
  }
  const twins = [
    { id: "a", percent: 50 },
    { id: "a", percent: 50 },
  ];
  expect(split.config.safeParse({ shares: twins }).success).toBe(false);
  expect(split.config.safeParse({ shares: shares(50, 50), draw: "sometimes" }).success).toBe(false);
});

test("takes fractions that add up although their sum in floating point does not", () => {
  expect(split.config.safeParse({ shares: shares(33.33, 33.33, 33.34) }).success).toBe(true);
  expect(split.config.safeParse({ shares: shares(0.1, 0.2, 99.7) }).success).toBe(true);
});

test("gives each share its percent of 100,000 contacts, within one percent", () => {
  const config = { shares: shares(1, 4.5, 10, 34.5, 50) };
  const counts = count(config, () => ({ contactId: randomUUID() }), 100_000);
  config.shares.forEach(({ id, percent }) => {
    expect(Math.abs((counts[id] ?? 0) / 1000 - percent), `${id}: ${counts[id]}`).toBeLessThan(1);
  });
});

test("gives a share of nothing nobody", () => {
  expect(count({ shares: shares(0, 100, 0) }, () => ({ contactId: randomUUID() }), 2_000)).toEqual({ s1: 2_000 });
});

test("sticky: a contact goes the same way in every execution and at every visit, but not in every flow and node", () => {
  const config = { shares: shares(50, 50) };
  const exits = new Set<string>();
  for (let visit = 1; visit <= 50; visit += 1) exits.add(take(config, { contactId: "c", draw: randomUUID(), visit }));
  expect(exits.size).toBe(1);
  expect(Object.keys(count(config, (index) => ({ contactId: "c", flowId: `flow ${index}` }), 50))).toHaveLength(2);
  expect(Object.keys(count(config, (index) => ({ contactId: "c", nodeId: `node ${index}` }), 50))).toHaveLength(2);
});

test("fresh: every visit draws anew, and the same visit, asked again, the same", () => {
  const config = { shares: shares(20, 80), draw: "fresh" };
  const place = (index: number) => ({ contactId: "c", draw: `e${index % 100}`, visit: index });
  const first = count(config, place, 10_000);
  expect(Math.abs((first.s0 ?? 0) / 100 - 20)).toBeLessThan(2);
  expect(count(config, place, 10_000)).toEqual(first);
});

test("says which share it was, and has an exit for each", () => {
  const config = split.config.parse({ shares: [{ id: "a", label: "Long text", percent: 100 }, ...shares(0)] });
  expect(executeSplit(nodeContext({ config }))).toEqual({ type: "next", exit: "a", output: { share: "a", label: "Long text" } });
  expect(split.exits(config)).toEqual([
    { handle: "a", label: "Long text" },
    { handle: "s0", label: "s0" },
  ]);
});
