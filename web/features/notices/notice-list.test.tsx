import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Notice } from "#contract/notices.ts";
import { historyIds } from "#test/build-history.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { NoticeByEmail } from "./notice-by-email.tsx";
import { NoticeList } from "./notice-list.tsx";

const notice = (more: Partial<Notice> = {}): Notice => ({
  id: "0198f5a0-0000-7000-8000-000000000101",
  kind: "send_errors",
  channel: null,
  detail: null,
  sendId: historyIds.send,
  flowName: "Welcome Flow",
  contactId: null,
  contactName: null,
  times: 1,
  at: "2026-05-03T13:00:00.000Z",
  isUnread: true,
  ...more,
});
const maybeStop = notice({
  id: "0198f5a0-0000-7000-8000-000000000102",
  kind: "maybe_stop",
  sendId: null,
  flowName: null,
  times: 3,
  contactId: historyIds.contact,
  contactName: "Ada Lovelace",
  at: "2026-05-02T13:00:00.000Z",
  isUnread: false,
});

describe("the list of notices", () => {
  it("says what happened, how often, and leads to where something can be done", async () => {
    fakeApi({ listNotices: () => ({ items: [notice(), maybeStop], nextCursor: null }) });
    await renderUi(<NoticeList />);
    const items = within(await screen.findByRole("list", { name: "Notices" })).getAllByRole("listitem");
    expect(items.map((item) => item.textContent)).toEqual([
      expect.stringContaining("Unread: “Welcome Flow” has finished with errors"),
      expect.stringContaining("Ada Lovelace may have asked for no more messages"),
    ]);
    expect(items[1]?.textContent).toContain("3 times");
    expect(screen.getByRole("link", { name: "Open the send" }).getAttribute("href")).toContain(historyIds.send);
    expect(screen.getByRole("link", { name: "Read what was written" }).getAttribute("href")).toContain(historyIds.contact);
  });

  it("marks one as read, or all up to the newest that is shown", async () => {
    const server = fakeApi({
      listNotices: () => ({ items: [notice(), maybeStop], nextCursor: null }),
      readNotices: () => ({ matched: 1 }),
    });
    const { user } = await renderUi(<NoticeList />);
    await user.click(await screen.findByRole("button", { name: "Mark as read" }));
    await user.click(await screen.findByRole("button", { name: "Mark all as read" }));
    const bodies = server.calls.filter(({ id }) => id === "readNotices").map(({ body }) => body);
    expect(bodies).toEqual([{ upto: notice().at, ids: [notice().id] }, { upto: notice().at }]);
  });

  it("says so where there is nothing to tell, and where it could not be loaded", async () => {
    let isDown = true;
    fakeApi({
      listNotices: () => {
        if (isDown) throw new Refusal("unavailable", "The database is away.");
        return { items: [], nextCursor: null };
      },
    });
    const { user } = await renderUi(<NoticeList />);
    expect((await screen.findByRole("alert")).textContent).toContain("The notices could not be loaded");
    isDown = false;
    await user.click(screen.getByRole("button", { name: "Retry" }));
    expect(await screen.findByText("Nothing to tell")).toBeDefined();
  });
});

it("a member chooses whether they come by e-mail, and the switch shows what is stored", async () => {
  let stored = false;
  const server = fakeApi({
    getNoticeSettings: () => ({ byEmail: stored }),
    saveNoticeSettings: ({ body }) => {
      stored = body.byEmail;
      return body;
    },
  });
  const { user } = await renderUi(<NoticeByEmail />);
  await user.click(await screen.findByRole("checkbox", { name: /Also send them to ada@example.com/ }));
  expect(await screen.findByRole("checkbox", { checked: true })).toBeDefined();
  expect(server.calls.at(-1)).toMatchObject({ id: "saveNoticeSettings", body: { byEmail: true } });
});
