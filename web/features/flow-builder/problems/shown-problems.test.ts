import { expect, test } from "vitest";
import type { FlowProblem } from "#contract/flows.ts";
import { placeAfter, type Visited } from "./shown-problems.ts";

const problem = (nodeId: string): FlowProblem => ({ severity: "error", code: "missing_config", message: "", nodeId });
const listOf = (...ids: string[]) => ids.map(problem);
const at = (nodeId: string, index: number): Visited => ({ problem: problem(nodeId), index });

test.each([
  ["begins with the first", listOf("a", "b"), undefined, 1, 0],
  ["begins backwards with the last", listOf("a", "b"), undefined, -1, 1],
  ["goes on", listOf("a", "b", "c"), at("b", 1), 1, 2],
  ["goes round from the last to the first", listOf("a", "b"), at("b", 1), 1, 0],
  ["goes round from the first to the last", listOf("a", "b"), at("a", 0), -1, 1],
  ["does not show the last one twice where another came before it", listOf("a", "new", "b"), at("b", 1), 1, 0],
  ["goes to what took the place of one that was mended", listOf("a", "c"), at("b", 1), 1, 1],
  ["goes back from the place of one that was mended", listOf("a", "c"), at("b", 1), -1, 0],
  ["goes round where all of the last ones were mended", listOf("a"), at("c", 2), 1, 0],
  ["goes back to the only one that is left", listOf("a"), at("c", 2), -1, 0],
] as const)("the way through the problems %s", (_, list, last, step, place) => {
  expect(placeAfter(list, last, step)).toBe(place);
});
