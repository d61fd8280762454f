import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, it, onTestFinished, vi } from "vitest";
import { renderUi } from "#test/render.tsx";
import { Tooltip } from "./tooltip.tsx";

const draw = () =>
  renderUi(
    <Tooltip content="Collapse the menu">
      <button type="button">Fold</button>
    </Tooltip>,
  );
const button = () => screen.getByRole("button", { name: "Fold" });
const gone = () => waitFor(() => expect(screen.queryByRole("tooltip")).toBeNull());

it("appears when the pointer rests on its element, describes it, and leaves with the pointer", async () => {
  await draw();
  const before = button();
  fireEvent.pointerEnter(before, { pointerType: "mouse" });
  expect(screen.queryByRole("tooltip")).toBeNull();
  const bubble = await screen.findByRole("tooltip");
  expect(bubble.textContent).toBe("Collapse the menu");
  expect(button(), "the element is not drawn anew, or it would lose the focus").toBe(before);
  expect(button().getAttribute("aria-describedby")).toBe(bubble.id);
  fireEvent.pointerLeave(before, { pointerType: "mouse" });
  await gone();
});

it("appears at once where the keyboard has come, and goes with Esc", async () => {
  const { user } = await draw();
  await user.tab();
  expect(await screen.findByRole("tooltip")).toBeTruthy();
  await user.keyboard("{Escape}");
  await gone();
  expect(document.activeElement).toBe(button());
});

it("is not spoken where it only shows the name of its element", async () => {
  await renderUi(
    <Tooltip content="Fold">
      <button type="button" aria-label="Fold" />
    </Tooltip>,
  );
  fireEvent.pointerEnter(button(), { pointerType: "mouse" });
  expect(await screen.findByRole("tooltip")).toBeTruthy();
  expect(button().getAttribute("aria-describedby")).toBeNull();
});

it("stays away from fingers, and from a pointer that only passes by", async () => {
  await draw();
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  fireEvent.pointerEnter(button(), { pointerType: "touch" });
  fireEvent.pointerLeave(button(), { pointerType: "touch" });
  fireEvent.pointerEnter(button(), { pointerType: "mouse" });
  fireEvent.pointerLeave(button(), { pointerType: "mouse" });
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  expect(screen.queryByRole("tooltip")).toBeNull();
});
