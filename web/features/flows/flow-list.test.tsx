import { screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FlowSummary } from "#contract/flows.ts";
import { historyIds } from "#test/build-history.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { FlowList } from "./flow-list.tsx";

const flow = (name: string, more: Partial<FlowSummary> = {}): FlowSummary => ({
  id: historyIds.flow,
  name,
  folderId: null,
  stepCount: 5,
  canStart: true,
  problemCount: 0,
  channels: ["sms", "email"],
  hasDraft: false,
  active: 3,
  enrolled: 23_681,
  lastSentAt: null,
  createdAt: "2026-05-01T09:00:00Z",
  updatedAt: "2026-05-01T09:00:00Z",
  archivedAt: null,
  favourite: false,
  openedAt: null,
  ...more,
});
const show = (search = "", onFilter = vi.fn(), onOpen = vi.fn()) =>
  renderUi(<FlowList search={search} folder={undefined} onFilter={onFilter} onOpen={onOpen} canEdit menuItems={() => []} />).then(
    (rendered) => ({
      ...rendered,
      onFilter,
      onOpen,
    }),
  );

beforeEach(() => {
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(1200);
});
afterEach(() => vi.restoreAllMocks());

describe("the list of flows", () => {
  it("says in place of the rows that it could not be loaded", async () => {
    fakeApi({
      listFlows: () => {
        throw new Refusal("internal", "Something broke.");
      },
    });
    await show();
    expect(await screen.findByText("The flows could not be loaded")).toBeDefined();
    expect(screen.queryByText("No flows yet")).toBeNull();
  });

  it("tells no flows from no match", async () => {
    fakeApi({ listFlows: () => ({ items: [flow("Welcome Flow")], folders: [] }) });
    const { user, onFilter } = await show("zzz");
    expect(await screen.findByText("No flow matches")).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Show all flows" }));
    expect(onFilter).toHaveBeenCalledWith({ search: "", folder: undefined });
  });

  it("counts what keeps a flow from being sent, and gives exact numbers", async () => {
    fakeApi({ listFlows: () => ({ items: [flow("Broken", { canStart: false, problemCount: 2 })], folders: [] }) });
    await show();
    const row = within(await screen.findByRole("row", { name: "Broken" }));
    expect(row.getByText("2 problems")).toBeDefined();
    expect(row.getByText("23,681")).toBeDefined();
    expect(row.getByText("Never")).toBeDefined();
    expect(row.getByText("SMS")).toBeDefined();
    expect(row.getByText("E-mail")).toBeDefined();
  });

  it("opens a flow by click", async () => {
    fakeApi({ listFlows: () => ({ items: [flow("Welcome Flow")], folders: [] }) });
    const { user, onOpen } = await show();
    await user.click(await screen.findByText("Welcome Flow"));
    expect(onOpen).toHaveBeenCalledWith(expect.objectContaining({ id: historyIds.flow }));
  });
});
