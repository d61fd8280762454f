import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Alert, Queue, QueuedSend } from "#contract/queue.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { QueueView } from "./queue-view.tsx";

afterEach(() => void vi.useRealTimers());

const send: QueuedSend = {
  id: "0198f5a0-0000-7000-8000-0000000000f3",
  flowName: "Welcome Flow",
  state: "running",
  isTest: false,
  start: null,
  firstRoundAt: null,
  createdAt: "2026-05-03T13:00:00.000Z",
  total: 1000,
  active: 900,
  executing: 120,
  queued: 280,
  waiting: 500,
  held: 0,
};
const queue = (more: Partial<Queue> = {}): Queue => ({
  at: "2026-05-03T13:05:00.000Z",
  active: 900,
  executing: 120,
  queued: 280,
  waiting: 500,
  held: 0,
  unknownMessages: 0,
  oldestDueSeconds: 0,
  workers: 2,
  lanes: { limit: 4, used: 3 },
  messages: { perContactDay: 50, perHour: 1_000_000, usedThisHour: 0, nextHourAt: null, perDay: 100_000, usedThisDay: 0, nextDayAt: null },
  sends: [send],
  alerts: [],
  channels: [
    { channel: "sms", perMinute: 90, free: 12, closedUntil: null, trouble: null },
    { channel: "email", perMinute: null, free: null, closedUntil: null, trouble: null },
  ],
  ...more,
});
const show = (editable = true) =>
  renderUi(<QueueView zone="UTC" editable={editable} actions={() => <button type="button">Pause</button>} />);

describe("the queue", () => {
  it("says in place that it could not be loaded, and loads again", async () => {
    let broken = true;
    fakeApi({
      getQueue: () => {
        if (broken) throw new Refusal("forbidden", "You may not read the queue.");
        return queue();
      },
    });
    const { user } = await show();
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("The queue could not be loaded");
    expect(alert.textContent).toContain("forbidden");
    broken = false;
    await user.click(within(alert).getByRole("button", { name: "Retry" }));
    expect(await screen.findByRole("heading", { name: "Sends under way" })).toBeDefined();
  });

  it("says since when it is no longer kept true, and keeps what it knew", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    let broken = false;
    fakeApi({
      getQueue: () => {
        if (broken) throw new Refusal("internal", "Something broke.");
        return queue();
      },
    });
    await show();
    await screen.findByRole("heading", { name: "Sends under way" });
    broken = true;
    await vi.advanceTimersByTimeAsync(2500);
    expect((await screen.findByRole("alert")).textContent).toMatch(/^Not updated since .*Something broke\./);
    expect(screen.getByRole("heading", { name: "Sends under way" })).toBeDefined();
  });

  it("tells what is executing, queued, waiting and held apart, and what is overdue", async () => {
    fakeApi({ getQueue: () => queue({ oldestDueSeconds: 75, unknownMessages: 3 }) });
    await show();
    const figures = within(await screen.findByRole("region", { name: "Where enrollments stand" }));
    const told = figures.getAllByRole("definition").map((figure) => figure.firstChild?.textContent);
    expect(told).toEqual(["120", "280", "500", "0"]);
    expect(figures.getByText("1 min 15 s")).toBeDefined();
    expect(figures.getByText("3 messages of the last day may or may not have arrived")).toBeDefined();
  });

  it("says that nothing is under way, and still shows the limits", async () => {
    fakeApi({ getQueue: () => queue({ sends: [], active: 0, executing: 0, queued: 0, waiting: 0 }) });
    await show();
    expect(await screen.findByText("Nothing is under way")).toBeDefined();
    expect(screen.getByText("Nothing is overdue")).toBeDefined();
    expect(screen.getByText("90 a minute, 12 free now")).toBeDefined();
  });

  it("lists the sends that are not over with where they stand, linked", async () => {
    fakeApi({ getQueue: () => queue() });
    await show();
    const row = within(await screen.findByRole("row", { name: "Welcome Flow" }));
    expect(
      row
        .getAllByRole("cell")
        .map((cell) => cell.textContent)
        .slice(2, 7),
    ).toEqual(["120", "280", "500", "0", "900"]);
    expect(row.getByRole("link", { name: "Welcome Flow" }).getAttribute("href")).toBe(`/sends/${send.id}`);
  });

  it("says what needs somebody, who, and since when", async () => {
    const alert: Alert = {
      code: "send_stuck",
      text: "This send has made no progress for 12 minutes.",
      who: "operator",
      sendId: send.id,
      since: send.createdAt,
    };
    fakeApi({ getQueue: () => queue({ alerts: [alert] }) });
    await show();
    const told = within(await screen.findByRole("list", { name: "Alerts" }));
    expect(told.getByText("A send makes no progress")).toBeDefined();
    expect(told.getByText("The person who runs this server must act.")).toBeDefined();
    expect(told.getByRole("link", { name: "Open the send" }).getAttribute("href")).toBe(`/sends/${send.id}`);
  });
});

