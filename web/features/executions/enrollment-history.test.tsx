import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Execution } from "#contract/executions.ts";
import { buildExecution, historyIds } from "#test/build-history.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { EnrollmentHistory } from "./enrollment-history.tsx";
import { noFilters } from "./history-filters.tsx";

const page = (...items: Execution[]) => ({ items, nextCursor: null });
const id = (n: number) => `0198f5a0-0000-7000-8000-0000000001${String(n).padStart(2, "0")}`;

const show = (filters = noFilters, onFilters = vi.fn(), onOpen = vi.fn()) =>
  renderUi(
    <EnrollmentHistory flowId={historyIds.flow} zone="America/Chicago" filters={filters} onFilters={onFilters} onOpen={onOpen} />,
  ).then((rendered) => ({ ...rendered, onFilters, onOpen }));

const row = async (name: string) => await screen.findByRole("row", { name });

beforeEach(() => {
  // A window to see rows through: jsdom lays nothing out.
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(1200);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("the enrollment history", () => {
  it("says in place of the rows that it could not be loaded, and never that nobody is there", async () => {
    fakeApi({
      listSends: () => ({ items: [], nextCursor: null }),
      listExecutions: () => {
        throw new Refusal("forbidden", "You may not read enrollments.");
      },
    });
    await show();
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveProperty("textContent", expect.stringContaining("The history could not be loaded"));
    expect(within(alert).getByText("You may not read enrollments.")).toBeDefined();
    expect(within(alert).getByText("forbidden")).toBeDefined();
    expect(screen.queryByText(/Nobody has been enrolled/)).toBeNull();
  });

  it("loads again when asked to after a failure", async () => {
    let broken = true;
    fakeApi({
      listSends: () => ({ items: [], nextCursor: null }),
      listExecutions: () => {
        if (broken) throw new Refusal("internal", "Something broke.");
        return page(buildExecution());
      },
    });
    const { user } = await show();
    const retry = await screen.findByRole("button", { name: "Retry" });
    broken = false;
    await user.click(retry);
    expect(await row("Ada Lovelace")).toBeDefined();
  });

  it("tells an empty history from one in which nobody matches the filters", async () => {
    fakeApi({ listSends: () => ({ items: [], nextCursor: null }), listExecutions: () => page() });
    await show();
    expect(await screen.findByText("Nobody has been enrolled yet")).toBeDefined();
  });

  it("offers to clear the filters when nobody matches them", async () => {
    fakeApi({ listSends: () => ({ items: [], nextCursor: null }), listExecutions: () => page() });
    const { user, onFilters } = await show({ ...noFilters, search: "zzz" });
    expect(await screen.findByText("No enrollment matches")).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Clear filters" }));
    expect(onFilters).toHaveBeenCalledWith(noFilters);
  });

  it("gives the reason of a failure in words, and keeps a deleted contact's row", async () => {
    fakeApi({
      listSends: () => ({ items: [], nextCursor: null }),
      listExecutions: () =>
        page(
          buildExecution({ id: id(1), status: "failed", endedReason: "no_provider", contactName: "Failed Fran" }),
          buildExecution({ id: id(2), status: "cancelled", endedReason: "contact_deleted", contactId: null, contactName: null }),
          buildExecution({ id: id(3), status: "completed", contactName: "Done Dan" }),
          buildExecution({ id: id(4), status: "completed", contactName: "Skipped Sue", skippedSteps: 2 }),
        ),
    });
    await show();
    expect(within(await row("Failed Fran")).getByText("No provider is set up for this channel")).toBeDefined();
    const deleted = await row("Deleted contact");
    expect(within(deleted).getByText("The contact was deleted")).toBeDefined();
    expect(within(deleted).getByText("Cancelled")).toBeDefined();
    expect(within(await row("Done Dan")).getByText("Finished")).toBeDefined();
    expect(within(await row("Skipped Sue")).getByText("Finished, 2 skipped")).toBeDefined();
    expect(screen.queryByText(/no_provider|contact_deleted/)).toBeNull();
  });

  it("says until when somebody waits, in the workspace's zone, and why and by whom they are here", async () => {
    vi.useFakeTimers({ now: Date.parse("2026-05-03T13:30:00Z"), shouldAdvanceTime: true });
    fakeApi({
      listSends: () => ({ items: [], nextCursor: null }),
      listExecutions: () => page(buildExecution({ wakeAt: "2026-05-04T14:00:00Z", waitingFor: "time" })),
    });
    await show();
    const waiting = await row("Ada Lovelace");
    expect(within(waiting).getByText("Waiting")).toBeDefined();
    expect(within(waiting).getByText("Until tomorrow 9:00 (Chicago)")).toBeDefined();
    expect(within(waiting).getByText("Wait a day")).toBeDefined();
    expect(within(waiting).getByText("Manual send (Contacts page), Grace Hopper")).toBeDefined();
  });

  it("keeps rows where they are when new ones arrive, offers those, and updates what the rows say", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const old = buildExecution({ id: id(1), contactName: "Old Olga" });
    let answer = page(old);
    fakeApi({ listSends: () => ({ items: [], nextCursor: null }), listExecutions: () => answer });
    const { user } = await show();
    expect(within(await row("Old Olga")).getByText("Running")).toBeDefined();
    answer = page(buildExecution({ id: id(3), contactName: "New Nora" }), buildExecution({ id: id(2), contactName: "New Nick" }), {
      ...old,
      status: "completed",
      completedAt: "2026-05-03T13:00:05Z",
    });
    await vi.advanceTimersByTimeAsync(2500);
    const pill = await screen.findByRole("button", { name: "2 new" });
    expect(within(await row("Old Olga")).getByText("Completed")).toBeDefined();
    expect(screen.queryByRole("row", { name: "New Nora" })).toBeNull();
    await user.click(pill);
    expect(await row("New Nora")).toBeDefined();
    expect(screen.queryByRole("button", { name: /new$/ })).toBeNull();
  });

  it("shows the first rows by itself: nobody is reading an empty list", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    let answer = page();
    fakeApi({ listSends: () => ({ items: [], nextCursor: null }), listExecutions: () => answer });
    await show();
    await screen.findByText("Nobody has been enrolled yet");
    answer = page(buildExecution());
    await vi.advanceTimersByTimeAsync(2500);
    expect(await row("Ada Lovelace")).toBeDefined();
  });

  it("says so when the rows are no longer kept up to date", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    let broken = false;
    fakeApi({
      listSends: () => ({ items: [], nextCursor: null }),
      listExecutions: () => {
        if (broken) throw new Refusal("internal", "Something broke.");
        return page(buildExecution());
      },
    });
    await show();
    await row("Ada Lovelace");
    broken = true;
    await vi.advanceTimersByTimeAsync(2500);
    expect(await screen.findByText(/^Not updated since /)).toBeDefined();
    expect(await row("Ada Lovelace")).toBeDefined();
    broken = false;
    await vi.advanceTimersByTimeAsync(4500);
    await waitFor(() => expect(screen.queryByText(/^Not updated since /)).toBeNull());
  });

  it("filters by status, and asks the server for exactly those", async () => {
    const { calls } = fakeApi({ listSends: () => ({ items: [], nextCursor: null }), listExecutions: () => page(buildExecution()) });
    const { user, onFilters } = await show({ ...noFilters, status: ["failed"] });
    await row("Ada Lovelace");
    expect(calls.find((call) => call.id === "listExecutions")?.query).toMatchObject({ flowId: historyIds.flow, status: "failed" });
    await user.click(screen.getByRole("button", { name: "Status: Failed" }));
    const item = await screen.findByRole("menuitemcheckbox", { name: /Finished with errors/ });
    await user.hover(item);
    await waitFor(() => expect(item.hasAttribute("data-highlighted")).toBe(true));
    await user.click(item);
    await waitFor(() => expect(onFilters).toHaveBeenCalledWith({ ...noFilters, status: ["failed", "partial_failure"] }));
  });

  it("shows what narrows it as chips, asks the server for exactly that, and takes one out", async () => {
    const more = { failed: "hello", reason: "no_provider" };
    const { calls } = fakeApi({
      listSends: () => ({ items: [], nextCursor: null }),
      getFlow: () => {
        throw new Refusal("not_found", "This flow is gone.");
      },
      listExecutions: () => page(buildExecution()),
    });
    const { user, onFilters } = await show({ ...noFilters, more });
    await row("Ada Lovelace");
    expect(calls.find((call) => call.id === "listExecutions")?.query).toMatchObject({ failedNodeId: "hello", reason: "no_provider" });
    const file = screen.getByRole("link", { name: "Export" }).getAttribute("href");
    expect(file).toContain("/api/executions/export?");
    expect(file).toContain("failedNodeId=hello");
    await user.click(await screen.findByRole("button", { name: "Remove filter: No provider is set up for this channel" }));
    expect(onFilters).toHaveBeenCalledWith({ ...noFilters, more: { failed: "hello" } });
    await user.click(screen.getByRole("button", { name: "Clear filters" }));
    expect(onFilters).toHaveBeenLastCalledWith(noFilters);
  });

  it("opens the record of a row with the keyboard", async () => {
    fakeApi({ listSends: () => ({ items: [], nextCursor: null }), listExecutions: () => page(buildExecution()) });
    const { user, onOpen } = await show();
    (await row("Ada Lovelace")).focus();
    await user.keyboard("{Enter}");
    expect(onOpen).toHaveBeenCalledWith(expect.objectContaining({ id: historyIds.execution }));
  });
});
