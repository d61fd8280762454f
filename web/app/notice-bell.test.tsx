import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { fakeApi } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { NoticeBell } from "./notice-bell.tsx";

it("the bell says how many are unread, also to who cannot see it", async () => {
  fakeApi({ countUnreadNotices: () => ({ unread: 3 }) });
  await renderUi(<NoticeBell wide />);
  expect((await screen.findByRole("link", { name: "Notices, 3 unread" })).getAttribute("href")).toBe("/notices");
});
