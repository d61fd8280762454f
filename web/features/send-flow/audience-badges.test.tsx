import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { uuid } from "#test/build-flow.ts";
import { renderUi } from "#test/render.tsx";
import { AudienceBadges } from "./audience-badges.tsx";

it("each contact that was picked and is named leads to what happened and what is planned, beside the dialog", async () => {
  const ids = [11, 12, 13, 14].map(uuid);
  const names = ["John Doe", "Jane Smith", "Bob Wilson"];
  const { unmount } = await renderUi(<AudienceBadges audience={{ selection: { type: "ids", ids }, total: 4, names, words: null }} />);
  const links = screen.getAllByRole("link");
  expect(links.map((link) => link.getAttribute("href"))).toEqual(ids.slice(0, 3).map((id) => `/contacts/${id}`));
  expect(links.map((link) => link.getAttribute("target"))).toEqual(["_blank", "_blank", "_blank"]);
  expect(screen.getByText("+1 more")).toBeTruthy();
  unmount();
  const filter = { type: "filter" as const, filter: { tests: [] }, excluded: [] };
  await renderUi(<AudienceBadges audience={{ selection: filter, total: 4, names, words: null }} />);
  expect(screen.queryByRole("link")).toBeNull();
});