describe("the limits", () => {
  const open = async (name: string) => {
    const ui = await show();
    await ui.user.click(await screen.findByRole("button", { name: `Change ${name}` }));
    return ui;
  };

  it("cannot be changed by who may only look", async () => {
    fakeApi({ getQueue: () => queue() });
    await show(false);
    expect(await screen.findByText("Admins and owners change these.")).toBeDefined();
    expect(screen.queryByRole("button", { name: /^Change/ })).toBeNull();
  });

  it.each([
    ["Parallel batches", "Parallel batches at once", "65", "A whole number from 1 to 64"],
    ["Parallel batches", "Parallel batches at once", "", "A number is needed"],
    ["SMS", "Messages a minute", "0", "A whole number from 1 to 1,000,000"],
  ])("of %s are refused as %s %j before the server is asked", async (name, field, typed, problem) => {
    const server = fakeApi({ getQueue: () => queue() });
    await open(name);
    fireEvent.change(screen.getByLabelText(field), { target: { value: typed } });
    expect((await screen.findByRole("alert")).textContent).toBe(problem);
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Save" }).disabled).toBe(true);
    expect(server.calls.some(({ id }) => id === "updateQueueLimits")).toBe(false);
  });

  it("say in place why a change was not taken", async () => {
    fakeApi({
      getQueue: () => queue(),
      updateQueueLimits: () => {
        throw new Refusal("forbidden", "Only admins may do this.");
      },
    });
    const { user } = await open("Parallel batches");
    fireEvent.change(screen.getByLabelText("Parallel batches at once"), { target: { value: "8" } });
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect((await screen.findByRole("alert")).textContent).toContain("forbidden");
    expect(screen.getByLabelText("Parallel batches at once")).toBeDefined();
  });

  it("are in force at once, and an empty field takes a rate away", async () => {
    let perMinute: number | null = 90;
    const server = fakeApi({
      getQueue: () => queue({ channels: [{ channel: "sms", perMinute, free: null, closedUntil: null, trouble: null }] }),
      updateQueueLimits: ({ body }) => {
        perMinute = body.channels?.[0]?.perMinute ?? null;
        return { success: true };
      },
    });
    const { user } = await open("SMS");
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Messages a minute")));
    fireEvent.change(screen.getByLabelText("Messages a minute"), { target: { value: "" } });
    await user.keyboard("{Enter}");
    expect(await screen.findByText("No limit")).toBeDefined();
    expect(server.calls.find(({ id }) => id === "updateQueueLimits")?.body).toEqual({ channels: [{ channel: "sms", perMinute: null }] });
    expect(screen.queryByLabelText("Messages a minute")).toBeNull();
  });

  it("say until when a channel rests", async () => {
    fakeApi({
      getQueue: () =>
        queue({ channels: [{ channel: "email", perMinute: null, free: null, closedUntil: "2026-05-03T13:07:00Z", trouble: null }] }),
    });
    await show();
    expect(await screen.findByText(/^Paused until 13:07 \(UTC\)/)).toBeDefined();
  });
});

it("says that a channel waits for its provider, why, and tries now when a person says so", async () => {
  const trouble = { reason: "provider_unavailable" as const, text: "Nothing answers on this port", since: "2026-05-03T12:00:00Z" };
  const server = fakeApi({
    getQueue: () => queue({ channels: [{ channel: "email", perMinute: null, free: null, closedUntil: null, trouble }] }),
    tryChannel: () => ({ success: true }),
  });
  const { user } = await show();
  expect(await screen.findByText("Waiting for the mail server")).toBeDefined();
  expect(screen.getByText("Nothing answers on this port")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Try now" }));
  await waitFor(() => expect(server.calls.some(({ id }) => id === "tryChannel")).toBe(true));
});
