import { screen, waitFor } from "@testing-library/react";
import { Users, Workflow } from "lucide-react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fakeApi } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { SearchField } from "#ui/fields/search-field.tsx";
import { hideShortcuts } from "#web/lib/shortcuts-help.ts";
import { KeyboardShortcuts } from "./keyboard-shortcuts.tsx";
import { closePalette } from "./palette-state.ts";

const places = [
  { to: "/contacts", label: "Contacts", icon: Users, key: "c" },
  { to: "/flows", label: "Flows", icon: Workflow, key: "f" },
];
const serve = () => fakeApi({ listFlows: () => ({ items: [], folders: [] }), listContacts: () => ({ items: [], nextCursor: null }) });

async function draw(role: "editor" | "viewer" = "editor") {
  serve();
  const onGo = vi.fn();
  const page = await renderUi(
    <>
      <SearchField label="Search contacts" value="" onChange={() => {}} />
      <KeyboardShortcuts places={places} onGo={onGo} />
    </>,
    { role },
  );
  return { ...page, onGo };
}
const palette = () => screen.findByRole("combobox", { name: "Find or do anything" });

afterEach(() => {
  closePalette();
  hideShortcuts();
});

describe("the keys of the app", () => {
  it("are left alone while somebody types", async () => {
    const { user, onGo } = await draw();
    await user.type(screen.getByRole("searchbox"), "gc?/");
    expect((screen.getByRole("searchbox") as HTMLInputElement).value).toBe("gc?/");
    expect(onGo).not.toHaveBeenCalled();
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("lead to a page by g and its letter, and not by the letter alone", async () => {
    const { user, onGo } = await draw();
    await user.keyboard("c");
    expect(onGo).not.toHaveBeenCalled();
    await user.keyboard("gf");
    expect(onGo).toHaveBeenCalledExactlyOnceWith("/flows");
  });

  it("put the cursor into the search by /", async () => {
    const { user } = await draw();
    await user.keyboard("/");
    expect(document.activeElement).toBe(screen.getByRole("searchbox"));
    expect((screen.getByRole("searchbox") as HTMLInputElement).value).toBe("");
  });

  it("show themselves by ?", async () => {
    const { user } = await draw();
    await user.keyboard("?");
    expect(await screen.findByRole("dialog", { name: "Keyboard shortcuts" })).toBeDefined();
  });
});

describe("the palette", () => {
  it("opens by Ctrl-K, finds by letters, and goes by Enter", async () => {
    const { user, onGo } = await draw();
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await palette(), "flo");
    await waitFor(() => expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual(["FlowsG F"]));
    await user.keyboard("{Enter}");
    expect(onGo).toHaveBeenCalledExactlyOnceWith("/flows");
    await waitFor(() => expect(screen.queryByRole("combobox")).toBeNull());
  });

  it("moves by the arrows, around the ends", async () => {
    const { user, onGo } = await draw();
    await user.keyboard("{Control>}k{/Control}");
    await palette();
    const chosen = () => screen.getAllByRole("option").findIndex((option) => option.getAttribute("aria-selected") === "true");
    expect(chosen()).toBe(0);
    await user.keyboard("{ArrowUp}");
    expect(chosen()).toBe(screen.getAllByRole("option").length - 1);
    await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
    expect(onGo).toHaveBeenCalledExactlyOnceWith("/flows");
  });

  it("offers a viewer nothing that a viewer may not do", async () => {
    const { user } = await draw("viewer");
    await user.keyboard("{Control>}k{/Control}");
    await palette();
    expect(screen.queryByRole("option", { name: "Add a contact" })).toBeNull();
  });
});
