import { expect, test } from "vitest";
import { chain, graph, node, sms, wait } from "#test/graphs.ts";
import { nodeContext } from "#test/node-context.ts";
import { validateFlow } from "../graph/validate-flow.ts";
import { startFlow } from "./definition.ts";
import { executeStartFlow } from "./executor.ts";

const flowId = "0198a3f0-0000-7000-8000-000000000001";
const otherId = "0198a3f0-0000-7000-8000-000000000002";
type Context = Parameters<typeof nodeContext>[0];
const run = (config: Record<string, unknown> = {}, more: Partial<Context> = {}) =>
  executeStartFlow(nodeContext({ ...more, config: startFlow.config.parse({ flowId, ...config }) }));

test("refuses no flow, names that are none or twice, and to wait no day or more than a year", () => {
  const value = { name: "code", value: "x" };
  for (const bad of [
    ...[{ flowId: "" }, { flowId: "x" }, { values: [value, value] }, { values: [{ ...value, name: "__proto__" }] }],
    ...[{ values: [{ ...value, value: "{{ x" }] }, { values: Array(21).fill(value) }, { waitDays: 0 }, { waitDays: 367 }, { x: 1 }],
  ]) {
    expect(startFlow.config.safeParse({ flowId, ...bad }).success, JSON.stringify(bad)).toBe(false);
  }
});

test("a flow that starts itself is refused unless it rests before, by whichever way", () => {
  const again = node("start_flow", { flowId }, "again");
  const problems = (value: unknown, own = flowId) => validateFlow(value, own).map(({ code, nodeId }) => `${code} ${nodeId}`);
  expect(problems(chain(node("start"), sms(), again))).toEqual(["cycle_without_wait again"]);
  expect(problems(chain(node("start"), wait(59), again))).toEqual(["cycle_without_wait again"]);
  expect(problems(chain(node("start"), wait(60), again))).toEqual([]);
  expect(problems(chain(node("start"), sms(), again), otherId)).toEqual([]);
  const branch = node("split", {
    shares: [
      { id: "a", percent: 50 },
      { id: "b", percent: 50 },
    ],
  });
  const ways = graph([node("start"), branch, wait(60), again], "start > split", "split:a > delay", "split:b > again", "delay > again");
  expect(problems(ways)).toEqual(["cycle_without_wait again"]);
});

test("says what to start and what to hand over, and whether its end is waited for", () => {
  expect(run({ values: [{ name: "who", value: "Dear {{ firstname }}" }] })).toEqual({
    type: "start",
    start: {
      flowId,
      values: { who: "Dear Ada" },
      waitSeconds: undefined,
      exits: { started: "started", notAllowed: "not_allowed", failed: "failed" },
    },
  });
  expect(run({ wait: true, waitDays: 2 })).toMatchObject({ start: { waitSeconds: 172_800, exits: { started: "finished" } } });
  expect(startFlow.exits(startFlow.config.parse({ flowId, wait: true })).map(({ handle }) => handle)).toEqual([
    "finished",
    "not_allowed",
    "failed",
  ]);
});

test("a value that is missing is a failure, and nothing is started", () => {
  expect(run({ values: [{ name: "plan", value: "{{ metadata.plan }}" }] })).toMatchObject({
    type: "fail",
    exit: "failed",
    reason: "template_missing_value",
    output: { fields: ["metadata.plan"] },
  });
});

test("goes on by how the other flow ended", () => {
  const child = (status: string) => ({ waited: true, child: { executionId: "c", status, reason: null } }) as Partial<Context>;
  for (const status of ["completed", "partial_failure"])
    expect(run({ wait: true }, child(status))).toMatchObject({ type: "next", exit: "finished" });
  for (const status of ["failed", "cancelled"])
    expect(run({ wait: true }, child(status))).toMatchObject({ type: "fail", reason: "child_failed" });
  expect(run({ wait: true }, child("running"))).toMatchObject({ type: "fail", exit: "failed", reason: "child_timeout" });
  expect(run({ wait: true }, { waited: true })).toMatchObject({ type: "fail", reason: "child_failed" });
});
