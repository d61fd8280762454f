import { expect, test } from "vitest";
import type { Expectation } from "#contract/flow-tests.ts";
import type { SimulatedStep, Simulation } from "#contract/simulations.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { slowdown } from "#test/processor-time.ts";
import { judgeFlowTest, outcomeOf } from "./judge-flow-test.ts";
import { proposeExpectations } from "./propose-expectations.ts";
import { stepNames } from "./step-names.ts";

const flowId = "0198a1b0-0000-7000-8000-000000000001";
const graph = chain(node("start"), sms("Hi"), sms("Bye", {}, "bye"), node("end"));
const name = stepNames(graph);
const at = "2027-03-01T09:00:00.000Z";

function step(nodeId: string, visit: number, more: Partial<SimulatedStep> = {}): SimulatedStep {
  const type = graph.nodes.find(({ id }) => id === nodeId)?.type ?? "send_sms";
  return {
    ...{ flowId, flowName: "Flow", nodeId, nodeType: type, nodeLabel: null, visit, attempt: 1, status: "completed", exit: "next" },
    ...{ reason: null, result: null, errorMessage: null, wakeAt: null, startedAt: at, completedAt: at, message: null },
    ...more,
  };
}
const message = (text: string, subject: string | null = null): SimulatedStep["message"] => ({
  ...{ channel: subject === null ? "sms" : "email", to: "+12025550123", subject, text, html: null, segments: 1, status: "sent" },
});
const seen = (steps: SimulatedStep[], more: Partial<Simulation> = {}): Simulation => ({
  ...{ startedAt: at, endedAt: "2027-03-03T09:00:00.000Z", end: "over", status: "completed", notEnrolled: null, endedReason: null },
  ...{ errorMessage: null, steps, calls: [], events: [], variables: { code: 7 } },
  contact: { firstname: "Ada", leadStatus: "", metadata: { Plan: "gold" } } as unknown as Simulation["contact"],
  ...more,
});
const walked = seen([
  step("start", 1),
  step("sms", 2, { message: message("Hi Ada") }),
  step("bye", 3, { message: message("Bye", "So long") }),
  step("end", 4),
]);
const judge = (expected: Expectation, simulation = walked) => judgeFlowTest({ expect: [expected], simulation, flowId, name });

test("a way that differs is told at the first step that differs, by the names of the steps", () => {
  const path = (...steps: string[]): Expectation => ({ kind: "path", steps });
  expect(judge(path("start", "sms", "bye", "end"))).toEqual([]);
  expect(judge(path("start", "bye", "end"))).toEqual([
    {
      nodeId: "sms",
      expected: "Goes “Start” → “Send SMS” → “End”.",
      actual: "After “Start” it came to “Send SMS” and not to “Send SMS”.",
    },
  ]);
  expect(judge(path("start", "sms"))).toMatchObject([{ nodeId: "bye", actual: expect.stringContaining("where the test expects the end") }]);
  expect(judge(path("start", "sms", "bye", "end", "sms"))).toMatchObject([{ nodeId: "sms", actual: "It went no further than “End”." }]);
  expect(judge(path("start"), seen([]))).toMatchObject([{ nodeId: "start", actual: "The contact did not come to any step." }]);
});

test("steps of other flows and earlier attempts are no steps of the way", () => {
  const other = { ...step("start", 9), flowId: "0198a1b0-0000-7000-8000-000000000002" };
  const tries = seen([step("start", 1), step("sms", 2, { status: "failed" }), other, step("sms", 2, { attempt: 2 })]);
  expect(judge({ kind: "path", steps: ["start", "sms"] }, tries)).toEqual([]);
});

test("a message is looked for in subject and text of what was really sent", () => {
  const says = (nodeId: string, contains: string): Expectation => ({ kind: "message", nodeId, contains });
  expect(judge(says("sms", "Ada"))).toEqual([]);
  expect(judge(says("bye", "So long"))).toEqual([]);
  expect(judge(says("sms", "Eve"))).toMatchObject([{ nodeId: "sms", actual: "It sent “Hi Ada”." }]);
  const refused = seen([step("start", 1), step("sms", 2, { status: "skipped", message: message("Hi Ada") })]);
  expect(judge(says("sms", "Ada"), refused)).toMatchObject([{ actual: "It sent nothing." }]);
  expect(judge(says("bye", "Bye"), refused)).toMatchObject([{ actual: "It was not reached; the way ended at “Send SMS”." }]);
  expect(judge({ kind: "no_message", nodeId: "sms" }, refused)).toEqual([]);
  expect(judge({ kind: "no_message", nodeId: "sms" })).toMatchObject([{ actual: "It sent “Hi Ada”." }]);
});

