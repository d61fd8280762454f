import { screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { PeopleAtStep } from "#contract/flow-publish.ts";
import type { FlowTestRunAnswer } from "#contract/flow-tests.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { renderUi } from "#test/render.tsx";
import { PublishDialog } from "./publish-dialog.tsx";

const flowId = "019a0000-0000-7000-8000-000000000001";
const revision = "019a0000-0000-7000-8000-000000000002";
const graph = chain(node("start"), sms("Hi"), node("end"));

const at = (more: Partial<PeopleAtStep>): PeopleAtStep => ({
  nodeId: "wait",
  label: "Wait 2 days",
  nodeType: "delay",
  count: 37,
  inFlight: 0,
  since: null,
  until: null,
  versions: [7],
  isRemoved: false,
  affectedBy: [],
  proposed: "stay",
  choices: ["stay", "follow", "node", "leave"],
  healedTo: null,
  ...more,
});
const gone = at({
  nodeId: "gone",
  label: "Wait for the offer",
  count: 1_200,
  isRemoved: true,
  proposed: null,
  healedTo: "sms",
  choices: ["stay", "node", "leave"],
});

const serving = (people: PeopleAtStep[], results: FlowTestRunAnswer["results"] = []) =>
  fakeApi({
    getFlow: () => ({
      id: flowId,
      name: "Offer",
      folder: null,
      nodes: graph.nodes,
      edges: graph.edges,
      settings: {},
      problems: [],
      createdAt: "2026-05-03T09:00:00Z",
      updatedAt: "2026-05-03T09:00:00Z",
    }),
    compareFlowVersions: () => ({ from: { kind: "live" }, to: { kind: "draft" }, changes: [] }),
    previewPublish: () => ({ problems: [], changes: [], people, unaffected: { people: 400, steps: 3 }, number: 8 }),
    runFlowTests: () => ({ results, unwalked: [] }),
    publishFlow: () => ({}),
  } as never);

const open = (more: Parameters<typeof renderUi>[1] = {}) =>
  renderUi(
    <PublishDialog
      {...{ flowId, revision, live: revision, liveChanged: false, nodes: graph.nodes, problems: [] }}
      onClose={vi.fn()}
      onPublished={vi.fn()}
      onShowProblem={vi.fn()}
    />,
    more,
  );

it("asks, and tells of no mistake, before somebody has chosen; a step may be called like what every object has", async () => {
  serving([{ ...gone, nodeId: "constructor" }]);
  await open();
  const choice = await screen.findByLabelText("Wait for the offer: 1,200 contacts");
  expect(choice.getAttribute("aria-invalid")).not.toBe("true");
  expect(screen.getByText("This step is not in the new version. Choose what becomes of them.")).toBeTruthy();
  expect(within(screen.getByRole("dialog")).getByRole("button", { name: /^Publish version 8/ })).toHaveProperty("disabled", true);
  const options = within(choice).getAllByRole("option");
  expect(options.map(({ textContent }) => textContent).filter((text) => text?.endsWith(", the next step"))).toHaveLength(1);
});

it("cannot be pressed until it is said what becomes of those who wait at a removed step", async () => {
  const server = serving([at({ since: "2025-03-03T12:00:00Z", until: "2025-03-05T12:00:00Z" }), gone]);
  const { user } = await open();
  const choice = await screen.findByLabelText("Wait for the offer: 1,200 contacts");
  const dialog = screen.getByRole("dialog");
  const press = () => within(dialog).getByRole("button", { name: /^Publish version 8/ });
  expect(press()).toHaveProperty("disabled", true);
  expect(
    within(choice)
      .getAllByRole("option")
      .map(({ textContent }) => textContent),
  ).toContain("Leave the flow");
  expect(screen.getByText("400 contacts at 3 steps: nothing changes for them.")).toBeTruthy();
  expect(screen.getByText(/The first has waited since 3 Mar 2025 .*, the last waits until 5 Mar 2025 /)).toBeTruthy();
  await user.selectOptions(choice, "leave");
  expect(press().textContent).toBe("Publish version 8 · 400 follow, 37 finish as begun, 1,200 leave");
  await user.click(press());
  await waitFor(() =>
    expect(server.calls.find(({ id }) => id === "publishFlow")?.body).toMatchObject({
      revision,
      moves: [
        { nodeId: "wait", action: "stay" },
        { nodeId: "gone", action: "leave" },
      ],
    }),
  );
});

it("is chosen for all at once to whom it is open, and what was chosen for the others stays", async () => {
  serving([at({}), at({ nodeId: "later", label: "Wait a week", count: 5, proposed: "follow" }), gone]);
  const { user } = await open();
  await user.selectOptions(await screen.findByLabelText("Wait for the offer: 1,200 contacts"), "leave");
  const press = () => within(screen.getByRole("dialog")).getByRole("button", { name: /^Publish version 8/ }).textContent;
  expect(press()).toBe("Publish version 8 · 405 follow, 37 finish as begun, 1,200 leave");
  await user.click(screen.getByRole("button", { name: "Everybody follows" }));
  expect(press()).toBe("Publish version 8 · 442 follow, 1,200 leave");
  await user.click(screen.getByRole("button", { name: "Everybody finishes as begun" }));
  expect(press()).toBe("Publish version 8 · 400 follow, 1,242 finish as begun");
  await user.click(screen.getByRole("button", { name: "As proposed" }));
  expect(press()).toBe("Publish version 8 · 405 follow, 37 finish as begun");
});

it.each([
  [
    { count: 37, inFlight: 1 },
    "1 of them is in the middle of the step now. It is finished first, and a message under way goes out as it was.",
  ],
  [{ count: 37, inFlight: 2 }, "2 of them are in the middle of the step now."],
  [{ count: 2, inFlight: 2 }, "All of them are in the middle of the step now."],
  [{ count: 1, inFlight: 1 }, "The contact is in the middle of the step now."],
  [
    { count: 3, inFlight: 3, nodeType: "start_flow" },
    "They wait for the flow that this step started; what you choose happens when it has ended.",
  ],
])("says who is in the middle of a step, for whom the choice comes later (%o)", async (more, words) => {
  serving([at(more)]);
  await open();
  expect((await screen.findByLabelText(/^Wait 2 days: /)).closest("[role=group]")?.textContent).toContain(words);
});

it("does not speak of messages under way where there are none", async () => {
  serving([at({})]);
  await open();
  await screen.findByLabelText("Wait 2 days: 37 contacts");
  expect(screen.queryByText(/middle of the step/)).toBeNull();
});

it("says of one contact what one does", async () => {
  serving([at({ count: 1 })]);
  await open();
  await waitFor(() =>
    expect(screen.getByRole("button", { name: /^Publish version 8/ }).textContent).toContain("400 follow, 1 finishes as begun"),
  );
});

it("is not asked for all where it is one step alone", async () => {
  serving([gone]);
  await open();
  await screen.findByLabelText("Wait for the offer: 1,200 contacts");
  expect(screen.queryByRole("button", { name: "Everybody follows" })).toBeNull();
});

it("moves people of a removed step to a step of the new version, the one that its way leads to first", async () => {
  const server = serving([gone]);
  const { user } = await open();
  const choice = await screen.findByLabelText("Wait for the offer: 1,200 contacts");
  await user.selectOptions(choice, "node sms");
  await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: /1,600 follow/ }));
  await waitFor(() =>
    expect(server.calls.find(({ id }) => id === "publishFlow")?.body).toMatchObject({
      moves: [{ nodeId: "gone", action: "node", toNodeId: "sms" }],
    }),
  );
});

