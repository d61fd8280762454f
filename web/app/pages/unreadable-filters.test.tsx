import { screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sendStates } from "#contract/sends.ts";
import { fakeApi } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { EnrollmentHistory } from "#web/features/executions/enrollment-history.tsx";
import { readHistoryFilters } from "#web/features/executions/history-filters.tsx";
import { FlowList } from "#web/features/flows/flow-list.tsx";
import { Inbox } from "#web/features/inbox/inbox.tsx";
import { SendList } from "#web/features/sends/send-list.tsx";
import { readChoice } from "#web/lib/read-choice.ts";

// A link whose filter is lost would list everything instead of what it means. The fake server knows none of the lists here, so
// a page that asked for one fails its test.

beforeEach(() => {
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(1200);
});
afterEach(() => vi.restoreAllMocks());

const title = "This link's filter cannot be read";

describe("a filter that cannot be read lists nothing, says so, and can be taken away", () => {
  it("in the enrollment history", async () => {
    fakeApi({});
    const onFilters = vi.fn();
    const read = readHistoryFilters({ status: "running,exploded", missed: "fax", q: "ada" });
    const { user } = await renderUi(<EnrollmentHistory sendId="x" zone="UTC" {...read} onFilters={onFilters} onOpen={vi.fn()} />);
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain(title);
    expect(alert.textContent).toContain("“exploded”, “fax”");
    await user.click(screen.getByRole("button", { name: "Show all enrollments" }));
    expect(onFilters).toHaveBeenCalledWith({ status: [], search: "", sendId: undefined, missed: undefined, more: {} });
  });

  it("in the sends", async () => {
    fakeApi({});
    const onFilters = vi.fn();
    const { value, unreadable } = readChoice("exploded", sendStates);
    const { user } = await renderUi(
      <SendList filters={{ state: value, flowId: undefined }} unreadable={unreadable} onFilters={onFilters} flows={[]} onOpen={vi.fn()} />,
    );
    expect((await screen.findByRole("alert")).textContent).toContain(title);
    await user.click(screen.getByRole("button", { name: "Show all sends" }));
    expect(onFilters).toHaveBeenCalledWith({ state: undefined, flowId: undefined });
  });

  it("in the sent messages", async () => {
    fakeApi({});
    const onChange = vi.fn();
    const view = { channel: undefined, search: undefined, messageId: undefined };
    const { user } = await renderUi(<Inbox view={view} unreadable={["pigeon"]} onChange={onChange} />);
    expect((await screen.findByRole("alert")).textContent).toContain("“pigeon”");
    await user.click(screen.getByRole("button", { name: "Show all messages" }));
    expect(onChange).toHaveBeenCalledWith({ search: undefined, channel: undefined });
  });

  it("in the flows, whose folder may have been deleted", async () => {
    fakeApi({ listFlows: () => ({ items: [], folders: [] }) });
    const onFilter = vi.fn();
    const { user } = await renderUi(<FlowList search="" folder="gone" onFilter={onFilter} onOpen={vi.fn()} canEdit menuItems={() => []} />);
    expect((await screen.findByRole("alert")).textContent).toContain(title);
    await user.click(screen.getByRole("button", { name: "Show all flows" }));
    expect(onFilter).toHaveBeenCalledWith({ search: "", folder: undefined });
  });
});

it("what can be read is read, and nothing is unreadable in an address without filters", () => {
  expect(readHistoryFilters({})).toEqual({
    filters: { status: [], search: "", sendId: undefined, missed: undefined, more: {} },
    unreadable: [],
  });
  expect(readHistoryFilters({ status: "failed,running", missed: "sms:no_phone" })).toMatchObject({
    filters: { status: ["running", "failed"], missed: "sms:no_phone" },
    unreadable: [],
  });
  expect(readHistoryFilters({ send: "42" }).unreadable).toEqual(["42"]);
});
