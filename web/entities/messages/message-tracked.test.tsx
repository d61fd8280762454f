import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { renderUi } from "#test/render.tsx";
import { MessageTracked } from "./message-tracked.tsx";

it("tells of a message which links were followed, by whom, and that opens are unreliable", async () => {
  const firstAt = "2026-05-03T10:00:00.000Z";
  const clicks = [
    { url: "https://a.example/", times: 3, byPrograms: 1, firstAt },
    { url: "https://b.example/", times: 0, byPrograms: 2, firstAt: null },
  ];
  await renderUi(<MessageTracked tracked={{ clicks, opens: { times: 1, byPrograms: 0, firstAt } }} />);
  const lines = screen.getAllByRole("listitem").map(({ textContent }) => textContent);
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^Clicked .*for the first time, 3 times until now · 1 time by programshttps:\/\/a\.example\/$/);
  expect(lines[1]).toBe("Clicked only by programs (2 times)https://b.example/");
  expect(lines[2]).toMatch(/^Opened .*Unreliable/);
});
