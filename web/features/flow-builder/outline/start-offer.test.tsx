import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { FlowDraft } from "#contract/flow-drafts.ts";
import { renderUi } from "#test/render.tsx";
import { createActions } from "../actions.ts";
import { createDraftStore } from "../draft/draft-store.ts";
import { StartOffer } from "./start-offer.tsx";

const draft: FlowDraft = {
  flowId: "flow",
  isDraft: true,
  revision: "1",
  name: "Flow",
  nodes: ["b", "a"].map((id) => ({ id, type: "send_sms", position: { x: 0, y: 0 }, data: { config: { text: id } } })),
  edges: [{ id: "e", source: "a", target: "b" }],
  settings: {},
  problems: [],
  live: "1",
  liveChanged: false,
  updatedAt: null,
  updatedByName: null,
};

test("a flow without a start is offered one, which leads to the step that nothing leads to, and one undo takes it away", async () => {
  const store = createDraftStore(draft);
  const { user } = await renderUi(<StartOffer onAdd={createActions(store, () => undefined).begin} />);
  await user.click(screen.getByRole("button", { name: "Add the start" }));
  const { nodes, edges } = store.getState().content;
  const start = nodes.find(({ type }) => type === "start");
  expect(edges.map(({ source, target }) => `${source} > ${target}`)).toEqual(["a > b", `${start?.id} > a`]);
  expect(store.getState().active).toBe(start?.id);
  store.getState().undo();
  expect(store.getState().content).toMatchObject({ nodes: draft.nodes, edges: draft.edges });
});
