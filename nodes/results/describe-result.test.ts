import { describe, expect, test } from "vitest";
import { describeResult } from "./describe-result.ts";

const told = (nodeType: string, result: Record<string, unknown> | null, status = "completed") =>
  describeResult({ nodeType, status, result });

describe("the history leaves to the raw record", () => {
  test("everything of a node type that is not known", () => {
    expect(told("voice_call", { said: "hello" })).toEqual({ facts: [], hasMore: true });
    expect(told("constructor", { name: "x" })).toEqual({ facts: [], hasMore: true });
    expect(told("voice_call", null)).toEqual({ facts: [], hasMore: false });
  });

  test("a key that is not declared, and a value that does not fit its declaration", () => {
    expect(told("split", { label: "A", strange: 1 })).toEqual({ facts: [{ kind: "text", label: "Share", value: "A" }], hasMore: true });
    expect(told("delay", { until: 7, zone: "UTC" })).toEqual({
      facts: [{ kind: "text", label: "Time zone", value: "UTC" }],
      hasMore: true,
    });
    expect(told("condition", { compared: [{ field: "email" }] })).toEqual({ facts: [], hasMore: true });
  });
});

test("says no planned time beside a step that still waits, because its badge does", () => {
  const result = { until: "2026-01-01T00:00:00Z" };
  expect(told("delay", result, "waiting").facts).toEqual([]);
  expect(told("delay", result).facts).toEqual([{ kind: "time", label: "Planned until", value: "2026-01-01T00:00:00Z" }]);
});

test("tells fields of a webhook's answer by the names of their author, whatever these are", () => {
  const result = { status: 200, goal: "signed up", fields: "a, b", ended: 3, paid: true };
  expect(told("webhook", result).facts.map(({ label, value }) => `${label}: ${value}`)).toEqual([
    "Answer: HTTP 200",
    "fields: a, b",
    "goal: signed up",
    "ended: 3",
    "paid: yes",
  ]);
});
