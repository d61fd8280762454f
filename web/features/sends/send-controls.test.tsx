import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Send } from "#contract/sends.ts";
import { buildSend, historyIds } from "#test/build-history.ts";
import { fakeApi, Outage, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { SendActions } from "./send-actions.tsx";
import { SendSituation } from "./send-situation.tsx";
import { useSendControls } from "./use-send-controls.tsx";

const zone = "Europe/London";
const running = buildSend({ total: 100, enrolled: 100, active: 60, completed: 40 });
/** In this one something has failed. */
const failing = { ...running, completed: 37, failed: 3 };
const over = () => new Refusal("send_over", "This send is over; there is nothing left to stop.");
const account = (more = {}) => ({
  send: { ...running, state: "stopped" as const },
  sent: 41,
  captured: 0,
  ended: 40,
  stopped: 58,
  finishing: 0,
  inFlight: 2,
  inFlightItems: [
    { executionId: historyIds.execution, contactId: historyIds.contact, contactName: "Ada Lovelace", channel: "sms" as const },
    { executionId: historyIds.contact, contactId: null, contactName: null, channel: "email" as const },
  ],
  ...more,
});
const noRetry = { executions: 0, byReason: [], messages: [], skipped: [], mayHaveArrived: 0 };

const onChanged = vi.fn();
function Controls({ send }: { send: Send }) {
  const controls = useSendControls({ zone, onChanged });
  return (
    <>
      <SendActions send={send} controls={controls} />
      <SendSituation send={send} controls={controls} now={Date.now()} zone={zone} />
      {controls.dialogs}
    </>
  );
}
const show = (send: Send = running) => renderUi(<Controls send={send} />);
const press = async (user: Awaited<ReturnType<typeof show>>["user"], name: string) =>
  user.click(await screen.findByRole("button", { name }));

describe("stopping a send", () => {
  it("says in the dialog why it was refused, with the code, and offers no account", async () => {
    fakeApi({
      getSend: () => running,
      stopSend: () => {
        throw over();
      },
    });
    const { user } = await show();
    await press(user, "Stop");
    await press(user, "Stop send");
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("This send is over");
    expect(alert.textContent).toContain("send_over");
    expect(screen.queryByText("The send is stopped")).toBeNull();
  });

  it("asks first, with the focus on Cancel, and leaves everything as it is when cancelled", async () => {
    const server = fakeApi({ getSend: () => running });
    const { user } = await show();
    await press(user, "Stop");
    const dialog = await screen.findByRole("alertdialog", { name: "Stop “Welcome Flow”?" });
    expect(dialog.textContent).toContain("60 of 100 contacts are still under way");
    await waitFor(() => expect(document.activeElement).toBe(within(dialog).getByRole("button", { name: "Cancel" })));
    await user.keyboard("{Enter}");
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    expect(server.calls.every(({ id }) => id === "getSend")).toBe(true);
  });

  it("gives the exact account, those in flight by name and linked", async () => {
    fakeApi({ getSend: () => running, stopSend: () => account() });
    const { user } = await show();
    await press(user, "Stop");
    await press(user, "Stop send");
    const dialog = within(await screen.findByRole("alertdialog", { name: "The send is stopped" }));
    expect(dialog.getByText("41 messages")).toBeDefined();
    const figures = dialog.getAllByRole("definition").map((figure) => figure.textContent);
    expect(figures).toEqual(["40", "58", "2", "100"]);
    const items = within(dialog.getByRole("list", { name: "Being sent now" }));
    expect(items.getByRole("link", { name: "Ada Lovelace" }).getAttribute("href")).toBe(`/executions/${historyIds.execution}`);
    expect(items.getByRole("link", { name: "Deleted contact" })).toBeDefined();
    expect(onChanged).toHaveBeenCalledWith(expect.objectContaining({ state: "stopped" }));
  });

  it("tells those apart whose last message had been answered, and the figures add up", async () => {
    fakeApi({ getSend: () => running, stopSend: () => account({ stopped: 53, finishing: 5 }) });
    const { user } = await show();
    await press(user, "Stop");
    await press(user, "Stop send");
    const dialog = within(await screen.findByRole("alertdialog", { name: "The send is stopped" }));
    expect(dialog.getByText("Being ended now, after their last message")).toBeDefined();
    expect(dialog.getAllByRole("definition").map((figure) => figure.textContent)).toEqual(["40", "53", "5", "2", "100"]);
  });

  it("offers to pause instead", async () => {
    const server = fakeApi({ getSend: () => running, pauseSend: () => ({ ...running, state: "paused" }) });
    const { user } = await show();
    await press(user, "Stop");
    await press(user, "Pause instead");
    expect(await screen.findByText("Send paused")).toBeDefined();
    expect(server.calls.map(({ id }) => id).filter((id) => id !== "getSend")).toEqual(["pauseSend"]);
  });

  it("tells the numbers of this moment while it asks, and stops nothing that is over by then", async () => {
    let now: Send = { ...running, active: 12 };
    fakeApi({ getSend: () => now });
    const { user } = await show();
    await press(user, "Stop");
    const dialog = within(await screen.findByRole("alertdialog"));
    expect(await dialog.findByText(/12 of 100 contacts are still under way/)).toBeDefined();
    now = { ...running, state: "done", active: 0, completed: 100 };
    expect(await dialog.findByText(/This send is over by now/)).toBeDefined();
    expect(dialog.queryByRole("button", { name: "Stop send" })).toBeNull();
  });
});

describe("pausing and resuming", () => {
  it("says that it was not done when nothing answers, and does it again when asked to", async () => {
    let away = true;
    fakeApi({
      pauseSend: () => {
        if (away) throw new Outage();
        return { ...running, state: "paused" };
      },
    });
    const { user } = await show();
    await press(user, "Pause");
    expect(await screen.findByText("The send was not paused")).toBeDefined();
    away = false;
    await press(user, "Retry");
    expect(await screen.findByText("Send paused")).toBeDefined();
  });

  it("says who paused it and when, and resumes", async () => {
    const server = fakeApi({ resumeSend: () => running });
    const changedAt = new Date(Date.now() - 5 * 60_000).toISOString();
    const { user } = await show({ ...running, state: "paused", changedAt, changedByName: "Grace Hopper" });
    expect((await screen.findByRole("status")).textContent).toBe(
      "Paused by Grace Hopper 5 min ago. Nothing leaves until it is resumed; delays go on counting.",
    );
    expect(screen.queryByRole("button", { name: "Pause" })).toBeNull();
    await press(user, "Resume");
    expect(await screen.findByText("Send resumed")).toBeDefined();
    expect(server.calls.map(({ id }) => id)).toEqual(["resumeSend"]);
  });

  it("is not offered for a send that is over", async () => {
    await show({ ...running, state: "done", failed: 0, active: 0 });
    for (const name of ["Pause", "Resume", "Stop", "Retry 3 failed", "Undo"]) expect(screen.queryByRole("button", { name })).toBeNull();
  });
});

describe("changing the schedule", () => {
  const planned = { ...running, active: 100, completed: 0, failed: 0, start: { at: "2099-12-01T09:00", zone: "workspace" as const } };
  const open = async (send: Send) => {
    const ui = await show(send);
    await press(ui.user, "Change when it is sent");
    await screen.findByRole("dialog");
    return ui;
  };

  it("is refused in place, with the code", async () => {
    fakeApi({
      updateSend: () => {
        throw new Refusal("conflict", "Somebody has begun already, so the start cannot be moved.");
      },
    });
    const { user } = await open(planned);
    fireEvent.change(await screen.findByLabelText("Day and time"), { target: { value: "2099-12-02T10:00" } });
    await press(user, "Change schedule");
    expect((await screen.findByRole("alert")).textContent).toContain("conflict");
    expect(screen.getByRole("dialog")).toBeDefined();
  });

  it("sends only what differs", async () => {
    const server = fakeApi({ updateSend: () => planned });
    const { user } = await open(planned);
    const button = await screen.findByRole<HTMLButtonElement>("button", { name: "Change schedule" });
    expect(button.disabled).toBe(true);
    fireEvent.change(screen.getByLabelText("Day and time"), { target: { value: "2099-12-02T10:00" } });
    await user.click(button);
    await waitFor(() => expect(server.calls[0]?.body).toEqual({ start: { at: "2099-12-02T10:00", zone: "workspace" } }));
  });

  it("leaves the start alone once it has come, and takes a pace away", async () => {
    const drip = { days: [1, 2, 3, 4, 5], count: 10, everySeconds: 60 };
    const server = fakeApi({ updateSend: () => running });
    const { user } = await open({ ...running, drip });
    expect(screen.getByText("It has begun, so its start cannot be changed.")).toBeDefined();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Change schedule" }).disabled).toBe(true);
    await user.click(screen.getByRole("radio", { name: "Everybody at once" }));
    await press(user, "Change schedule");
    await waitFor(() => expect(server.calls[0]?.body).toEqual({ drip: null }));
  });

  it("is told on the page", async () => {
    await show({ ...planned, drip: { days: [1, 2, 3, 4, 5, 6, 7], count: 10, everySeconds: 60 } });
    expect((await screen.findByRole("status")).textContent).toBe("Begins 1 Dec 2099 9:00 (London), 10 contacts every minute.Change");
  });
});

describe("retrying what failed", () => {
  it("is not offered where nothing of it can be tried again", async () => {
    const server = fakeApi({ previewSendRetry: () => noRetry });
    await show(failing);
    await waitFor(() => expect(server.calls.map(({ id }) => id)).toEqual(["previewSendRetry"]));
    await screen.findByRole("button", { name: "Stop" });
    expect(screen.queryByRole("button", { name: /Retry/ })).toBeNull();
  });

  it("says so when nothing can be tried again any more once it is pressed", async () => {
    const server = fakeApi({ previewSendRetry: () => ({ ...noRetry, executions: 3 }) });
    const { user } = await show(failing);
    const button = await screen.findByRole("button", { name: "Retry 3 failed" });
    server.previewSendRetry = () => noRetry;
    await user.click(button);
    expect(await screen.findByText(/Nothing here can be retried/)).toBeDefined();
    expect(screen.queryByRole("button", { name: /^Retry \d+ contact/ })).toBeNull();
  });

  it("says in place that it could not be counted", async () => {
    const server = fakeApi({ previewSendRetry: () => ({ ...noRetry, executions: 3 }) });
    const { user } = await show(failing);
    const button = await screen.findByRole("button", { name: "Retry 3 failed" });
    server.previewSendRetry = () => {
      throw new Refusal("internal", "Something broke.");
    };
    await user.click(button);
    expect(await screen.findByText("What would be sent again could not be read")).toBeDefined();
  });

  it("says what would be sent again, and tries again those with the reasons that are left", async () => {
    const byReason = [
      { reason: "provider_rejected" as const, executions: 2 },
      { reason: "outcome_unknown" as const, executions: 1 },
    ];
    const server = fakeApi({
      previewSendRetry: ({ query }) =>
        query.reasons
          ? { executions: 2, byReason, messages: [{ channel: "email", executions: 2 }], skipped: [], mayHaveArrived: 0 }
          : { executions: 3, byReason, messages: [{ channel: "email", executions: 3 }], skipped: [], mayHaveArrived: 1 },
      retrySend: () => ({ success: true, retried: 2 }),
    });
    const { user } = await show(failing);
    await press(user, "Retry 3 failed");
    expect(
      await screen.findByText(
        "3 contacts go on from the step that failed. Sent again first, if the contact can still be written to: 3 e-mails.",
      ),
    ).toBeDefined();
    expect(screen.getByText("1 contact may get the message twice")).toBeDefined();
    await user.click(screen.getByRole("checkbox", { name: "We can't tell whether the provider accepted the message (1)" }));
    expect(
      await screen.findByText(
        "2 contacts go on from the step that failed. Sent again first, if the contact can still be written to: 2 e-mails.",
      ),
    ).toBeDefined();
    expect(screen.queryByText(/may get the message twice/)).toBeNull();
    await press(user, "Retry 2 contacts");
    expect(await screen.findByText("Trying again")).toBeDefined();
    expect(server.calls.find(({ id }) => id === "retrySend")?.body).toEqual({ reasons: ["provider_rejected"] });
  });
});

describe("undoing", () => {
  it("is offered for as long as it may be done, and shows what happened", async () => {
    fakeApi({ undoSend: () => account({ sent: 0, ended: 0, stopped: 100, inFlight: 0, inFlightItems: [] }) });
    const now = Date.now();
    const { user } = await show({
      ...running,
      createdAt: new Date(now - 1000).toISOString(),
      undoUntil: new Date(now + 30_000).toISOString(),
    });
    await press(user, "Undo");
    expect(await screen.findByText("0 messages were sent. 100 contacts were taken out of the flow again.")).toBeDefined();
    expect(onChanged).toHaveBeenCalled();
  });
});
