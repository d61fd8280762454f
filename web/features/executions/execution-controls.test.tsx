import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Execution } from "#contract/executions.ts";
import { buildExecution } from "#test/build-history.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { useExecutionControls } from "./use-execution-controls.tsx";

function Controls({ execution }: { execution: Execution }) {
  const controls = useExecutionControls();
  return (
    <>
      {controls.buttons(execution)}
      {controls.dialogs}
    </>
  );
}
const show = (execution: Execution) => renderUi(<Controls execution={execution} />);
const takeOut = async (user: Awaited<ReturnType<typeof show>>["user"]) => {
  await user.click(await screen.findByRole("button", { name: "Take out of flow" }));
  const dialog = within(await screen.findByRole("alertdialog"));
  await user.click(dialog.getByRole("button", { name: "Take out of flow" }));
};

describe("taking one contact out of a flow", () => {
  it("is not offered once it has ended", async () => {
    await show(buildExecution({ status: "completed" }));
    expect(screen.queryByRole("button", { name: "Take out of flow" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Retry" })).toBeNull();
  });

  it("says in the dialog why it was refused, with the code", async () => {
    fakeApi({
      cancelExecution: () => {
        throw new Refusal("execution_over", "This execution has ended already.");
      },
    });
    const { user } = await show(buildExecution());
    await takeOut(user);
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("This execution has ended already.");
    expect(alert.textContent).toContain("execution_over");
  });

  it("asks first, and says where it ends", async () => {
    const server = fakeApi({
      cancelExecution: ({ params }) => ({ execution: buildExecution({ id: params.id, status: "cancelled" }), inFlight: false }),
    });
    const { user } = await show(buildExecution());
    await user.click(await screen.findByRole("button", { name: "Take out of flow" }));
    const dialog = await screen.findByRole("alertdialog", { name: "Take Ada Lovelace out of “Welcome Flow”?" });
    expect(dialog.textContent).toContain("The flow ends at “Wait a day”: nothing more is sent from it.");
    expect(server.calls).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Take out of flow" }));
    expect(await screen.findByText("Took Ada Lovelace out of the flow")).toBeDefined();
  });

  it("says when a message is in flight", async () => {
    fakeApi({ cancelExecution: () => ({ execution: buildExecution(), inFlight: true }) });
    const { user } = await show(buildExecution());
    await takeOut(user);
    expect(await screen.findByText("A message is being sent now")).toBeDefined();
    expect(screen.getByText(/ends as soon as the answer is known/)).toBeDefined();
  });
});

describe("retrying one contact", () => {
  const failed = buildExecution({ status: "failed", endedReason: "outcome_unknown" });

  it("is not offered for a contact that is gone", async () => {
    await show({ ...failed, contactId: null, contactName: null });
    expect(screen.queryByRole("button", { name: "Retry" })).toBeNull();
  });

  it("says what would be sent again, and that it may arrive twice, before it is done", async () => {
    const server = fakeApi({
      previewExecutionRetry: () => ({
        executions: 1,
        byReason: [{ reason: "outcome_unknown", executions: 1 }],
        messages: [{ channel: "sms", executions: 1 }],
        skipped: [],
        mayHaveArrived: 1,
      }),
      retryExecution: () => buildExecution(),
    });
    const { user } = await show(failed);
    await user.click(await screen.findByRole("button", { name: "Retry" }));
    const dialog = within(await screen.findByRole("alertdialog", { name: "Retry for Ada Lovelace?" }));
    expect(
      await dialog.findByText(
        "1 contact goes on from the step that failed. Sent again first, if the contact can still be written to: 1 SMS.",
      ),
    ).toBeDefined();
    expect(dialog.getByText("1 contact may get the message twice")).toBeDefined();
    expect(server.calls.some(({ id }) => id === "retryExecution")).toBe(false);
    await user.click(dialog.getByRole("button", { name: "Retry from the failed step" }));
    await waitFor(() => expect(server.calls.some(({ id }) => id === "retryExecution")).toBe(true));
    expect(await screen.findByText("Trying again")).toBeDefined();
  });
});
