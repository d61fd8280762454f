import { describe, expect, test } from "vitest";
import { FlowPart, longestFlowPart, readFlowPart } from "./flow-part.ts";
import { flowLimits } from "./flows.ts";

const node = (id: string) => ({ id, type: "send_sms", position: { x: 0, y: 0 }, data: { config: { text: "Hi" } } });
const part = (more: object = {}) => ({
  sluice: "flow-part",
  version: 1,
  nodes: [node("a"), node("b")],
  edges: [{ id: "e", source: "a", target: "b" }],
  entry: "a",
  loose: [{ source: "b", exit: "sent" }],
  ...more,
});
const problemOf = (value: unknown) => readFlowPart(typeof value === "string" ? value : JSON.stringify(value)).problem;

describe("a clipboard", () => {
  test.each(['{"sluice":"flow","version":1,"nodes":[{"id":"a"}]}', '\uFEFF {"name":"Of elsewhere","nodes":[{}],"connections":{}}'])(
    "with the whole flow %j says where it belongs",
    (text) => expect(problemOf(text)).toBe("This clipboard holds a whole flow. Paste it on the page of flows, which imports it."),
  );

  test.each(["", "Hello", "{", "{}", "null", "[1]", '{"sluice":"flow"}', "{{ firstname }}"])("with %j holds no steps", (text) => {
    expect(problemOf(text)).toBe("This clipboard holds no steps.");
  });

  test("that is too large is refused with its size, unread", () => {
    expect(problemOf("x".repeat(50 * 1024 * 1024))).toBe("This clipboard holds 50 MB. Steps that can be pasted take at most 2 MB.");
    expect(problemOf(`{"sluice":"flow-part","x":"${"x".repeat(longestFlowPart)}"}`)).toContain("at most 2 MB");
  });

  test("with more steps than a flow may have is refused with their number", () => {
    const nodes = Array.from({ length: flowLimits.nodes + 1 }, (_, index) => node(`n${index}`));
    expect(problemOf(part({ nodes }))).toBe("This clipboard holds 501 steps. A flow has at most 500.");
  });

  test.each([
    [{ version: 2 }, "another version"],
    [{ nodes: [] }, "damaged"],
    [{ nodes: [node("a"), node("a")], edges: [], loose: [] }, "same id"],
    [{ edges: [{ id: "e", source: "a", target: "elsewhere" }] }, "leads out of the part"],
    [{ entry: "elsewhere" }, "first step"],
    [{ loose: [{ source: "elsewhere", exit: "sent" }] }, "exit belongs to no step"],
    [{ nodes: [{ ...node("a"), data: JSON.parse('{"__proto__":{"label":"x"}}') }], edges: [], loose: [] }, "damaged"],
  ])("with %j is refused with a reason", (more, words) => expect(problemOf(part(more))).toContain(words));

  test("nested deeper than anybody draws is refused and does not break the page", () => {
    expect(problemOf(`{"sluice":"flow-part","version":1,"nodes":${"[".repeat(200_000)}${"]".repeat(200_000)}}`)).toContain("damaged");
  });

  test("with steps gives them back, with keys that this version does not know", () => {
    const value = part({ nodes: [{ ...node("a"), width: 240 }], edges: [], loose: [], entry: null });
    expect(readFlowPart(JSON.stringify(value)).part).toEqual(value);
    expect(FlowPart.safeParse(part()).success).toBe(true);
  });
});