it("says so where the people cannot be counted, and publishes nothing meanwhile", async () => {
  const server = serving([]);
  server.previewPublish = () => {
    throw new Refusal("unavailable", "The database does not answer.");
  };
  await open();
  expect(await screen.findByText("Who is inside could not be counted")).toBeTruthy();
  expect(within(screen.getByRole("dialog")).getByRole("button", { name: "Publish" })).toHaveProperty("disabled", true);
});

const failing: FlowTestRunAnswer["results"] = [
  {
    testId: "019a0000-0000-7000-8000-000000000003",
    name: "Greets by name",
    result: {
      status: "failed",
      failures: [{ nodeId: "sms", expected: "“Send SMS” sends a message that contains “Ada”.", actual: "It sent “Hi”." }],
      ...{ of: "draft", revision, version: null, ranAt: "2026-11-29T12:00:00Z" },
    },
  },
];

it("is held by a test that does not pass, until an admin says why it is published all the same", async () => {
  const server = serving([], failing);
  const { user } = await open();
  expect(await screen.findByText("1 test does not pass")).toBeTruthy();
  expect(screen.getByText(/It sent “Hi”\./)).toBeTruthy();
  const press = () => within(screen.getByRole("dialog")).getByRole("button", { name: /anyway/ });
  await waitFor(() => expect(press().textContent).toBe("Publish version 8 anyway · 400 follow"));
  expect(press()).toHaveProperty("disabled", true);
  await user.type(screen.getByLabelText(/Why it is published all the same/), "It is urgent");
  await user.click(press());
  await waitFor(() =>
    expect(server.calls.find(({ id }) => id === "publishFlow")?.body).toMatchObject({ acceptFailedTests: "It is urgent" }),
  );
});

it("offers no way past a failing test to somebody who is no admin", async () => {
  serving([], failing);
  await open({ role: "editor" });
  expect(await screen.findByText(/An admin may publish it all the same/)).toBeTruthy();
  expect(screen.queryByLabelText(/Why it is published all the same/)).toBeNull();
  expect(within(screen.getByRole("dialog")).getByRole("button", { name: /anyway/ })).toHaveProperty("disabled", true);
});

it("says aloud how many are inside, once they are counted", async () => {
  serving([at({})]);
  await open();
  expect((await screen.findByText("437 contacts are inside.")).getAttribute("role")).toBe("status");
});
