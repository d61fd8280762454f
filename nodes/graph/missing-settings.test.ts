import { expect, test } from "vitest";
import { chain, node } from "#test/graphs.ts";
import { nodeDefinitions } from "../definitions.ts";
import { validateFlow } from "./validate-flow.ts";

test.each(Object.keys(nodeDefinitions))("what a step of the type %s lacks is told in words, never in those of a schema", (type) => {
  const steps = type === "start" ? [node("start", {})] : [node("start"), node(type, {})];
  const messages = validateFlow(chain(...steps, node("end"))).map(({ message }) => message);
  expect(messages.filter((message) => /invalid|undefined|received|expected/i.test(message))).toEqual([]);
});
