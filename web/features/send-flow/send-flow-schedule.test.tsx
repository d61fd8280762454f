import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answer, flowApi, send, uuid } from "#test/build-flow.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import type { Audience } from "./audience.ts";
import { SendFlowDialog } from "./send-flow-dialog.tsx";

// A dialog with a picker is much to draw for a machine that is busy with other tests.

const many: Audience = {
  selection: { type: "filter", filter: { tests: [] }, excluded: [] },
  total: 2160,
  names: [],
  words: "All contacts",
};
// Monday, 9:00 in Chicago.
const now = "2026-11-30T15:00:00Z";

beforeEach(
  () => void vi.useFakeTimers({ now: Date.parse(now), shouldAdvanceTime: true, toFake: ["Date", "setInterval", "clearInterval"] }),
);
afterEach(() => void vi.useRealTimers());

const opened = async (audience = many) => {
  const onClose = vi.fn();
  const ui = await renderUi(<SendFlowDialog audience={audience} onClose={onClose} launchedFrom="Contacts page" />, {
    workspace: { timeZone: "America/Chicago" },
  });
  await ui.user.click(await screen.findByPlaceholderText("Choose a flow to send"));
  await ui.user.click(await screen.findByRole("option", { name: /Welcome Flow/ }));
  await screen.findByText("Flow Preview:");
  return { ...ui, onClose };
};
const when = () => screen.getByRole("button", { name: /^When/ });
const scheduled = (id: string, more = {}) =>
  send(id, { total: 2160, enrolled: 2160, active: 2160, createdAt: now, undoUntil: "2026-11-30T15:00:10Z", ...more });

describe("when a flow is sent", () => {
  it("is folded away and says now, everybody at once", async () => {
    fakeApi(flowApi());
    await opened();
    expect(when().getAttribute("aria-expanded")).toBe("false");
    expect(when().textContent).toContain("Now, everybody at once");
    expect(screen.queryByRole("radiogroup")).toBeNull();
  });

  it("cannot be sent while something of it is wrong, which is said at its field", async () => {
    const server = fakeApi(flowApi());
    const { user } = await opened();
    await user.click(when());
    await user.click(screen.getByRole("radio", { name: "At a time" }));
    fireEvent.change(screen.getByLabelText("Day and time"), { target: { value: "2026-11-30T08:00" } });
    expect(screen.getByText("This time has passed")).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Send Flow" }).disabled).toBe(true);
    await user.click(screen.getByRole("radio", { name: "In batches" }));
    await user.selectOptions(screen.getByLabelText("Time zone"), "contact");
    expect(screen.getByText(/Batches use the workspace’s time zone/)).toBeTruthy();
    expect(server.calls.some(({ id }) => id === "createSend")).toBe(false);
  });

  it("is a time on each contact's clock, and the button says that it is planned", async () => {
    const server = fakeApi({
      ...flowApi(),
      createSend: ({ body }) => answer(scheduled(body.sendId ?? "", { start: body.start })),
    });
    const { user, onClose } = await opened();
    await user.click(when());
    await user.click(screen.getByRole("radio", { name: "At a time" }));
    await user.selectOptions(screen.getByLabelText("Time zone"), "contact");
    expect(
      screen.getByText(/tomorrow 9:00 in each contact’s own time zone\. Where a contact’s zone is not known, Chicago time/),
    ).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Schedule Flow" }));
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(server.calls.find(({ id }) => id === "createSend")?.body).toMatchObject({ start: { at: "2026-12-01T09:00", zone: "contact" } });
    expect(await screen.findByText("Flow scheduled")).toBeTruthy();
    expect(screen.getByText("2,160 contacts: begins tomorrow 9:00 in each contact’s own time zone")).toBeTruthy();
  });

  it("is a few at a time within days and hours, in a sentence that says when it is done", async () => {
    const server = fakeApi({ ...flowApi(), createSend: ({ body }) => answer(scheduled(body.sendId ?? "", { drip: body.drip })) });
    const { user } = await opened();
    await user.click(when());
    await user.click(screen.getByRole("radio", { name: "In batches" }));
    fireEvent.change(screen.getByLabelText("Contacts"), { target: { value: "120" } });
    for (const day of ["Saturday", "Sunday"]) await user.click(screen.getByRole("checkbox", { name: day }));
    await user.click(screen.getByRole("radio", { name: "Between" }));
    expect(
      screen.getByText("120 contacts every 10 minutes, Mon–Fri 9:00–17:00 (Chicago). All 2,160 contacts have begun in about 3 h (11:50)."),
    ).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Send Flow" }));
    await screen.findByText("Flow sent successfully");
    expect(server.calls.find(({ id }) => id === "createSend")?.body).toMatchObject({
      drip: { count: 120, everySeconds: 600, days: [1, 2, 3, 4, 5], hours: { from: "09:00", to: "17:00" } },
    });
  });
});

