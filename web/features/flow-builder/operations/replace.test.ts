import { describe, expect, test } from "vitest";
import { validateFlow } from "#nodes/graph/validate-flow.ts";
import type { DraftContent } from "../draft/content.ts";
import { change, noHistory, undo } from "../draft/history.ts";
import type { Graph } from "./exits.ts";
import { lossesOf, replaceStep } from "./replace.ts";

const node = (id: string, type: string, config: Record<string, unknown> = {}, data: object = {}) => ({
  id,
  type,
  position: { x: 3, y: 4 },
  data: { config, ...data },
});
const sms = (id: string, config: object = {}) => node(id, "send_sms", { text: "Hi", onError: "stop", ...config });
const flow = (...middle: Graph["nodes"]): Graph => ({
  nodes: [node("start", "start"), ...middle, sms("after"), sms("other"), node("end", "end")],
  edges: [
    { id: "a", source: "start", target: middle[0]?.id ?? "after" },
    { id: "z", source: "after", target: "end", sourceHandle: "sent" },
  ],
});
const leads = (graph: Graph, source: string) =>
  graph.edges.filter((edge) => edge.source === source).map(({ sourceHandle, target }) => `${sourceHandle ?? ""} > ${target}`);
const errors = (graph: Graph) => validateFlow(graph).filter(({ severity }) => severity === "error");

describe("a step that is replaced", () => {
  test("is never the start, does not become one, and does not become what is not known", () => {
    const graph = flow(sms("one"));
    for (const [id, type] of [
      ["start", "delay"],
      ["one", "start"],
      ["one", "fax"],
      ["nobody", "delay"],
    ] as const)
      replaceStep(graph, id, type);
    expect(graph).toEqual(flow(sms("one")));
  });

  test("keeps its id, name, note, data key and place, and what other tools wrote beside them", () => {
    const graph = flow({ ...sms("one"), data: { ...sms("one").data, label: "Hello", note: "Ask Ana", key: "hello", colour: "red" } });
    replaceStep(graph, "one", "send_email");
    expect(graph.nodes[1]).toMatchObject({
      id: "one",
      type: "send_email",
      position: { x: 3, y: 4 },
      data: { label: "Hello", note: "Ask Ana", key: "hello", colour: "red" },
    });
  });

  test("keeps the settings that both types have alike, and no others", () => {
    const graph = flow(sms("one", { text: "See you, {{ firstname }}", onError: "continue", extra: 1 }));
    const { settings } = lossesOf(graph, "one", "send_email");
    replaceStep(graph, "one", "send_email");
    expect(graph.nodes[1]?.data.config).toMatchObject({ text: "See you, {{ firstname }}", onError: "continue" });
    expect(graph.nodes[1]?.data.config).not.toHaveProperty("extra");
    expect(settings).toEqual(["extra"]);
  });

  test("loses nothing that anybody has filled in where its settings are as they were proposed", () => {
    const graph = flow(node("one", "delay", { mode: "duration", amount: 1, unit: "days" }));
    expect(lossesOf(graph, "one", "send_sms").settings).toEqual([]);
  });

  test("leads on by exits of the same name, and then in their order", () => {
    const graph = flow(sms("one"));
    graph.edges.push({ id: "b", source: "one", target: "after", sourceHandle: "sent" });
    graph.edges.push({ id: "c", source: "one", target: "other", sourceHandle: "failed" });
    const asMail = structuredClone(graph);
    replaceStep(asMail, "one", "send_email");
    expect(leads(asMail, "one")).toEqual(["sent > after", "failed > other"]);
    replaceStep(graph, "one", "wait_until");
    expect(leads(graph, "one")).toEqual(["met > after", "time_over > after"]);
    expect(errors(graph)).toEqual([]);
  });

  test("tells which ways it loses", () => {
    const graph = flow(
      node("one", "split", {
        shares: [
          { id: "a", label: "A", percent: 50 },
          { id: "b", label: "B", percent: 50 },
        ],
      }),
    );
    graph.edges.push({ id: "b", source: "one", target: "after", sourceHandle: "a" });
    graph.edges.push({ id: "c", source: "one", target: "other", sourceHandle: "b" });
    expect(lossesOf(graph, "one", "delay").ways).toEqual([{ label: "B", target: "other" }]);
    expect(lossesOf(graph, "one", "end").ways).toHaveLength(2);
    replaceStep(graph, "one", "delay");
    expect(leads(graph, "one")).toEqual([" > after"]);
    expect(graph.nodes).toHaveLength(5);
  });

  test("by one that branches leads on where it led by every way, so that nobody ends unseen", () => {
    const graph = flow(node("one", "delay", { mode: "duration", amount: 1, unit: "days" }));
    graph.edges.push({ id: "b", source: "one", target: "after" });
    replaceStep(graph, "one", "condition");
    expect(leads(graph, "one")).toEqual(["yes > after", "otherwise > after"]);
    expect(errors(graph)).toEqual([]);
  });

  test("of a type that this version does not know gets one that it knows, and keeps its way", () => {
    const graph = flow(node("one", "fax", { text: "Hi there" }));
    graph.edges.push({ id: "b", source: "one", target: "after", sourceHandle: "faxed" });
    replaceStep(graph, "one", "send_sms");
    expect(leads(graph, "one")).toEqual(["sent > after"]);
    expect(graph.nodes[1]?.data.config?.text).toBe("Hi there");
  });

  test("tells who reads a result that there will not be", () => {
    const graph = flow(node("one", "webhook", { url: "https://example.com", fields: [{ name: "total", path: "a" }] }, { key: "order" }));
    graph.nodes.push(sms("reader", { text: "It is {{ steps.order.total }}" }));
    expect(lossesOf(graph, "one", "send_sms").readers).toEqual([{ nodeId: "reader", name: "total" }]);
  });

  test("comes back whole by one undo", () => {
    const before: DraftContent = { name: "Flow", settings: {}, ...flow(sms("one", { extra: 1 })) };
    const done = change(before, noHistory, { label: "replace", recipe: (draft) => replaceStep(draft, "one", "condition"), at: 0 });
    expect(done?.content.nodes[1]?.type).toBe("condition");
    expect(done && undo(done.content, done.history)?.content).toEqual(before);
  });
});
