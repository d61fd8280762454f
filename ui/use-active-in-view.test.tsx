import { render } from "@testing-library/react";
import { useRef } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { useActiveInView } from "./use-active-in-view.ts";

let resized: () => void = () => undefined;
let width = 300;

function Row({ active }: { active: string }) {
  const row = useRef<HTMLDivElement>(null);
  useActiveInView(row, "[data-on]", active);
  return (
    <div ref={row} data-testid="row">
      <span data-on="" />
    </div>
  );
}

/** The row begins at 0, and the active tab stands from 400 to 500, less what the row is scrolled. */
function layOut() {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      constructor(listener: () => void) {
        resized = listener;
      }
      observe() {}
      disconnect() {}
    },
  );
  width = 300;
  vi.spyOn(Element.prototype, "clientWidth", "get").mockImplementation(() => width);
  vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(function (this: Element) {
    if (!this.hasAttribute("data-on")) return new DOMRect(0, 0, width, 36);
    return new DOMRect(400 - (this.parentElement?.scrollLeft ?? 0), 0, 100, 36);
  });
}
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("the active tab is brought into sight again when the row gets another width, and only then", () => {
  layOut();
  const row = render(<Row active="a" />).getByTestId("row");
  // Its middle, 450, stands in the middle of the row, 150.
  expect(row.scrollLeft).toBe(300);
  row.scrollLeft = 0;
  resized();
  expect(row.scrollLeft).toBe(0);
  width = 200;
  resized();
  expect(row.scrollLeft).toBe(350);
});
