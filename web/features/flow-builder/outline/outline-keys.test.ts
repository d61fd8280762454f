import { beforeEach, expect, test } from "vitest";
import { createActions } from "../actions.ts";
import { createDraftStore } from "../draft/draft-store.ts";
import { foldedSteps } from "../fold/folded-steps.ts";
import { keyAction } from "./outline-keys.ts";
import { exitRowKey, outlineRows } from "./outline-rows.ts";

const tests = [{ field: "email", operator: "is_not_empty" }];
const condition = { branches: [{ id: "yes", label: "Yes", tests }] };
const node = (id: string, type = "send_sms", config: Record<string, unknown> = { text: "Hi" }) => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: { config },
});
const edge = (path: string) => {
  const [from = "", target = ""] = path.split(" > ");
  const [source = "", sourceHandle] = from.split(":");
  return { id: path, source, target, ...(sourceHandle && { sourceHandle }) };
};
/** if: yes > a > inner (yes > b, otherwise > c); otherwise > d. A viewer has it, so nothing of it is changed. */
const draft = {
  flowId: "0198f5a0-0000-7000-8000-0000000000f1",
  name: "Flow",
  settings: {},
  nodes: [
    node("start", "start", {}),
    node("if", "condition", condition),
    node("a"),
    node("inner", "condition", condition),
    node("b"),
    node("c"),
    node("d"),
  ],
  edges: ["start > if", "if:yes > a", "a > inner", "inner:yes > b", "inner:otherwise > c", "if:otherwise > d"].map(edge),
  isDraft: false,
  revision: "1",
  problems: [],
  live: "live",
  liveChanged: false,
  updatedAt: null,
  updatedByName: null,
};
const head = (source: string, exit: string) => exitRowKey({ source, exit });
const [yes, otherwise] = [head("if", "yes"), head("if", "otherwise")];

let store: ReturnType<typeof createDraftStore>;
let press: (key: string, isOnCanvas?: boolean) => boolean;
beforeEach(() => {
  store = createDraftStore(draft);
  const actions = createActions(store, () => undefined);
  press = (key, isOnCanvas = false) => {
    const { content, folded, active } = store.getState();
    const rows = outlineRows(content, foldedSteps(content, folded));
    const event = { key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false } as Parameters<typeof keyAction>[0];
    const run = keyAction(event, { store, rows, current: active, disabled: true, actions, isOnCanvas });
    run?.();
    return run !== undefined;
  };
});
const at = (row: string) => store.getState().reveal(row);
const state = () => [store.getState().active, ...store.getState().folded];

test("F inside a branch folds it, and the focus goes to its head; F there unfolds it", () => {
  at("b");
  press("f");
  expect(state()).toEqual([head("inner", "yes"), head("inner", "yes")]);
  press("f");
  expect(state()).toEqual([head("inner", "yes")]);
});

test("F on a step where ways part folds all of them, and unfolds them when all are folded", () => {
  at(otherwise);
  press("f");
  at("if");
  press("f");
  expect(state()).toEqual(["if", yes, otherwise]);
  press("f");
  expect(state()).toEqual(["if"]);
});

test("F where there is no branch is left to the browser", () => {
  at("start");
  expect(press("f")).toBe(false);
});

test("in the outline the arrows fold, unfold, and lead out and in", () => {
  at(yes);
  press("ArrowLeft");
  expect(state()).toEqual([yes, yes]);
  press("ArrowLeft");
  expect(state()).toEqual(["if", yes]);
  at(yes);
  press("ArrowRight");
  expect(state()).toEqual([yes]);
  press("ArrowRight");
  expect(state()).toEqual(["a"]);
});

test("on the canvas the arrows lead to the branch beside, and from the last one of a step to the one further out", () => {
  at("b");
  press("ArrowRight", true);
  expect(state()).toEqual(["c"]);
  press("ArrowRight", true);
  expect(state()).toEqual(["d"]);
  expect(press("ArrowRight", true)).toBe(false);
  press("ArrowLeft", true);
  expect(state()).toEqual(["a"]);
  expect(press("ArrowLeft", true)).toBe(false);
  at(otherwise);
  press("ArrowLeft", true);
  expect(state()).toEqual([yes]);
});

test("a branch that is folded is passed by its head", () => {
  at(yes);
  press("f");
  at("d");
  press("ArrowLeft", true);
  expect(state()).toEqual([yes, yes]);
});
