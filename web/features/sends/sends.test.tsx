import { screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { buildSend, historyIds } from "#test/build-history.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { NobodyEnrolled } from "./nobody-enrolled.tsx";
import { SendList } from "./send-list.tsx";
import { SendProgress } from "./send-progress.tsx";
import { SkipList } from "./skip-list.tsx";

beforeEach(() => {
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(1200);
});
afterEach(() => vi.restoreAllMocks());

/** The clock of the page. */
const clock = { now: Date.parse("2026-05-03T14:00:00Z"), zone: "America/Chicago" };
const everything = { state: undefined, flowId: undefined };
const counts = {
  total: 10_000,
  enrolled: 9412,
  notEnrolled: 588,
  active: 3000,
  completed: 6390,
  failed: 2,
  partialFailure: 12,
  cancelled: 8,
};

describe("the sends", () => {
  it("say in place of the rows that they could not be loaded", async () => {
    fakeApi({
      listSends: () => {
        throw new Refusal("internal", "Something broke.");
      },
    });
    await renderUi(<SendList filters={everything} onFilters={vi.fn()} flows={[]} onOpen={vi.fn()} />);
    expect(await screen.findByText("The sends could not be loaded")).toBeDefined();
    expect(screen.queryByText("Nothing has been sent yet")).toBeNull();
  });

  it("give their exact totals, also to who cannot see the bar", async () => {
    fakeApi({ listSends: () => ({ items: [buildSend(counts)], nextCursor: null }) });
    await renderUi(<SendList filters={everything} onFilters={vi.fn()} flows={[]} onOpen={vi.fn()} />);
    const row = within(await screen.findByRole("row", { name: "Welcome Flow" }));
    expect(row.getByText("10,000")).toBeDefined();
    expect(row.getByText("6,390")).toBeDefined();
    expect(row.getByText("14")).toBeDefined();
    expect(
      row.getByRole("img", {
        name: "6,390 completed, 12 finished with errors, 2 failed, 8 cancelled, 3,000 under way, 588 not enrolled",
      }),
    ).toBeDefined();
  });

  it("narrow to a flow and a state, and say when nothing is left", async () => {
    const { calls } = fakeApi({ listSends: () => ({ items: [], nextCursor: null }) });
    const onFilters = vi.fn();
    const flows = [{ id: historyIds.flow, name: "Welcome Flow" }];
    const { user } = await renderUi(
      <SendList filters={{ state: "running", flowId: historyIds.flow }} onFilters={onFilters} flows={flows} onOpen={vi.fn()} />,
    );
    expect(await screen.findByText("No send matches")).toBeDefined();
    expect(calls[0]?.query).toMatchObject({ state: "running", flowId: historyIds.flow });
    await user.selectOptions(screen.getByLabelText("State"), "stopped");
    expect(onFilters).toHaveBeenCalledWith({ state: "stopped", flowId: historyIds.flow });
  });
});

describe("the menu of a send", () => {
  const failed = buildSend({ ...counts, state: "done", active: 0 });
  const openMenu = async () => {
    const ui = await renderUi(<SendList filters={everything} onFilters={vi.fn()} flows={[]} onOpen={vi.fn()} />, { role: "owner" });
    await ui.user.click(await screen.findByRole("button", { name: "Actions for Welcome Flow" }));
    await screen.findByRole("menuitem", { name: "Open" });
    return ui;
  };
  const retry = () => screen.queryByRole("menuitem", { name: /Retry/ });
  const retried = (executions: number) => ({ executions, byReason: [], messages: [], skipped: [], mayHaveArrived: 0 });

  it("offers no retry where nothing of what failed can be tried again, or where that cannot be counted", async () => {
    const server = fakeApi({ listSends: () => ({ items: [failed], nextCursor: null }), previewSendRetry: () => retried(0) });
    const { unmount } = await openMenu();
    await expect.poll(() => server.calls.some(({ id }) => id === "previewSendRetry")).toBe(true);
    await expect.poll(retry).toBeNull();
    unmount();
    server.previewSendRetry = () => {
      throw new Refusal("internal", "Something broke.");
    };
    await openMenu();
    await expect.poll(retry).toBeNull();
  });

  it("offers to retry as many as can be tried again", async () => {
    fakeApi({ listSends: () => ({ items: [failed], nextCursor: null }), previewSendRetry: () => retried(9) });
    await openMenu();
    const item = await screen.findByRole("menuitem", { name: "Retry 9 failed…" });
    expect(item.getAttribute("aria-disabled")).not.toBe("true");
  });
});

describe("the progress of a send", () => {
  it("leads to the flow that was sent", async () => {
    await renderUi(<SendProgress send={buildSend()} interrupted={false} {...clock} onShowMissed={() => {}} />);
    expect(await screen.findByRole("link", { name: "Open flow" })).toBeDefined();
  });

  it("does not lead to the stored flow where the send brought one of its own", async () => {
    const send = buildSend({ hasOwnGraph: true, flowName: "Welcome" });
    await renderUi(<SendProgress send={send} interrupted={false} {...clock} onShowMissed={() => {}} />);
    expect(await screen.findByText("· A flow of its own, not “Welcome”")).toBeDefined();
    expect(screen.queryByRole("link", { name: "Open flow" })).toBeNull();
  });

  it("writes both sums out", async () => {
    await renderUi(<SendProgress send={buildSend(counts)} interrupted={false} {...clock} onShowMissed={() => {}} />);
    const sums = (await screen.findAllByRole("group")).map((sum) => sum.textContent);
    expect(sums).toEqual([
      "10,000selected=9,412enrolled+588not enrolled",
      "9,412enrolled=6,390completed+3,000under way+12finished with errors+2failed+8cancelled",
    ]);
    expect(screen.queryByRole("alert")).toBeNull();
    expect(screen.getByText("68%")).toBeDefined();
  });

  it("raises its voice when the numbers do not add up, and when they are no longer live", async () => {
    await renderUi(<SendProgress send={buildSend({ ...counts, completed: 6385 })} interrupted {...clock} onShowMissed={() => {}} />);
    expect((await screen.findByRole("alert")).textContent).toBe("5 not accounted for");
    expect(screen.getByRole("status").textContent).toContain("Connection lost");
  });
});

describe("a send in which nobody was enrolled", () => {
  const ended = buildSend({ total: 1250, notEnrolled: 1250, state: "done" });

  it("has no bar and no percentage once it is over, and still writes its sums out", async () => {
    await renderUi(<SendProgress send={ended} interrupted={false} {...clock} onShowMissed={() => {}} />);
    const sums = (await screen.findAllByRole("group")).map((sum) => sum.textContent);
    expect(sums[0]).toBe("1,250selected=0enrolled+1,250not enrolled");
    expect(screen.queryByRole("img")).toBeNull();
    expect(screen.queryByText("finished")).toBeNull();
  });

  it("shows how far it is while it goes on", async () => {
    await renderUi(<SendProgress send={{ ...ended, state: "enrolling" }} interrupted={false} {...clock} onShowMissed={() => {}} />);
    expect(await screen.findByText("finished")).toBeDefined();
  });

  it("says so once it is over, and leads to who was not enrolled", async () => {
    const onShow = vi.fn();
    const { user } = await renderUi(<NobodyEnrolled send={ended} onShowNotEnrolled={onShow} />);
    expect(await screen.findByText("Nobody was enrolled")).toBeDefined();
    expect(screen.queryByText(/yet/)).toBeNull();
    await user.click(screen.getByRole("button", { name: "Show who was not enrolled (1,250)" }));
    expect(onShow).toHaveBeenCalledOnce();
  });

  it("may still get somebody while it goes on", async () => {
    await renderUi(<NobodyEnrolled send={{ ...ended, state: "enrolling" }} onShowNotEnrolled={() => {}} />);
    expect(await screen.findByText("Nobody has been enrolled yet")).toBeDefined();
  });
});

describe("what a send has come to", () => {
  const some = buildSend({
    ...counts,
    reached: 9566,
    unreached: 434,
    messageCounts: [
      { channel: "sms", outcome: "sent", reason: null, count: 8328 },
      { channel: "sms", outcome: "skipped", reason: "no_phone", count: 1000 },
      { channel: "sms", outcome: "skipped", reason: "opted_out_sms", count: 672 },
      { channel: "email", outcome: "sent", reason: null, count: 8081 },
    ],
  });

  it("says whom it reached, whom nothing could be sent to, and which messages did not leave and why", async () => {
    const onShow = vi.fn();
    const { user } = await renderUi(<SendProgress send={some} interrupted={false} {...clock} onShowMissed={onShow} />);
    const section = within(await screen.findByRole("region", { name: "Messages of this send" }));
    expect(section.getByText("9,566")).toBeDefined();
    await user.click(section.getByRole("button", { name: "Nobody could be written to: 434" }));
    await user.click(section.getByRole("button", { name: "1,672 not sent" }));
    await user.click(section.getByRole("button", { name: "No phone number (1,000)" }));
    expect(onShow.mock.calls).toEqual([["nobody"], ["sms"], ["sms:no_phone"]]);
    expect(section.getByRole("group", { name: "E-mail messages" }).textContent?.trim()).toBe("E-mail: 8,081 sent");
  });

  const captured = buildSend({
    ...{ total: 434, enrolled: 434, completed: 434, state: "done", reached: 0, unreached: 34, completedUnreached: 34 },
    ...{ captured: 400, completedCaptured: 400 },
    messageCounts: [
      { channel: "sms", outcome: "captured", reason: "test_mode", count: 300 },
      { channel: "sms", outcome: "skipped", reason: "no_phone", count: 134 },
      { channel: "email", outcome: "captured", reason: "test_mode", count: 400 },
    ],
  });

  it("says of a send in test mode that nothing left, shows whose it was, and how to send for real", async () => {
    const onShow = vi.fn();
    const { user } = await renderUi(<SendProgress send={captured} interrupted={false} {...clock} onShowMissed={onShow} />);
    const section = within(await screen.findByRole("region", { name: "Messages of this send" }));
    expect(section.getByText(/^Reached/).textContent).toBe("Reached: 0");
    await user.click(section.getByRole("button", { name: "Test only, not sent: 400" }));
    await user.click(section.getByRole("button", { name: "Nobody could be written to: 34" }));
    await user.click(section.getByRole("button", { name: "Test only (300)" }));
    await user.click(section.getByRole("button", { name: "400 test only, not sent" }));
    expect(onShow.mock.calls).toEqual([["captured"], ["nobody"], ["sms:test_mode"], ["email:test_mode"]]);
    expect(section.getByText(/^SMS and e-mail were in test mode/)).toBeDefined();
    expect(section.getByRole("link", { name: /set up a provider/ }).getAttribute("href")).toBe("/settings/channels");
    expect(screen.getByRole("img", { name: "400 completed, test only, 34 completed, nobody reached" })).toBeDefined();
  });

  it("does not say of a test that anybody was reached or anything was sent", async () => {
    await renderUi(<SendProgress send={{ ...captured, isTest: true }} interrupted={false} {...clock} onShowMissed={vi.fn()} />);
    const section = within(await screen.findByRole("region", { name: "Messages of this send" }));
    expect(section.getByRole("button", { name: "Test only, not sent: 400" })).toBeDefined();
    expect(section.getByText(/^This send is a test/)).toBeDefined();
    expect(section.queryByText(/Reached|provider/)).toBeNull();
  });

  it("says nothing of a send that is older than the counts", async () => {
    await renderUi(
      <SendProgress
        send={buildSend({ ...counts, reached: null, unreached: null })}
        interrupted={false}
        {...clock}
        onShowMissed={vi.fn()}
      />,
    );
    await screen.findAllByRole("group");
    expect(screen.queryByRole("region", { name: "Messages of this send" })).toBeNull();
  });
});

describe("who was not enrolled", () => {
  it("is listed with the reason in words, also when the contact is gone", async () => {
    fakeApi({
      listSendSkips: () => ({
        items: [
          { contactId: historyIds.contact, contactName: "Ada Lovelace", reason: "already_active_here" },
          { contactId: historyIds.send, contactName: null, reason: "contact_deleted" },
        ],
        nextCursor: null,
      }),
    });
    await renderUi(<SkipList sendId={historyIds.send} notEnrolled={2} />);
    expect(within(await screen.findByRole("row", { name: "Ada Lovelace" })).getByText("Already in this flow")).toBeDefined();
    expect(within(screen.getByRole("row", { name: "Deleted contact" })).getByText("The contact was deleted")).toBeDefined();
  });
});