test("by which exit a step was left is told by its name, of its last visit", () => {
  const by = (nodeId: string, exit: string): Expectation => ({ kind: "exit", nodeId, exit });
  const seenBy = (...exits: (string | null)[]) => seen(exits.map((exit, index) => step("sms", index + 1, { exit })));
  expect(judge(by("sms", "sent"), seenBy("failed", "sent"))).toEqual([]);
  expect(judge(by("sms", "sent"), seenBy("sent", "skipped"))).toEqual([
    { nodeId: "sms", expected: "Leaves “Send SMS” by “Sent”.", actual: "It left by “Skipped”." },
  ]);
  expect(judge(by("sms", "sent"), seenBy(null))).toMatchObject([{ actual: "It took no exit." }]);
  expect(judge(by("bye", "sent"), seenBy("sent"))).toMatchObject([{ actual: "It was not reached; the way ended at “Send SMS”." }]);
});

test("reached and avoided steps, the end, the time and values are told as they came", () => {
  expect(judge({ kind: "reaches", nodeId: "bye" })).toEqual([]);
  expect(judge({ kind: "avoids", nodeId: "bye" })).toMatchObject([{ nodeId: "bye" }]);
  expect(judge({ kind: "ends", as: "completed" })).toEqual([]);
  expect(judge({ kind: "ends", as: "waiting" })).toMatchObject([{ nodeId: "end", actual: "It ended with the end of the flow." }]);
  expect(judge({ kind: "within", seconds: 2 * 86_400 })).toEqual([]);
  expect(judge({ kind: "within", seconds: 86_400 })).toMatchObject([{ expected: "Is over within 1 day.", actual: "It took 2 days." }]);
  expect(judge({ kind: "value", of: "variable", name: "code", is: "7" })).toEqual([]);
  expect(judge({ kind: "value", of: "field", name: "leadStatus", is: null })).toEqual([]);
  expect(judge({ kind: "value", of: "custom", name: "plan", is: "gold" })).toEqual([]);
  expect(judge({ kind: "value", of: "field", name: "constructor", is: null })).toEqual([]);
  expect(judge({ kind: "value", of: "field", name: "firstname", is: "Eve" })).toMatchObject([{ actual: "It was “Ada”." }]);
});

test("how it ended is what became of the contact", () => {
  expect(outcomeOf(seen([], { notEnrolled: "flow_archived" }))).toBe("not_enrolled");
  expect(outcomeOf(seen([], { end: "waiting", status: "running" }))).toBe("waiting");
  expect(outcomeOf(seen([], { status: "partial_failure" }))).toBe("partial_failure");
});

test("what is proposed of a simulation holds of it, and a long text is known by how it begins", () => {
  const long = seen([step("start", 1), step("sms", 2, { message: message(`${"😀".repeat(200)} end`) }), step("end", 3)]);
  for (const simulation of [walked, long, seen([], { notEnrolled: "flow_archived" })]) {
    const proposed = proposeExpectations(simulation, flowId);
    expect(proposed.length).toBeGreaterThan(0);
    expect(judgeFlowTest({ expect: proposed, simulation, flowId, name })).toEqual([]);
  }
  const [, says] = proposeExpectations(long, flowId);
  expect(says).toMatchObject({ kind: "message", contains: "😀".repeat(150) });
});

test("a step that is gone is told by the name that it had", () => {
  const before = { nodes: [{ ...node("send_sms", {}, "old"), data: { label: "Old hello" } }] };
  expect(stepNames(graph, before)("old")).toBe("“Old hello”");
  expect(name("old")).toBe("a step that was removed");
});

test("a test reads so much of long messages and no more, and does not pass then", () => {
  const long = message("x".repeat(500_000));
  const simulation = seen(Array.from({ length: 30 }, (_, index) => step("sms", index + 1, { message: long })));
  const wanted: Expectation = { kind: "message", nodeId: "sms", contains: "y" };
  expect(judge(wanted, simulation)).toHaveLength(1);
  const failures = judgeFlowTest({ expect: [wanted, wanted, wanted], simulation, flowId, name });
  expect(failures.map(({ actual }) => actual).at(-1)).toBe("Its messages are longer together than a test reads.");
  expect(failures).toHaveLength(3);
});

test("who chooses both a message and what is looked for in it makes no test slower than both are long", () => {
  const search = (length: number) => {
    const simulation = seen([step("sms", 1, { message: message("a".repeat(length)) })]);
    const expected: Expectation[] = [{ kind: "message", nodeId: "sms", contains: `${"a".repeat(length / 16)}b${"a".repeat(length / 16)}` }];
    return () => judgeFlowTest({ expect: expected, simulation, flowId, name });
  };
  expect(slowdown(search(16_000), search(128_000), 10)).toBeLessThan(24);
});

test("what is told of a way of a thousand steps is cut", () => {
  const [failure] = judge({ kind: "path", steps: Array.from({ length: 1_000 }, () => "bye") });
  expect(failure?.expected.length).toBeLessThan(3_100);
});
