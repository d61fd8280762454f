import { expect, test } from "vitest";
import { nodeContext } from "#test/node-context.ts";
import { end } from "./definition.ts";
import { executeEnd } from "./executor.ts";

test("ends the execution with its result and has no exit", () => {
  const config = end.config.parse({ result: "reached" });
  expect(executeEnd(nodeContext({ config }))).toEqual({ type: "end", output: { result: "reached" } });
  expect(end.exits(config)).toEqual([]);
  expect(end.config.parse({})).toEqual({ result: "neutral" });
});
