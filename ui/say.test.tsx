import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { renderUi } from "#test/render.tsx";
import { say } from "./say.tsx";

it("says words in a region that was there before, and the same words anew when they are said again", async () => {
  await renderUi(<main>Page</main>);
  expect(document.querySelector("[aria-live=polite]")).not.toBeNull();
  say("Done: move “Greeting”");
  const first = await screen.findByText("Done: move “Greeting”");
  expect(first.closest("[aria-live=polite]")).not.toBeNull();
  say("Done: move “Greeting”");
  await expect.poll(() => first.isConnected).toBe(false);
  expect(screen.getByText("Done: move “Greeting”")).toBeDefined();
});
