import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { UiProvider } from "#ui/provider.tsx";
import { say } from "#ui/say.tsx";
import type { Saving } from "./draft/draft-store.ts";
import { SavingSign } from "./saving-sign.tsx";

afterEach(cleanup);

const sign = (saving: Saving, isDraft = true) => (
  <UiProvider>
    <SavingSign {...{ saving, isDraft }} onRetry={() => undefined} />
  </UiProvider>
);

it("says aloud that a draft was saved, once, and not after each pause of somebody who types", async () => {
  const { rerender, container } = render(sign({ state: "saved" }, false));
  const aloud = () => container.querySelector("[aria-live=polite] span");
  expect(aloud()?.textContent).toBe("");
  rerender(sign({ state: "saving" }));
  rerender(sign({ state: "saved" }));
  await expect.poll(() => aloud()?.textContent).toBe("Draft saved. Not published yet.");
  const spoken: (string | null | undefined)[] = [];
  const listening = new MutationObserver(() => spoken.push(aloud()?.textContent));
  listening.observe(container.querySelector("[aria-live=polite]") as Element, { childList: true, characterData: true, subtree: true });
  rerender(sign({ state: "saving" }));
  rerender(sign({ state: "saved" }));
  // Words are spoken in the order in which they were said, so these come behind whatever the sign has said anew.
  say("Undone");
  await expect.poll(() => spoken.length).toBeGreaterThan(0);
  listening.disconnect();
  expect(spoken, "a second save is not said").toEqual(["Undone"]);
  expect(screen.getByRole("status").getAttribute("aria-live"), "the sign itself is not read when it changes").toBe("off");
});

it("says at once that a save has failed", () => {
  render(sign({ state: "failed", reason: "No connection", final: false }));
  const status = screen.getByRole("status");
  expect(status.textContent).toContain("Not saved, trying again: No connection");
  expect(status.getAttribute("aria-live")).toBeNull();
});
