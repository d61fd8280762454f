import { describe, expect, it } from "vitest";
import { stepFacts } from "./step-facts.ts";

const told = (nodeType: string, result: Record<string, unknown>) => stepFacts({ nodeType, status: "completed", result }, "UTC");
const words = (nodeType: string, result: Record<string, unknown>) =>
  told(nodeType, result).facts.map(({ label, value }) => `${label}: ${value}`);

describe("what a step says of itself", () => {
  it("leaves what it has no words for to the raw record", () => {
    expect(told("delay", { strange: { deep: 1 } })).toMatchObject({ facts: [], hasMore: true });
  });

  it("names a change by what was and what is, and says when nothing changed", () => {
    const changes = { lead_status: { before: "New", after: "Qualified" }, "metadata.plan": { before: null, after: "pro" } };
    expect(told("update_contact", { changes }).changes).toEqual([
      { field: "lead_status", before: "New", after: "Qualified" },
      { field: "metadata.plan", before: null, after: "pro" },
    ]);
    expect(words("update_contact", { changes: {} })).toEqual(["Changed: Nothing: it was so already"]);
  });

  it("tells consent apart by what differs", () => {
    const before = { sms_opted_out: false, email_opted_out: true, dnc: false };
    expect(told("consent", { before, after: { ...before, sms_opted_out: true }, reason: "Asked by phone" })).toMatchObject({
      changes: [{ field: "sms_opted_out", before: false, after: true }],
      facts: [{ label: "Reason", value: "Asked by phone" }],
      hasMore: false,
    });
  });

  it("names variables, set and taken away, once", () => {
    expect(words("set_variable", { name: "plan", value: "pro", variables: { plan: "pro", old: null } })).toEqual([
      "vars.plan: “pro”",
      "vars.old: taken away",
    ]);
  });

  it("gives a webhook's status, its time, its calls and what was read from the answer", () => {
    const result = { attempts: 3, duration_ms: 340, status: 503, answer: "<html>busy", order_id: 7 };
    expect(words("webhook", result)).toEqual(["Calls: 3", "Took: 340 ms", "Answer: HTTP 503", "order_id: 7"]);
    expect(told("webhook", result).answer).toBe("<html>busy");
    expect(words("webhook", { attempts: 1, status: 200 })).toEqual(["Answer: HTTP 200"]);
  });

  it("leads to the enrollment it began, and says how another flow ended", () => {
    expect(told("start_flow", { flow_id: "f", execution_id: "e", send_id: "s" })).toMatchObject({
      started: "e",
      facts: [],
      hasMore: false,
    });
    expect(words("start_flow", { status: "partial_failure" })).toEqual(["Answer: The other flow: partial failure"]);
    expect(words("leave_flows", { ended: 2, rehearsed: true })).toEqual([
      "Ended: 2 other enrollments",
      "Test: Rehearsed only: nothing was changed",
    ]);
  });
});
