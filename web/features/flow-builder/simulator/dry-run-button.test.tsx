import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { graph, uuid, welcome } from "#test/build-flow.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { DryRunButton } from "./dry-run-button.tsx";

const drawn = graph(welcome);
const show = () => renderUi(<DryRunButton flowId={uuid(1)} contactId={uuid(5)} graph={drawn} values={{ code: "A1" }} />);

test("what is drawn is run as a test that skips its waits, and where it is kept is told", async () => {
  const { calls } = fakeApi({
    executeWorkflow: () => ({
      success: true,
      taskId: uuid(60),
      workflowId: uuid(1),
      contactId: uuid(5),
      contactName: "John Doe",
      status: "triggered",
      message: "Begun",
    }),
  });
  const { user } = await show();
  await user.click(screen.getByRole("button", { name: "Dry run" }));
  expect(await screen.findByText("The dry run began")).toBeDefined();
  expect(screen.getByText(/^For John Doe/)).toBeDefined();
  const { nodes, edges } = drawn;
  expect(calls.map(({ body }) => body)).toEqual([
    expect.objectContaining({
      contactId: uuid(5),
      workflowDefinition: { nodes, edges },
      triggerData: { code: "A1" },
      isTest: true,
      skipWaits: true,
    }),
  ]);
});

test("a refusal is told in the words of the server", async () => {
  fakeApi({
    executeWorkflow: () => {
      throw new Refusal("flow_invalid", "The flow uses something that this workspace does not have.");
    },
  });
  const { user } = await show();
  await user.click(screen.getByRole("button", { name: "Dry run" }));
  expect(await screen.findByText("The flow uses something that this workspace does not have.")).toBeDefined();
});
