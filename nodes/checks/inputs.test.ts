import { describe, expect, test } from "vitest";
import { chain, node, sms } from "#test/graphs.ts";
import { namesOnWays } from "../graph/names-on-ways.ts";
import { validateFlow } from "../graph/validate-flow.ts";

const asking = (...inputs: Record<string, unknown>[]) =>
  node("start", { inputs: inputs.map((input) => ({ label: "Value", type: "text", ...input })) });
const told = (...nodes: Parameters<typeof chain>) =>
  validateFlow(chain(...nodes), undefined, { advises: true })
    .filter(({ nodeId, code }) => code !== "sends_nothing" && nodeId !== undefined)
    .map(({ code, severity, nodeId, field, suggestion }) => [code, severity, nodeId, field, suggestion]);

describe("a problem of what a flow asks for is told while it is drawn", () => {
  test("a text that reads what is not asked for, with the name that was probably meant", () => {
    expect(told(asking({ name: "amount", required: true }), sms("{{ input.ammount }}"))).toEqual([
      ["unknown_field", "error", "sms", "text", "input.amount"],
    ]);
    expect(told(node("start"), sms("{{ input.amount }}"))).toEqual([["unknown_field", "error", "sms", "text", undefined]]);
    expect(told(asking({ name: "amount", required: true }), sms("{{ input.amount.x }}"))).toEqual([
      ["unknown_field", "error", "sms", "text", "input.amount"],
    ]);
  });

  test("a setting that is wrong, at its place", () => {
    expect(told(asking({ name: "amount", type: "number", default: "x" }), sms())).toEqual([
      ["bad_config", "error", "start", "inputs.0.default", undefined],
    ]);
  });

  test("a text that cannot do without a value that may be left empty", () => {
    expect(told(asking({ name: "code" }), sms("{{ input.code }}"))).toEqual([["read_before_set", "warning", "sms", "text", undefined]]);
    expect(told(asking({ name: "code" }), sms("{{ input.code | default: '' }}"))).toEqual([]);
    expect(told(asking({ name: "code", default: "X" }), sms("{{ input.code }}"))).toEqual([]);
  });

  test("a variable that would take the place of all of them", () => {
    expect(
      told(asking({ name: "code", required: true }), node("set_variable", { name: "input", value: "x" }), sms("{{ input.code }}")),
    ).toEqual([["bad_config", "error", "set_variable", "name", undefined]]);
    expect(told(node("start"), node("set_variable", { name: "input", value: "x" }), sms("{{ input }}"))).toEqual([]);
  });
});

test("later steps are offered what is asked for, with whether everybody has it", () => {
  const flow = chain(asking({ name: "code", label: "Code" }, { name: "day", label: "Day", type: "date", required: true }), sms());
  expect(namesOnWays(flow, "sms").toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
    { path: "input.code", isSure: false, nodeId: "start", input: { label: "Code", type: "text" } },
    { path: "input.day", isSure: true, nodeId: "start", input: { label: "Day", type: "date" } },
  ]);
});
