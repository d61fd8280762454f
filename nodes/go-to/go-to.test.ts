import { expect, test } from "vitest";
import { chain, edge, graph, node, sms, wait } from "#test/graphs.ts";
import { nodeContext } from "#test/node-context.ts";
import { validateFlow } from "../graph/validate-flow.ts";
import { goTo } from "./definition.ts";
import { executeGoTo } from "./executor.ts";

const run = (config: Record<string, unknown>, more: { earlierVisits?: number; waited?: boolean } = {}) => {
  const { waited, ...place } = more;
  return executeGoTo(
    nodeContext({ config: goTo.config.parse({ target: "sms", times: 2, ...config }), waited, place, now: "2026-11-22T12:00:00Z" }),
  );
};
const back = (config: Record<string, unknown> = {}) => node("go_to", { target: "sms", times: 2, pauseSeconds: 60, ...config });
const problems = (value: unknown) => validateFlow(value).map(({ code, nodeId }) => `${code} ${nodeId ?? ""}`);

test("refuses no target, no round, more than a hundred, and a pause of less than a minute", () => {
  for (const bad of [
    { target: "" },
    { times: 0 },
    { times: 101 },
    { times: 1.5 },
    { pauseSeconds: 59 },
    { pauseSeconds: -1 },
    { forever: true },
  ]) {
    expect(goTo.config.safeParse({ target: "sms", times: 2, ...bad }).success, JSON.stringify(bad)).toBe(false);
  }
});

test("a graph is refused in which it leads nowhere, forward, to itself, or where an edge leads too", () => {
  expect(problems(chain(node("start"), sms(), back({ target: "ghost" })))).toEqual(["go_to_target_gone go_to"]);
  const forward = graph(
    [node("start"), back({ target: "end" }), sms(), node("end")],
    "start > go_to",
    "go_to:limit_reached > sms",
    "sms > end",
  );
  expect(problems(forward)).toEqual(["bad_config go_to"]);
  expect(problems(chain(node("start"), sms(), back({ target: "go_to" })))).toEqual(["bad_config go_to"]);
  const drawn = chain(node("start"), sms(), back());
  expect(problems({ ...drawn, edges: [...drawn.edges, edge("go_to:next > sms")] })).toEqual(["double_exit go_to"]);
});

test("a graph is refused in which the loop never rests, and taken where it rests here or elsewhere", () => {
  expect(problems(chain(node("start"), sms(), back({ pauseSeconds: 0 })))).toEqual([expect.stringContaining("cycle_without_wait")]);
  expect(problems(chain(node("start"), sms(), back()))).toEqual([]);
  expect(problems(chain(node("start"), sms(), wait(60), back({ pauseSeconds: 0 })))).toEqual([]);
  expect(problems(chain(node("start"), sms(), wait(59), back({ pauseSeconds: 0 })))).toEqual([
    expect.stringContaining("cycle_without_wait"),
  ]);
});

test("an edge that names no exit means the one for when the limit is reached", () => {
  const value = chain(node("start"), sms(), back(), node("end"));
  expect(problems(value)).toEqual([]);
  expect(problems({ nodes: value.nodes, edges: value.edges.slice(0, 2) })).toEqual(["unreachable end"]);
});

test("a step that only a jump leads to is reached, and a first node without a start stays the first", () => {
  expect(problems(chain(sms(), wait(60), back()))).toEqual([]);
});

test("goes back as often as allowed, then on", () => {
  expect(run({})).toMatchObject({ type: "next", exit: "next", output: { round: 1, of: 2, target: "sms" } });
  expect(run({}, { earlierVisits: 1 })).toMatchObject({ type: "next", exit: "next", output: { round: 2 } });
  expect(run({}, { earlierVisits: 2 })).toEqual({ type: "next", exit: "limit_reached", output: { rounds: 2 } });
});

test("rests before it goes back, and not before it goes on", () => {
  const outcome = run({ pauseSeconds: 90 });
  expect(outcome).toMatchObject({ type: "wait", until: new Date("2026-11-22T12:01:30Z"), output: { round: 1 } });
  expect(run({ pauseSeconds: 90 }, { waited: true })).toMatchObject({ type: "next", exit: "next" });
  expect(run({ pauseSeconds: 90 }, { earlierVisits: 2 })).toMatchObject({ exit: "limit_reached" });
});
