import { expect, test } from "vitest";
import type { FlowNode } from "#contract/flows.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import { namesOnWays } from "./names-on-ways.ts";

const variable = (name: string, value = "x", id = `set_${name}`) => node("set_variable", { name, value }, id);
const keyed = (one: FlowNode, key: string): FlowNode => ({ ...one, data: { ...one.data, key } });
const told = (...given: Parameters<typeof namesOnWays>) =>
  Object.fromEntries(namesOnWays(...given).map(({ path, isSure }) => [path, isSure]));
const split = node("split", {
  shares: [
    { id: "a", label: "A", percent: 50 },
    { id: "b", label: "B", percent: 50 },
  ],
});
const exits = ["a", "b"];

test("nothing is named at the start, by a step itself, by later steps, and in a graph that cannot be read", () => {
  const flow = chain(node("start"), sms(), variable("late"));
  expect(told(flow, "start")).toEqual({});
  expect(told(flow, "sms")).toEqual({});
  expect(told(flow, "set_late")).toEqual({});
  expect(told(flow, "nowhere")).toEqual({});
  expect(told({ nodes: [null, 7, { id: "x" }], edges: ["?"] }, "x")).toEqual({});
});

test("a variable is sure where every way sets it, and not where one way does not", () => {
  const both = graph(
    [node("start"), split, variable("one"), variable("one", "y", "set_other"), sms()],
    "start > split",
    `split:${exits[0]} > set_one`,
    `split:${exits[1]} > set_other`,
    "set_one > sms",
    "set_other > sms",
  );
  expect(told(both, "sms")).toEqual({ "variables.one": true });
  const half = graph(
    [node("start"), split, variable("one"), sms()],
    "start > split",
    `split:${exits[0]} > set_one`,
    `split:${exits[1]} > sms`,
    "set_one > sms",
  );
  expect(told(half, "sms")).toEqual({ "variables.one": false });
  expect(told(half, "set_one")).toEqual({});
});

test("a variable that a field without a value would take away is never sure", () => {
  const taken = chain(node("start"), variable("one"), variable("one", "{{ lastname }}", "again"), sms());
  expect(told(taken, "again")).toEqual({ "variables.one": true });
  expect(told(taken, "sms")).toEqual({ "variables.one": false });
  expect(told(chain(node("start"), variable("one", '{{ lastname | default: "-" }}'), sms()), "sms")).toEqual({ "variables.one": true });
});

test("a way back brings names to the steps before, where they are not sure", () => {
  const round = graph(
    [node("start"), sms(), wait(3600), variable("one"), node("go_to", { target: "sms", times: 2, pauseSeconds: 60 })],
    "start > sms",
    "sms > delay",
    "delay > set_one",
    "set_one > go_to",
  );
  expect(told(round, "sms")).toEqual({ "variables.one": false });
  expect(told(round, "go_to")).toEqual({ "variables.one": true });
});

test("what a webhook keeps is sure by its success only, and nothing is sure at a goal", () => {
  const call = keyed(
    node("webhook", { method: "POST", url: "https://example.com/", body: { type: "none" }, fields: [{ name: "total", path: "total" }] }),
    "order",
  );
  const flow = graph(
    [
      node("start"),
      call,
      sms(),
      email(),
      node("goal", { match: "all", tests: [{ field: "email", operator: "is_not_empty" }] }),
      sms("x", {}, "last"),
    ],
    "start > webhook",
    "webhook:success > sms",
    "webhook:error > email",
    "sms > goal",
    "goal > last",
  );
  expect(told(flow, "sms")).toMatchObject({ "steps.order.total": true, "steps.order.status": false });
  expect(told(flow, "email")).toMatchObject({ "steps.order.total": false });
  expect(told(flow, "last")).toMatchObject({ "steps.order.total": false });
});

test("a step that is switched off sets nothing, and a goal that is draws nobody", () => {
  const off = (one: FlowNode): FlowNode => ({ ...one, data: { ...one.data, off: true } });
  expect(told(chain(node("start"), off(variable("one")), sms()), "sms")).toEqual({});
  const goal = node("goal", { tests: [{ field: "email", operator: "is_not_empty" }] });
  const to = (one: FlowNode) => chain(node("start"), variable("one"), wait(3600), one, sms());
  expect(told(to(goal), "sms")).toEqual({ "variables.one": false });
  expect(told(to(off(goal)), "sms")).toEqual({ "variables.one": true });
});
