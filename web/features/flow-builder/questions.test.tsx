import { act, screen, within } from "@testing-library/react";
import { useState } from "react";
import { beforeEach, describe, expect, test } from "vitest";
import { chain, graph, node, sms } from "#test/graphs.ts";
import { renderUi } from "#test/render.tsx";
import { type BuilderActions, createActions } from "./actions.ts";
import { createDraftStore, type DraftStore } from "./draft/draft-store.ts";
import type { Graph } from "./operations/exits.ts";
import type { Question } from "./question.ts";
import { Questions } from "./questions.tsx";
import { useDraft } from "./use-draft.ts";

let store: DraftStore;
let actions: BuilderActions;

function Host() {
  const [question, setQuestion] = useState<Question | null>(null);
  const [made] = useState(() => createActions(store, setQuestion));
  actions = made;
  const content = useDraft(store, (state) => state.content);
  const server = { read: () => Promise.reject(new Error("unused")), save: () => Promise.reject(new Error("unused")) };
  return <Questions {...{ question, store, server, content, actions: made }} problems={[]} onAnswered={() => setQuestion(null)} />;
}

const beginning = (flow: Graph) => ({
  flowId: "0198f5a0-0000-7000-8000-0000000000f1",
  name: "Flow",
  settings: {},
  ...flow,
  isDraft: false,
  revision: "1",
  problems: [],
  live: "live",
  liveChanged: false,
  updatedAt: null,
  updatedByName: null,
});
const tests = [{ field: "email", operator: "is_not_empty" }];
/** if: yes > thanks > gift; otherwise > bye. */
const forked = graph(
  [
    node("start"),
    node("condition", { branches: [{ id: "yes", label: "Yes", tests }] }, "if"),
    sms("Thanks", {}, "thanks"),
    sms("Gift", {}, "gift"),
    sms("Bye", {}, "bye"),
  ],
  ...["start > if", "if:yes > thanks", "thanks > gift", "if:otherwise > bye"],
);

beforeEach(() => {
  store = createDraftStore(beginning(forked));
});
const ask = async (ids: string[]) => {
  const rendered = await renderUi(<Host />);
  act(() => actions.remove(ids));
  return rendered;
};
const left = () => store.getState().content.nodes.map(({ id }) => id);
const lines = () => store.getState().content.edges.map(({ source, target }) => `${source} > ${target}`);

describe("a condition whose ways lead to different steps is taken away", () => {
  test("not before it was asked where contacts go on, and not at all where that is called off", async () => {
    const { user } = await ask(["if"]);
    const dialog = await screen.findByRole("dialog", { name: "Delete “Condition”" });
    expect(within(dialog).getByRole("button", { name: /^Go on as “Yes”.*· 1 step left unconnected$/ })).toBeDefined();
    expect(within(dialog).getByRole("button", { name: /^Go on as “Otherwise”.*· 2 steps left unconnected$/ })).toBeDefined();
    await user.click(within(dialog).getByRole("button", { name: "Cancel" }));
    expect(store.getState().content.nodes).toEqual(forked.nodes);
  });

  test.each([
    [/^Go on as “Yes”/, false, ["start", "thanks", "gift", "bye"], ["start > thanks", "thanks > gift"]],
    [/^Go on as “Yes”/, true, ["start", "thanks", "gift"], ["start > thanks", "thanks > gift"]],
    [/^Go on as “Otherwise”/, true, ["start", "bye"], ["start > bye"]],
    [/^End there/, false, ["start", "thanks", "gift", "bye"], ["thanks > gift"]],
    [/^End there/, true, ["start"], []],
  ])("%s, with what only the others led to: %s; and one undo brings everything back", async (choice, withBranches, nodes, edges) => {
    const { user } = await ask(["if"]);
    const dialog = await screen.findByRole("dialog", { name: "Delete “Condition”" });
    if (withBranches) await user.click(within(dialog).getByRole("checkbox", { name: "Also delete the steps that nothing leads to then" }));
    await user.click(within(dialog).getByRole("button", { name: choice }));
    expect(left()).toEqual(nodes);
    expect(lines()).toEqual(edges);
    act(() => void store.getState().undo());
    expect(store.getState().content.nodes).toEqual(forked.nodes);
    expect(store.getState().content.edges).toEqual(forked.edges);
  });
});

test("a step with one way on is taken away without a question, and leaves no gap", async () => {
  store = createDraftStore(beginning(chain(node("start"), sms("One", {}, "one"), sms("Two", {}, "two"))));
  await ask(["one"]);
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(lines()).toEqual(["start > two"]);
});

test("what is done with steps is said aloud, in the words in which it is taken back", async () => {
  await renderUi(<Host />);
  act(() => actions.remove(["gift"]));
  expect(await screen.findByText(/^Done: delete “.*Send SMS/)).toBeDefined();
  act(() => actions.moveTo(["thanks"], [{ source: "if", exit: "otherwise" }]));
  expect(await screen.findByText(/^Done: move “.*Send SMS/)).toBeDefined();
});
