import { describe, expect, it } from "vitest";
import type { FlowEdge, FlowNode } from "#contract/flows.ts";
import { outlineFlow } from "./flow-outline.ts";

const node = (id: string): FlowNode => ({ id, type: id === "start" ? "start" : "delay", position: { x: 0, y: 0 }, data: {} });
/** "a>b" and "a:yes>b" make edges; the nodes are those named. */
const draw = (...paths: string[]) => {
  const edges: FlowEdge[] = paths.map((path, index) => {
    const [from = "", target = ""] = path.split(">");
    const [source = "", sourceHandle] = from.split(":");
    return { id: String(index), source, target, sourceHandle };
  });
  const names = [...new Set(edges.flatMap(({ source, target }) => [source, target]))];
  return outlineFlow(names.filter((name) => name !== "gone").map(node), edges).map((line) => {
    const indent = "  ".repeat(line.depth);
    if (line.kind === "branch") return `${indent}[${line.handle}]${line.empty ? " -" : ""}`;
    return `${indent}${line.kind === "goto" ? "-> " : ""}${line.node.id}`;
  });
};

describe("a flow as a list", () => {
  it("is empty without nodes", () => {
    expect(outlineFlow([], [])).toEqual([]);
  });

  it("ends where an edge leads nowhere", () => {
    expect(draw("start>a", "a>gone")).toEqual(["start", "a"]);
  });

  it("ends in a loop, and says where it goes back to", () => {
    expect(draw("start>a", "a>b", "b>a")).toEqual(["start", "a", "b", "-> a"]);
    expect(draw("start>start")).toEqual(["start", "-> start"]);
  });

  it("draws a straight flow from its start", () => {
    expect(draw("b>end", "start>a", "a>b")).toEqual(["start", "a", "b", "end"]);
  });

  it("indents branches under the node they leave", () => {
    expect(draw("start>if", "if:yes>a", "if:no>b", "a>c")).toEqual(["start", "if", "  [yes]", "  a", "  c", "  [no]", "  b"]);
  });

  it("goes on at the outer level where branches meet, also when one of them is empty", () => {
    expect(draw("start>if", "if:yes>a", "if:no>end", "a>end")).toEqual(["start", "if", "  [yes]", "  a", "  [no] -", "end"]);
  });

  it("draws an inner meeting inside and an outer one outside", () => {
    expect(draw("start>if", "if:yes>two", "if:no>b", "two:yes>x", "two:no>y", "x>in", "y>in", "in>end", "b>end")).toEqual([
      "start",
      "if",
      "  [yes]",
      "  two",
      "    [yes]",
      "    x",
      "    [no]",
      "    y",
      "  in",
      "  [no]",
      "  b",
      "end",
    ]);
  });

  it("draws every node that can be reached exactly once, whatever the shape", () => {
    const lines = draw("start>if", "if:1>a", "if:2>b", "if:3>c", "a>m", "b>m", "b2>m", "c>n", "m>n", "n>if");
    const drawn = lines.map((line) => line.trim()).filter((line) => !line.startsWith("[") && !line.startsWith("->"));
    expect(drawn.toSorted()).toEqual(["a", "b", "c", "if", "m", "n", "start"]);
  });
});
