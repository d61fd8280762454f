import { expect, it } from "vitest";
import { narrowingQuery, periodEdge, readNarrowing, writeNarrowing } from "./narrowing.ts";

it("what names no filter is said, and the rest is read", () => {
  const { narrowing, unreadable } = readNarrowing({ at: "hello", reason: "boredom", version: "7", from: "yesterday", to: "2026-12-01" });
  expect(unreadable).toEqual(["boredom", "7", "yesterday"]);
  expect(narrowing).toEqual({ at: "hello", to: "2026-12-01" });
});

it("an exit without its step is no filter, nor a step without its exit", () => {
  expect(readNarrowing({ exit: "yes" }).unreadable).toEqual(["yes"]);
  expect(readNarrowing({ left: "ask" }).unreadable).toEqual(["ask"]);
  expect(readNarrowing({ left: "ask", exit: "yes" }).unreadable).toEqual([]);
});

it("an address loses what is no filter any more", () => {
  expect(Object.entries(writeNarrowing({ at: "hello" })).filter(([, value]) => value !== undefined)).toEqual([["at", "hello"]]);
  expect(Object.keys(writeNarrowing({}))).toContain("reason");
});

it("a period holds both of its days, on the clock of the workspace", () => {
  // Chicago goes from UTC-6 to UTC-5 on this day, which therefore has 23 hours.
  expect(periodEdge("2026-03-08", "America/Chicago", "from")).toBe("2026-03-08T06:00:00.000Z");
  expect(periodEdge("2026-03-08", "America/Chicago", "to")).toBe("2026-03-09T05:00:00.000Z");
  expect(periodEdge("2026-03-08T12:00:00.123456Z", "America/Chicago", "from")).toBe("2026-03-08T12:00:00.123456Z");
});

it("each name of the address asks the server for what it says", () => {
  expect(narrowingQuery({ failed: "hello", left: "ask", exit: "yes", reason: "no_provider", runs: "only" }, "UTC")).toMatchObject({
    testRuns: "only",
    failedNodeId: "hello",
    leftNodeId: "ask",
    exit: "yes",
    reason: "no_provider",
    nodeId: undefined,
  });
});
