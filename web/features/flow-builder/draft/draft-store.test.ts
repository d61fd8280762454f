import { expect, test } from "vitest";
import type { FlowDraft } from "#contract/flow-drafts.ts";
import type { FlowNode } from "#contract/flows.ts";
import { createDraftStore } from "./draft-store.ts";

const node = (id: string, label = id): FlowNode => ({ id, type: "send_sms", position: { x: 0, y: 0 }, data: { label } });
const draft = (nodes: FlowNode[]): FlowDraft => ({
  flowId: "flow",
  isDraft: false,
  revision: "1",
  name: "Flow",
  nodes,
  edges: [],
  settings: {},
  problems: [],
  live: "1",
  liveChanged: false,
  updatedAt: null,
  updatedByName: null,
});
const rename = (id: string, label: string) => (content: { nodes: FlowNode[] }) => {
  const found = content.nodes.find((one) => one.id === id);
  if (found) found.data.label = label;
};

test("the 501st step is refused with the number, and nothing changes", () => {
  const store = createDraftStore(draft(Array.from({ length: 500 }, (_, index) => node(`n${index}`))));
  const before = store.getState().content;
  expect(store.getState().edit("add", (content) => void content.nodes.push(node("one more")))).toBe(false);
  expect(store.getState().refusal?.message).toBe("A flow has at most 500 steps. With this it would have 501.");
  expect(store.getState().content).toBe(before);
  expect(store.getState().history.past).toEqual([]);
});

test("a flow that is too large already may be made smaller, and its texts changed", () => {
  const store = createDraftStore(draft(Array.from({ length: 510 }, (_, index) => node(`n${index}`))));
  expect(store.getState().edit("rename", rename("n1", "x"))).toBe(true);
  expect(store.getState().edit("delete", (content) => void content.nodes.pop())).toBe(true);
});

test("an edit that changes nothing is none", () => {
  const store = createDraftStore(draft([node("a")]));
  expect(store.getState().edit("nothing", rename("a", "a"))).toBe(false);
  expect(store.getState().history.past).toEqual([]);
});

test("a sentence that is typed is one edit, and a pause ends it", () => {
  let now = 0;
  const store = createDraftStore(draft([node("a")]), () => now);
  for (const label of ["H", "Hi", "Hi!"]) {
    now += 300;
    store.getState().edit("name", rename("a", label), "a label");
  }
  now += 2_000;
  store.getState().edit("name", rename("a", "Hi! Ana"), "a label");
  expect(store.getState().history.past).toHaveLength(2);
  store.getState().undo();
  expect(store.getState().content.nodes[0]?.data.label).toBe("Hi!");
  store.getState().undo();
  expect(store.getState().content.nodes[0]?.data.label).toBe("a");
});

test("selecting and marking are no edits", () => {
  const store = createDraftStore(draft([node("a"), node("b")]));
  store.getState().select("a");
  store.getState().mark(["a", "b"]);
  store.getState().focus("b");
  expect(store.getState().history.past).toEqual([]);
});

test("undo and redo focus what they changed, and a step that is gone is neither selected nor marked", () => {
  const store = createDraftStore(draft([node("a")]));
  store.getState().edit("add", (content) => void content.nodes.push(node("b")));
  store.getState().select("b");
  store.getState().mark(["a", "b"]);
  store.getState().undo();
  expect(store.getState()).toMatchObject({ selected: null, marked: ["a"] });
  store.getState().redo();
  expect(store.getState()).toMatchObject({ active: "b", revealed: 1 });
});

test("an edit is undone behind which somebody else has put a step: theirs stays, and no line leads to what is gone", () => {
  const line = (source: string, target: string) => ({ id: `${source}-${target}`, source, target });
  const store = createDraftStore({ ...draft([node("a"), node("b")]), edges: [line("a", "b")] });
  store.getState().edit("insert mine", (content) => {
    content.nodes.push(node("mine"));
    content.edges = [line("a", "mine"), line("mine", "b")];
  });
  const { content } = store.getState();
  const edges = [line("a", "mine"), line("mine", "theirs"), line("theirs", "b")];
  store.getState().accept({ content: { ...content, nodes: [...content.nodes, node("theirs")], edges } });
  store.getState().undo();
  expect(store.getState().content.nodes.map(({ id }) => id)).toEqual(["a", "b", "theirs"]);
  expect(
    store
      .getState()
      .content.edges.map(({ id }) => id)
      .toSorted(),
  ).toEqual(["a-b", "theirs-b"]);
});

test("what somebody else did since stays when an edit is undone, and what both changed is told", () => {
  const store = createDraftStore(draft([node("a"), node("b")]));
  store.getState().edit("rename a", rename("a", "mine"));
  const { content } = store.getState();
  const theirs = { ...content, nodes: [...content.nodes.map((one) => (one.id === "b" ? node("b", "theirs") : one)), node("c")] };
  store.getState().accept({ content: theirs });
  expect(store.getState().undo()?.kept).toEqual([]);
  expect(store.getState().content.nodes.map(({ data }) => data.label)).toEqual(["a", "theirs", "c"]);

  store.getState().redo();
  store.getState().accept({ content: { ...theirs, nodes: [node("a", "theirs too")] } });
  expect(store.getState().undo()?.kept).toMatchObject([{ kind: "node", id: "a" }]);
  expect(store.getState().content.nodes.map(({ data }) => data.label)).toEqual(["theirs too"]);
});
