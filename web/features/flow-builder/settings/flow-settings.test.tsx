import { screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { FlowDraft } from "#contract/flow-drafts.ts";
import type { FlowNode, FlowProblem } from "#contract/flows.ts";
import { nodeTypeDescriptions } from "#nodes/describe-types.ts";
import { validateFlow } from "#nodes/graph/validate-flow.ts";
import { fakeApi } from "#test/fake-api.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { renderUi } from "#test/render.tsx";
import { createDraftStore } from "../draft/draft-store.ts";
import { FlowSettings } from "./flow-settings.tsx";

const flowId = "019a0000-0000-7000-8000-000000000001";
const hours = { on: true, from: "09:00", to: "20:00", also: [] };
const isNew = { match: "all", tests: [{ field: "lead_status", operator: "is", value: "New" }] };

function open(
  config: Record<string, unknown>,
  { settings = {}, disabled = false, nodes }: Partial<FlowDraft> & { disabled?: boolean } = {},
) {
  const api = fakeApi({
    listNodeTypes: () => ({ items: [...nodeTypeDescriptions] }),
    listFlows: () => ({ items: [], folders: [] }),
    listFields: () => ({ items: [], contacts: { looked: 0, isSample: false } }),
    listContacts: () => ({ items: [], nextCursor: null }),
    searchContacts: () => ({ items: [] }),
    countShares: () => ({ contacts: 10, shares: [3], others: 7, untold: [] }),
    judgeTests: () => ({ contactId: null, contactName: null, newer: null, older: null, verdicts: [] }),
    getSendingRules: () => ({
      quietHours: hours,
      smsConsent: "not_needed",
      marketingPerDay: null,
      marketingPerWeek: null,
      sandbox: { on: false, addresses: [] },
    }),
  } as never);
  const flow = chain(node("start", config), sms("Hi"), node("end"));
  const store = createDraftStore({
    ...{ flowId, isDraft: false, revision: "1", name: "Flow", settings, problems: [], live: "1", liveChanged: false },
    nodes: nodes ?? flow.nodes,
    edges: flow.edges,
    updatedAt: null,
    updatedByName: null,
  });
  const onOpenStep = vi.fn();
  const problems: FlowProblem[] = validateFlow(flow);
  const rendered = renderUi(<FlowSettings {...{ store, problems, disabled, onOpenStep }} onAddStart={vi.fn()} />);
  const configNow = () => store.getState().content.nodes[0]?.data.config;
  return { api, store, rendered, configNow, onOpenStep };
}

it("puts every setting into the start of the draft, and undo takes it back", async () => {
  const { store, rendered, configNow } = open({});
  const { user } = await rendered;
  await user.selectOptions(await screen.findByLabelText("May a contact enter again"), "once");
  await user.click(screen.getByLabelText(/Stop for a contact who replies/));
  await user.click(screen.getByLabelText(/End for contacts that fit/));
  expect(configNow()).toMatchObject({
    reEntry: { rule: "once" },
    stopOnReply: true,
    leaveIf: { match: "any", tests: [{ field: "lead_status" }] },
  });
  store.getState().undo();
  expect(configNow()).not.toHaveProperty("leaveIf");
  expect(configNow()).toMatchObject({ stopOnReply: true });
});

it("tells how many contacts fit the entry rule today, and finds the tests again that were switched off", async () => {
  const { rendered, configNow } = open({ enterIf: isNew });
  const { user } = await rendered;
  expect(await screen.findByText("True now for 3 contacts")).toBeTruthy();
  const rule = screen.getByLabelText(/Let in only contacts that fit/);
  await user.click(rule);
  expect(configNow()).not.toHaveProperty("enterIf");
  await user.click(rule);
  expect(configNow()).toMatchObject({ enterIf: isNew });
});

it("shows what is wrong at the field", async () => {
  const { rendered } = open({ enterIf: { tests: [{ field: "lead_status", operator: "is", value: "" }] } });
  await rendered;
  const rule = await screen.findByRole("group", { name: "whom the flow lets in" });
  expect(await within(rule).findByText(/needs a value/)).toBeTruthy();
});

it("lets who may not edit only read", async () => {
  const { rendered } = open({ enterIf: isNew, stopOnReply: true }, { settings: { theirs: 1 }, disabled: true });
  await rendered;
  const part = await screen.findByRole("region", { name: "Who may enter" });
  await within(part).findByRole("group", { name: "whom the flow lets in" });
  for (const control of part.querySelectorAll("select, input")) expect(control).toHaveProperty("disabled", true);
  expect(screen.getByText("theirs")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Remove theirs" })).toBeNull();
});

it("lists settings that nothing reads, and takes one out so that undo brings it back", async () => {
  const { store, rendered } = open({}, { settings: { workflowSettings: { stopOnResponse: true }, other: 1 } });
  const { user } = await rendered;
  await user.click(await screen.findByRole("button", { name: "Remove workflowSettings" }));
  expect(store.getState().content.settings).toEqual({ other: 1 });
  store.getState().undo();
  await waitFor(() => expect(screen.getByRole("button", { name: "Remove workflowSettings" })).toBeTruthy());
});

it("names the hours of the workspace, and leads to the goals of the flow", async () => {
  const goal: FlowNode = { ...node("goal", { tests: isNew.tests }), data: { label: "Bought", config: { tests: isNew.tests } } };
  const { rendered, onOpenStep } = open({}, { nodes: [node("start"), goal] });
  const { user } = await rendered;
  expect(await screen.findByText(/Marketing SMS of every flow leave from 09:00 to 20:00/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: /Bought/ }));
  expect(onOpenStep).toHaveBeenCalledWith("goal");
});

it("says where settings are kept while there is no start", async () => {
  const { rendered } = open({}, { nodes: [] });
  await rendered;
  expect(await screen.findByText("No start yet")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Add the start" })).toBeTruthy();
});
