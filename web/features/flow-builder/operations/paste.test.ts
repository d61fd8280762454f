import { describe, expect, test } from "vitest";
import { readFlowPart } from "#contract/flow-part.ts";
import type { FlowNode } from "#contract/flows.ts";
import { validateFlow } from "#nodes/graph/validate-flow.ts";
import { chain, edge, graph, node, sms, wait } from "#test/graphs.ts";
import { edgeAt } from "./exits.ts";
import { isOnePiece, partOf } from "./part.ts";
import { pastePart } from "./paste.ts";

const keyed = (one: FlowNode, key: string): FlowNode => ({ ...one, data: { ...one.data, key } });
const hook = (id: string) => node("webhook", { url: "https://example.com/", fields: [{ name: "total", path: "a" }] }, id);

/** Start, a webhook that keeps an order, a text that reads it, a wait, a condition on it, a way back to the text, an end. */
const source = () =>
  graph(
    [
      node("start"),
      keyed(hook("hook"), "order"),
      sms("Total {{ steps.order.total | default: 'none' }}, {{ steps.other.total }}"),
      wait(3600, "wait"),
      node("condition", { branches: [{ id: "yes", tests: [{ field: "steps.order.total", operator: "is_not_empty" }] }] }),
      node("go_to", { target: "sms", times: 2, pauseSeconds: 3600 }),
      node("end"),
    ],
    "start > hook",
    "hook:success > sms",
    "sms > wait",
    "wait > condition",
    "condition:yes > go_to",
    "condition:otherwise > end",
    "go_to:limit_reached > end",
  );
const five = ["hook", "sms", "wait", "condition", "go_to"];

describe("a part that is copied", () => {
  test("holds the steps in their order, what is between them, where it begins and where it goes on", () => {
    const part = partOf(source(), ["go_to", "condition", "wait", "sms", "hook", "start"]);
    expect(part?.nodes.map(({ id }) => id)).toEqual(five);
    expect(part?.edges.map(({ source: from, target }) => `${from} > ${target}`)).toEqual([
      "hook > sms",
      "sms > wait",
      "wait > condition",
      "condition > go_to",
    ]);
    expect(part?.entry).toBe("hook");
    expect(part?.loose).toEqual([
      { source: "condition", exit: "otherwise" },
      { source: "go_to", exit: "limit_reached" },
    ]);
  });

  test("from the end of a flow goes on where it ended", () => {
    expect(partOf(chain(node("start"), sms("a")), ["sms"])?.loose).toEqual([{ source: "sms", exit: "sent" }]);
  });

  test("is nothing where only the start is selected, and no piece where its steps do not hang together", () => {
    expect(partOf(source(), ["start"])).toBeUndefined();
    const part = partOf(source(), ["hook", "wait"]);
    expect(part?.loose).toEqual([{ source: "hook", exit: "success" }]);
    expect(part && isOnePiece(part)).toBe(false);
  });

  test("comes through a clipboard as it went in", () => {
    const part = partOf(source(), five);
    expect(readFlowPart(JSON.stringify(part)).part).toEqual(part);
  });
});

describe("a part that is pasted into another flow", () => {
  const paste = () => {
    const target = graph(
      [node("start"), keyed(hook("mine"), "order"), keyed(hook("mine2"), "order_2"), node("end")],
      "start > mine",
      "mine:success > mine2",
      "mine2:success > end",
    );
    const part = partOf(source(), five);
    if (!part) throw new Error("Nothing was copied");
    const { ids, isConnected } = pastePart(target, part, [{ source: "mine", exit: "success" }]);
    const of = (id: string) => target.nodes.find((one) => one.id === ids[five.indexOf(id)]) as FlowNode;
    return { target, ids, isConnected, of, part };
  };

  test("has ids of its own and data keys that nobody has, and its own steps read the results by these", () => {
    const { ids, of, target } = paste();
    expect(new Set([...ids, ...five]).size).toBe(10);
    expect(of("hook").data.key).toBe("order_3");
    expect(of("sms").data.config?.text).toBe("Total {{ steps.order_3.total | default: 'none' }}, {{ steps.other.total }}");
    expect(of("condition").data.config).toMatchObject({ branches: [{ tests: [{ field: "steps.order_3.total" }] }] });
    expect(of("go_to").data.config?.target).toBe(of("sms").id);
    expect(target.nodes.map(({ data }) => data.key).filter(Boolean)).toEqual(["order", "order_2", "order_3"]);
  });

  test("stands at its place, and leads on to where the place led", () => {
    const { target, of, isConnected } = paste();
    expect(isConnected).toBe(true);
    const leads = (source: string, exit: string) => edgeAt(target, { source, exit })?.target;
    expect(leads("mine", "success")).toBe(of("hook").id);
    expect(leads(of("condition").id, "yes")).toBe(of("go_to").id);
    expect(leads(of("condition").id, "otherwise")).toBe("mine2");
    expect(leads(of("go_to").id, "limit_reached")).toBe("mine2");
    expect(validateFlow(target).map(({ message }) => message)).toEqual(['Send SMS: text: No step of this flow has the data key "other".']);
  });

  test("leaves what was copied as it was", () => {
    const { part } = paste();
    expect(part).toEqual(partOf(source(), five));
  });
});

describe("a part", () => {
  test("without a place is not connected", () => {
    const target = chain(node("start"), node("end"));
    const part = partOf(source(), five);
    expect(part && pastePart(target, part, []).isConnected).toBe(false);
    expect(target.edges.filter(({ source: from }) => from === "start")).toHaveLength(1);
  });

  test("that only ends is not put where it would cut off what follows, and is put at the end of a way", () => {
    const part = partOf(source(), ["end"]);
    const before = chain(node("start"), sms("a"));
    expect(part && pastePart(before, part, [{ source: "start", exit: "next" }]).isConnected).toBe(false);
    expect(edgeAt(before, { source: "start", exit: "next" })?.target).toBe("sms");
    expect(part && pastePart(before, part, [{ source: "sms", exit: "sent" }]).isConnected).toBe(true);
  });

  test("of an unknown type is kept as it is", () => {
    const strange = { ...node("sms"), type: "fax", data: { config: { number: "{{ steps.order.total }}" }, colour: "red" } };
    const from = graph([node("start"), strange], "start > sms");
    const part = partOf(from, ["sms"]);
    const target = chain(node("start"));
    if (part) pastePart(target, part, [{ source: "start", exit: "next" }]);
    expect(target.nodes.at(-1)).toMatchObject({ type: "fax", data: strange.data });
  });
});

test("an edge keeps what is noted on it", () => {
  const from = graph([node("start"), sms("a"), wait(60, "wait")], "start > sms");
  from.edges.push({ ...edge("sms > wait"), data: { note: "Not on Sundays" } });
  const part = partOf(from, ["sms", "wait"]);
  const target = chain(node("start"));
  if (part) pastePart(target, part, []);
  expect(target.edges.at(-1)).toMatchObject({ data: { note: "Not on Sundays" } });
});
