import { expect, test } from "vitest";
import { readFlowText } from "./flow-text.ts";

test("plain texts, other JSON and half of a flow are none", () => {
  for (const text of ["", "Hello", "[]", "[1]", "{}", '{"nodes": {}}', '{"nodes": [', "null"]) expect(readFlowText(text)).toBeUndefined();
});

test("steps that were copied in the builder are told from a whole flow", () => {
  expect(readFlowText('{"sluice":"flow-part","version":1,"nodes":[]}')).toBe("parts");
});

test("a flow is told with its name and size, wherever it stands in the text", () => {
  const flow = { name: " Welcome ", nodes: [{ id: "a" }, { id: "b" }], edges: [{ id: "e" }] };
  for (const text of [JSON.stringify(flow), `\uFEFF [${JSON.stringify(flow)}]`, JSON.stringify({ data: flow })]) {
    expect(readFlowText(text)).toEqual({ text, name: "Welcome", steps: 2, connections: 1, isOurs: false });
  }
  expect(readFlowText('{"sluice":"flow","version":1,"nodes":[]}')).toMatchObject({ name: "", isOurs: true });
});
