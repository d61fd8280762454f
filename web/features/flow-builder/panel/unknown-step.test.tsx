import { act, screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";
import { nodeTypeDescriptions } from "#nodes/describe-types.ts";
import { fakeApi } from "#test/fake-api.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { renderUi } from "#test/render.tsx";
import { createActions } from "../actions.ts";
import { createDraftStore, type DraftStore } from "../draft/draft-store.ts";
import type { Question } from "../question.ts";
import { Questions } from "../questions.tsx";
import { useDraft } from "../use-draft.ts";
import { NodeSide } from "./node-side.tsx";

const task = { ...node("hubspot_task", undefined, "task"), data: { label: "Call them", key: "call", config: { queue: "calls" } } };
const flow = chain(node("start"), task, sms());

function Host({ store, canEdit }: { store: DraftStore; canEdit: boolean }) {
  const [question, setQuestion] = useState<Question | null>(null);
  const [actions] = useState(() => createActions(store, setQuestion));
  const content = useDraft(store, (state) => state.content);
  const selected = useDraft(store, (state) => state.selected);
  const server = { read: () => Promise.reject(new Error("unused")), save: () => Promise.reject(new Error("unused")) };
  return (
    <>
      <NodeSide
        {...{ store, problems: [], disabled: !canEdit, onReplace: actions.replace, onClose: actions.close, onRetry: () => undefined }}
        node={content.nodes.find(({ id }) => id === selected)}
      />
      <Questions {...{ question, store, server, content, actions }} problems={[]} onAnswered={() => setQuestion(null)} />
    </>
  );
}

function openStep({ canEdit = true } = {}) {
  fakeApi({
    listNodeTypes: () => ({ items: nodeTypeDescriptions }),
    listFlows: () => ({ items: [], folders: [] }),
    listFields: () => ({ fields: [], tags: [], statuses: [] }),
    listContacts: () => ({ items: [], nextCursor: null }),
  } as never);
  const store = createDraftStore({
    ...{ flowId: "0198f5a0-0000-7000-8000-0000000000f1", name: "Flow", settings: {}, ...flow, isDraft: true, revision: "1" },
    ...{ problems: [], live: "live", liveChanged: false, updatedAt: null, updatedByName: null },
  });
  store.getState().select("task");
  return { store, rendered: renderUi(<Host store={store} canEdit={canEdit} />) };
}

test("a step of a type that nobody knows is replaced from its panel, by keys alone, and one undo brings it back", async () => {
  const { store, rendered } = openStep();
  const { user } = await rendered;
  const press = await screen.findByRole("button", { name: "Replace with…" });
  press.focus();
  await user.keyboard("{Enter}");
  const palette = await screen.findByRole("combobox", { name: "Replace “Call them” with" });
  await waitFor(() => expect(document.activeElement).toBe(palette));
  await user.keyboard("delay{Enter}");
  const question = await screen.findByRole("alertdialog", { name: "Replace “Call them” with “Delay”?" });
  expect(within(question).getByRole("listitem").textContent).toContain("queue");
  within(question).getByRole("button", { name: "Replace" }).focus();
  await user.keyboard("{Enter}");
  const now = { id: "task", type: "delay", data: { label: "Call them", key: "call" } };
  await waitFor(() => expect(store.getState().content.nodes[1]).toMatchObject(now));
  expect(store.getState().content.edges.map(({ source, target }) => `${source} > ${target}`)).toEqual(["start > task", "task > sms"]);
  expect(screen.queryByRole("button", { name: "Replace with…" })).toBeNull();
  act(() => void store.getState().undo());
  expect(store.getState().content.nodes).toEqual(flow.nodes);
});

test("who may not edit reads what came with it, and cannot replace it", async () => {
  await openStep({ canEdit: false }).rendered;
  expect(within(await screen.findByLabelText("What came with it")).getByText(/"key": "call"/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Replace with…" })).toBeNull();
});
