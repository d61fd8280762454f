import { expect, test } from "vitest";
import { chain, graph, node, sms, wait } from "#test/graphs.ts";
import type { DraftContent } from "../../draft/content.ts";
import { legalTargets } from "./legal-targets.ts";

const forked = (): DraftContent => ({
  name: "Flow",
  settings: {},
  ...graph(
    [
      node("start"),
      node("condition", { branches: [{ id: "yes", tests: [{ field: "email", operator: "is_not_empty" }] }] }),
      sms("a", {}, "thanks"),
      sms("b", {}, "bye"),
      node("end"),
    ],
    "start > condition",
    "condition:yes > thanks",
    "condition:otherwise > bye",
    "thanks > bye",
    "bye > end",
  ),
});
const legal = (dragged: Parameters<typeof legalTargets>[1]) =>
  [...legalTargets(forked(), dragged)].map((key) => key.replace("\n", ":")).toSorted();

test("a step may not be put behind itself, where it is already, or inside of what moves with it", () => {
  expect(legal({ kind: "steps", ids: ["thanks"], name: "", isCopy: false })).toEqual(["bye:sent", "condition:otherwise", "start:next"]);
  expect(legal({ kind: "steps", ids: ["condition", "thanks"], name: "", isCopy: false })).toEqual(["bye:sent"]);
});

test("a copy may stand behind what it is a copy of", () => {
  expect(legal({ kind: "steps", ids: ["thanks"], name: "", isCopy: true })).toContain("thanks:sent");
});

test("a step that only ends may not be put where others follow", () => {
  expect(legal({ kind: "steps", ids: ["end"], name: "", isCopy: false })).toEqual([]);
  expect(legal({ kind: "type", type: "end", name: "" })).toEqual([]);
  const open: DraftContent = { name: "Flow", settings: {}, ...chain(node("start"), wait(60)) };
  expect([...legalTargets(open, { kind: "type", type: "end", name: "" })]).toEqual(["delay\nnext"]);
});

test("an exit may lead to every step but its own and the start", () => {
  expect(legal({ kind: "exit", place: { source: "thanks", exit: "sent" }, name: "" })).toEqual(["bye", "condition", "end"]);
});