describe("undo after sending", () => {
  it("is refused in words with its code when the time was over", async () => {
    fakeApi({
      ...flowApi(),
      createSend: ({ body }) => answer(scheduled(body.sendId ?? "")),
      undoSend: () => {
        throw new Refusal("undo_over", "The time to undo this send is over: messages may have left. You can still stop it.");
      },
    });
    const { user } = await opened();
    await user.click(screen.getByRole("button", { name: "Send Flow" }));
    await user.click(await screen.findByRole("button", { name: "Undo" }));
    expect(await screen.findByText("The send was not undone")).toBeTruthy();
    expect(screen.getByText(/You can still stop it\./)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Open the send" })).toBeTruthy();
  });

  it("counts down, says that nothing leaves, and answers with what happened", async () => {
    const server = fakeApi({
      ...flowApi(),
      createSend: ({ body }) => answer(scheduled(body.sendId ?? "")),
      undoSend: ({ params }) => ({
        send: scheduled(params.id, { state: "undone" }),
        sent: 0,
        captured: 0,
        ended: 0,
        stopped: 2160,
        finishing: 0,
        inFlight: 0,
        inFlightItems: [],
      }),
    });
    const { user } = await opened();
    await user.click(screen.getByRole("button", { name: "Send Flow" }));
    const title = await screen.findByText("Flow sent successfully");
    const toast = within(title.closest("[role=status]") as HTMLElement);
    expect(toast.getByText(/^Sending to 2,160 contacts in \d+ s$/)).toBeTruthy();
    expect(toast.getByText(/^Sending to 2,160 contacts in 10 seconds\. Until then it can be undone\.$/)).toBeTruthy();
    await user.click(toast.getByRole("button", { name: "Undo" }));
    expect(await screen.findByText("Send undone")).toBeTruthy();
    expect(screen.getByText("0 messages were sent. 2,160 contacts were taken out of the flow again.")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
    expect(server.calls.filter(({ id }) => id === "undoSend")).toHaveLength(1);
  });

  it("is no longer offered once its time is over", async () => {
    fakeApi({ ...flowApi(), createSend: ({ body }) => answer(scheduled(body.sendId ?? "")) });
    const { user } = await opened();
    await user.click(screen.getByRole("button", { name: "Send Flow" }));
    await screen.findByRole("button", { name: "Undo" });
    await vi.advanceTimersByTimeAsync(10_500);
    await waitFor(() => expect(screen.queryByRole("button", { name: "Undo" })).toBeNull());
  });

  it("stands in the dialog that stays open because somebody was left out", async () => {
    fakeApi({
      ...flowApi(),
      createSend: ({ body }) => answer(scheduled(body.sendId ?? "", { enrolled: 2159, notEnrolled: 1 })),
      listSendSkips: () => ({
        items: [{ contactId: uuid(13), contactName: "Bob Wilson", reason: "already_active_here" }],
        nextCursor: null,
      }),
      undoSend: ({ params }) => ({
        send: scheduled(params.id, { state: "undone" }),
        sent: 0,
        captured: 0,
        ended: 0,
        stopped: 2159,
        finishing: 0,
        inFlight: 0,
        inFlightItems: [],
      }),
    });
    const { user, onClose } = await opened();
    await user.click(screen.getByRole("button", { name: "Send Flow" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.click(await dialog.findByRole("button", { name: "Undo" }));
    expect(await screen.findByText("Send undone")).toBeTruthy();
    expect(onClose).toHaveBeenCalledTimes(1);
  });
});
