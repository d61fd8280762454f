import { fireEvent, screen } from "@testing-library/react";
import { useRef } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { renderUi } from "#test/render.tsx";
import { usePanelWidth } from "./use-panel-width.tsx";

function Panel() {
  const panel = useRef<HTMLDivElement>(null);
  const { width, handle } = usePanelWidth(panel);
  return (
    <div ref={panel}>
      {handle}
      <output>{width ?? "as there is room"}</output>
    </div>
  );
}
const told = () => screen.getByRole("status").textContent;
const handle = () => screen.getByRole("separator", { name: "Width of the settings" });

beforeEach(() => {
  localStorage.clear();
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(400);
  vi.spyOn(Element.prototype, "getBoundingClientRect").mockReturnValue(new DOMRect(800, 0, 400, 600));
});
afterEach(() => vi.restoreAllMocks());

test("the arrows change the width within its limits, which is kept until it is given back", async () => {
  const { user, unmount } = await renderUi(<Panel />);
  expect(told()).toBe("as there is room");
  handle().focus();
  await user.keyboard("{ArrowLeft}");
  expect(told()).toBe("424");
  await user.keyboard("{End}{ArrowRight}");
  expect(told()).toBe("320");
  await user.keyboard("{Home}{ArrowLeft}");
  expect(told()).toBe("720");
  unmount();
  await renderUi(<Panel />);
  expect(told()).toBe("720");
  fireEvent.doubleClick(handle());
  expect(told()).toBe("as there is room");
});

test("dragging it follows the pointer, and moving over it without a press does nothing", async () => {
  await renderUi(<Panel />);
  const box = handle();
  fireEvent.pointerMove(box, { clientX: 700, pointerId: 1 });
  expect(told()).toBe("as there is room");
  box.setPointerCapture = () => undefined;
  box.hasPointerCapture = () => true;
  fireEvent.pointerDown(box, { clientX: 800, pointerId: 1 });
  fireEvent.pointerMove(box, { clientX: 700, pointerId: 1 });
  expect(told()).toBe("500");
});

test("what is kept and is no width is passed over", async () => {
  for (const kept of ["wide", "-5", "12"]) {
    localStorage.setItem("builder-panel-width", kept);
    const { unmount } = await renderUi(<Panel />);
    expect(told()).toBe("as there is room");
    unmount();
  }
});
