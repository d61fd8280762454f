import { expect, test } from "vitest";
import { diffFlows } from "#nodes/diff-flows.ts";
import { graph, node, sms } from "#test/graphs.ts";
import { changedGraph } from "./changed-graph.ts";

const content = (flow: ReturnType<typeof graph>) => ({ name: "Flow", settings: {}, ...flow });
const compare = (before: ReturnType<typeof graph>, after: ReturnType<typeof graph>) =>
  changedGraph(diffFlows(content(before), content(after)), before, after);

const before = graph([node("start"), sms("One", {}, "one"), sms("Two", {}, "two"), node("end")], "start > one", "one > two", "two > end");

test("equal contents are drawn without a mark", () => {
  const { graph: drawn, marks } = compare(before, before);
  expect([drawn, marks.size]).toEqual([before, 0]);
});

test("what is new, changed and gone is marked, and what is gone hangs where it hung", () => {
  const after = graph(
    [node("start"), sms("Other", {}, "one"), sms("New", {}, "new"), node("end")],
    "start > one",
    "one > new",
    "new > end",
  );
  const { graph: drawn, marks } = compare(before, after);
  expect(Object.fromEntries(marks)).toEqual({ one: "changed", new: "added", two: "removed" });
  expect(drawn.nodes.map(({ id }) => id)).toEqual(["start", "one", "new", "end", "two"]);
  expect(drawn.edges.map(({ source, target }) => `${source} ${target}`)).toEqual([
    ...["start one", "one new", "new end"],
    ...["one two", "two end"],
  ]);
});

test("a step that leads elsewhere is changed, and a line of the same id is drawn twice", () => {
  const line = (target: string) => ({ id: "line", source: "one", target });
  const [was, is] = ["two", "end"].map((target) => ({
    nodes: before.nodes.filter(({ id }) => target === "two" || id !== "two"),
    edges: [line(target)],
  })) as [typeof before, typeof before];
  const { graph: drawn, marks } = compare(was, is);
  expect(marks.get("one")).toBe("changed");
  expect(new Set(drawn.edges.map(({ id }) => id)).size).toBe(2);
});
