import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Send, sendStates, sources } from "#contract/sends.ts";
import { buildSend as send } from "#test/build-history.ts";
import { originWords } from "#web/entities/sends/send-words.ts";
import { totalsParts, totalsSums } from "./send-totals.ts";

const count = fc.nat({ max: 1_000_000 });
const balanced = fc
  .record({
    active: count,
    completed: count,
    completedUnreached: fc.constantFrom(null, 0, 1, 7),
    failed: count,
    partialFailure: count,
    cancelled: count,
    notEnrolled: count,
  })
  .map((counts) => {
    const completedUnreached = counts.completedUnreached === null ? null : Math.min(counts.completedUnreached, counts.completed);
    const enrolled = counts.active + counts.completed + counts.failed + counts.partialFailure + counts.cancelled;
    return { ...counts, completedUnreached, enrolled, total: enrolled + counts.notEnrolled };
  });

describe("the totals of a send", () => {
  it("show a count that is missing instead of hiding it", () => {
    const [selected, enrolled] = totalsSums(send({ total: 10, enrolled: 8, notEnrolled: 1, completed: 6, active: 1 }));
    expect(selected.missing).toBe(1);
    expect(enrolled.missing).toBe(1);
  });

  it("miss nobody of a send that waits for approval, or that was refused a moment ago", () => {
    const nobodyYet = {
      total: 10,
      enrolled: 0,
      notEnrolled: 0,
      active: 0,
      completed: 0,
      failed: 0,
      partialFailure: 0,
      cancelled: 0,
      enrolledAt: null,
    };
    for (const state of ["awaiting_approval", "stopped", "undone"] as const)
      expect(totalsSums(send({ ...nobodyYet, state }))[0].missing).toBe(0);
  });

  it("put everybody selected into exactly one part", () => {
    fc.assert(
      fc.property(balanced, (counts) => {
        const parts = totalsParts(send(counts));
        expect(parts.reduce((sum, part) => sum + part.count, 0)).toBe(counts.total);
        for (const sum of totalsSums(send(counts))) expect(sum.missing).toBe(0);
      }),
    );
  });

  it("tell whom nothing could be sent to apart from those who were reached", () => {
    const parts = totalsParts(send({ total: 10, enrolled: 10, completed: 10, reached: 6, unreached: 4, completedUnreached: 4 }));
    expect(parts.filter(({ count }) => count > 0).map(({ label, count }) => `${count} ${label}`)).toEqual([
      "6 Completed",
      "4 Completed, nobody reached",
    ]);
  });

  it("say of a send whose start has not come that nobody has started", () => {
    expect(totalsSums(send({ total: 3, enrolled: 3, active: 3 }), true)[1].parts[1]).toEqual({ label: "Not started", count: 3 });
  });

  it("count those the server has not come to as not yet enrolled, only while it enrols", () => {
    const counts = { total: 10_000, enrolled: 4_000, notEnrolled: 12, active: 4_000 };
    const unread = (state: Send["state"]) => totalsParts(send({ ...counts, state })).find((part) => part.key === "unread")?.count;
    expect(unread("enrolling")).toBe(5_988);
    expect(totalsSums(send({ ...counts, state: "enrolling" }))[0].missing).toBe(0);
    expect(unread("running")).toBe(0);
    expect(totalsSums(send({ ...counts, state: "running" }))[0].missing).toBe(5_988);
    expect(sendStates).toContain("enrolling");
  });
});

describe("where a send came from", () => {
  it("is said for every source, with the page it was pressed on where known", () => {
    for (const source of sources) expect(originWords({ source, launchedFrom: null })).toMatch(/^[A-Z]/);
    expect(originWords({ source: "manual", launchedFrom: "Contacts page" })).toBe("Manual send (Contacts page)");
  });
});
