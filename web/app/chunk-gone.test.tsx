import { screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { renderUi } from "#test/render.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";

const script = document.createElement("script");

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  script.type = "module";
  script.setAttribute("src", "/assets/index-a1.js");
  document.head.append(script);
});
afterEach(() => {
  script.remove();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const serve = (page: string, status = 200) => vi.stubGlobal("fetch", async () => new Response(page, { status }));
function Part({ message }: { message: string }): never {
  throw new TypeError(message);
}
const draw = (message: string) =>
  renderUi(
    <ErrorBoundary>
      <Part message={message} />
    </ErrorBoundary>,
  );

describe("where the code of a part of the app cannot be fetched", () => {
  it.each([
    "Failed to fetch dynamically imported module: http://x/assets/panel-0ld.js",
    "error loading dynamically imported module: http://x/assets/panel-0ld.js",
    "Importing a module script failed.",
  ])("%s: says that there is a new version, if the server serves one, and offers to reload", async (message) => {
    serve('<script type="module" src="/assets/index-b2.js"></script>');
    await draw(message);
    expect(await screen.findByText("A new version is available")).toBeDefined();
    expect(screen.getByRole("button", { name: "Reload" })).toBeDefined();
  });

  it("speaks of the connection where the server serves the same version, or does not answer", async () => {
    for (const respond of [() => serve('<script type="module" src="/assets/index-a1.js"></script>'), () => serve("", 502)]) {
      respond();
      const { unmount } = await draw("Failed to fetch dynamically imported module: x");
      expect(await screen.findByText("A part of this page could not be loaded")).toBeDefined();
      unmount();
    }
  });

  it("leaves other mistakes to what they are", async () => {
    await draw("x is not a function");
    expect(await screen.findByText("Sluice stopped working on this page")).toBeDefined();
  });
});
