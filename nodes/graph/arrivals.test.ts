import { expect, test } from "vitest";
import { chain, node, sms, wait } from "#test/graphs.ts";
import { namesOnWays } from "./names-on-ways.ts";
import { validateFlow } from "./validate-flow.ts";

const goal = node("goal", { tests: [{ field: "email", operator: "is_not_empty" }] });
const set = node("set_variable", { name: "code", value: "x" });
const reading = (...before: Parameters<typeof chain>) => chain(node("start"), ...before, sms("Code {{ variables.code }}"));

// A contact who fits already when they enter is drawn from the start, before anything is set. The list of fields and the check of a text are
// told by the same walk, so they cannot disagree.
test.each([
  ["set behind the goal", reading(wait(3600), goal, set), true],
  ["set before a wait in front of the goal", reading(set, wait(3600), goal), false],
  ["set in front of a goal without any wait", reading(set, goal), false],
])("%s: what a field picker calls sure and what the check warns of agree", (_, flow, isSure) => {
  expect(namesOnWays(flow, "sms")).toMatchObject([{ path: "variables.code", isSure }]);
  const told = validateFlow(flow, undefined, { advises: true }).filter(({ code }) => code === "read_before_set");
  expect(told.map(({ severity }) => severity)).toEqual(isSure ? [] : ["warning"]);
});
