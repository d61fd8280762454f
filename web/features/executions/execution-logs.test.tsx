import { screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LoggedStep } from "#contract/executions.ts";
import { buildStep, historyIds } from "#test/build-history.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { ExecutionLogs } from "./execution-logs.tsx";
import { noLogFilters, readLogFilters } from "./log-filters.ts";

const sends = () => ({ items: [], nextCursor: null });
const page = (...items: LoggedStep[]) => ({ items, nextCursor: null });
const buildLogged = (more: Partial<LoggedStep> = {}): LoggedStep => ({
  ...buildStep({ nodeLabel: "Say hello", exit: "sent" }),
  flowId: historyIds.flow,
  flowName: "Welcome Flow",
  flowVersionId: historyIds.version,
  versionNumber: 3,
  sendId: historyIds.send,
  isTest: false,
  contactId: historyIds.contact,
  contactName: "Ada Lovelace",
  executionStatus: "completed",
  duration: 12,
  providerMessageId: null,
  ...more,
});

const show = (filters = noLogFilters, unreadable: string[] = []) => {
  const [onFilters, onOpen, onShowPath] = [vi.fn(), vi.fn(), vi.fn()];
  const props = { filters, unreadable, onFilters, onOpen, onShowPath };
  return renderUi(<ExecutionLogs flowId={historyIds.flow} zone="America/Chicago" {...props} />).then((rendered) => ({
    ...rendered,
    ...props,
  }));
};

beforeEach(() => {
  // A window to see rows through: jsdom lays nothing out.
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(1400);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("the execution logs", () => {
  it("say that they could not be loaded, and never that nothing was done", async () => {
    fakeApi({
      listSends: sends,
      listStepLog: () => {
        throw new Refusal("forbidden", "You may not read executions.");
      },
    });
    await show();
    expect(within(await screen.findByRole("alert")).getByText("The logs could not be loaded")).toBeDefined();
    expect(screen.queryByText(/No step/)).toBeNull();
  });

  it("list nothing where the address holds what names no filter", async () => {
    const { calls } = fakeApi({ listSends: sends });
    const { filters, unreadable } = readLogFilters({ status: "skipped,exploded", reason: "boredom" });
    await show(filters, unreadable);
    expect(screen.getByRole("alert").textContent).toContain("“exploded”, “boredom”");
    expect(calls.some(({ id }) => id === "listStepLog")).toBe(false);
  });

  it("say of each step whose it was, how it ended and why, in the workspace's zone", async () => {
    const { calls } = fakeApi({
      listSends: sends,
      listStepLog: () => page(buildLogged({ status: "skipped", reason: "no_phone", startedAt: "2026-05-03T13:00:00Z" })),
    });
    const { user, onOpen } = await show({ ...noLogFilters, status: ["skipped"], more: { reason: "no_phone" } });
    const row = await screen.findByRole("row", { name: "Say hello, Ada Lovelace" });
    for (const words of [/8:00:00.*\(Chicago\)/, "Skipped", "No phone number", "sent", "12 ms"])
      expect(within(row).getByText(words)).toBeDefined();
    expect(calls.find(({ id }) => id === "listStepLog")?.query).toMatchObject({
      status: "skipped",
      reason: "no_phone",
      flowId: historyIds.flow,
    });
    expect(screen.getByRole("link", { name: "Export" }).getAttribute("href")).toContain("reason=no_phone");
    row.focus();
    await user.keyboard("{Enter}");
    expect(onOpen).toHaveBeenCalledWith(historyIds.execution);
  });

  it("keep rows where they are when steps are taken meanwhile, and show those when asked to", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    let answer = page(buildLogged({ contactName: "Old Olga", status: "waiting" }));
    fakeApi({ listSends: sends, listStepLog: () => answer });
    const { user } = await show();
    expect(within(await screen.findByRole("row", { name: "Say hello, Old Olga" })).getByText("Waiting")).toBeDefined();
    answer = page(buildLogged({ id: historyIds.send, contactName: "New Nora" }), buildLogged({ contactName: "Old Olga" }));
    await vi.advanceTimersByTimeAsync(2500);
    const pill = await screen.findByRole("button", { name: "1 new" });
    expect(within(screen.getByRole("row", { name: "Say hello, Old Olga" })).getByText("Completed")).toBeDefined();
    expect(screen.queryByRole("row", { name: "Say hello, New Nora" })).toBeNull();
    await user.click(pill);
    expect(await screen.findByRole("row", { name: "Say hello, New Nora" })).toBeDefined();
  });

  it("leave test runs out, or list them alone, and say so in a chip that takes it back", async () => {
    const { calls } = fakeApi({ listSends: sends, listStepLog: () => page(buildLogged()), listFlowVersions: sends } as never);
    const { filters, unreadable } = readLogFilters({ runs: "hidden" });
    const { user, onFilters } = await show(filters, unreadable);
    await screen.findByRole("row", { name: "Say hello, Ada Lovelace" });
    expect(calls.find(({ id }) => id === "listStepLog")?.query).toMatchObject({ testRuns: "hidden" });
    expect(screen.getByRole("link", { name: "Export" }).getAttribute("href")).toContain("testRuns=hidden");
    await user.click(screen.getByRole("button", { name: "Remove filter: Without test runs" }));
    expect(onFilters).toHaveBeenLastCalledWith(noLogFilters);
    expect(readLogFilters({ runs: "some" }).unreadable).toEqual(["some"]);
  });

  it("go on looking where few match, instead of showing an empty page", async () => {
    fakeApi({
      listSends: sends,
      listStepLog: ({ query }: { query?: { cursor?: string } }) =>
        query?.cursor ? page(buildLogged()) : { items: [], nextCursor: "further" },
    });
    await show({ ...noLogFilters, search: "ada" });
    expect(await screen.findByRole("row", { name: "Say hello, Ada Lovelace" })).toBeDefined();
    expect(screen.queryByText("No step matches")).toBeNull();
  });
});
