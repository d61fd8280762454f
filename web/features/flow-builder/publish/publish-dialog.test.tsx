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
  const server = serving([at({}), gone]);
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
