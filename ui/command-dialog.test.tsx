import { act, screen, waitFor, within } from "@testing-library/react";
import { User } from "lucide-react";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { renderUi } from "#test/render.tsx";
import { CommandDialog } from "./command-dialog.tsx";

const names = ["Ada", "Alan", "Grace"];

function Palette({
  onSelect = () => {},
  busy = false,
  onClose = () => {},
}: Partial<Record<"onSelect" | "onClose", (name?: string) => void>> & { busy?: boolean }) {
  const [query, setQuery] = useState("");
  const found = names.filter((name) => name.toLowerCase().startsWith(query.toLowerCase()));
  const items = found.map((name) => ({ id: name, label: name, icon: User, onSelect: () => onSelect(name) }));
  return (
    <CommandDialog
      label="Search"
      placeholder="Search"
      query={query}
      onQueryChange={setQuery}
      groups={[
        { heading: "Flows", items: [] },
        { heading: "Contacts", items },
      ]}
      busy={busy}
      onClose={() => onClose()}
    />
  );
}

function Opener() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Open
      </button>
      {isOpen && <Palette onSelect={() => setOpen(false)} />}
    </>
  );
}

const active = () => screen.getByRole("option", { selected: true }).textContent;
const field = () => screen.findByRole("combobox", { name: "Search" });

describe("the command dialog", () => {
  it("says that there are no results only when the search has ended", async () => {
    const { user, unmount } = await renderUi(<Palette busy />);
    await user.type(await field(), "zz");
    expect(screen.getByRole("status").textContent).toBe("Searching…");
    unmount();
    const { user: again } = await renderUi(<Palette />);
    await again.type(await field(), "zz");
    expect(screen.getByRole("status").textContent).toBe("No results");
  });

  it("says aloud what is asked before anything else, and how many results there are", async () => {
    const { user } = await renderUi(<Palette />);
    const input = await field();
    await waitFor(() => expect(document.activeElement).toBe(input));
    expect(input.getAttribute("aria-activedescendant"), "an active row would be spoken in place of the question").toBeNull();
    expect(screen.getByRole("status").textContent).toBe("3 results. The first is “Ada”.");
    await user.type(input, "a");
    expect(screen.getByRole("status").textContent).toBe("2 results");
    expect(input.getAttribute("aria-activedescendant")).toBe(screen.getByRole("option", { selected: true }).id);
  });

  it("gives the focus back at once where it leaves the page while it is open, so that it never falls to the page as a whole", async () => {
    const { user } = await renderUi(<Opener />);
    await user.click(screen.getByRole("button", { name: "Open" }));
    const input = await field();
    await waitFor(() => expect(document.activeElement).toBe(input));
    act(() => screen.getByRole("option", { name: "Ada" }).click());
    expect(document.activeElement?.textContent).toBe("Open");
  });

  it("moves with the arrows, around the ends, while the focus stays in the field", async () => {
    const { user } = await renderUi(<Palette />);
    const input = await field();
    await waitFor(() => expect(document.activeElement).toBe(input));
    expect(active()).toBe("Ada");
    await user.keyboard("{ArrowUp}");
    expect(active()).toBe("Grace");
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(active()).toBe("Alan");
    expect(input.getAttribute("aria-activedescendant")).toBe(screen.getByRole("option", { selected: true }).id);
    expect(document.activeElement).toBe(input);
  });

  it("selects the best answer of the latest search by Enter", async () => {
    const onSelect = vi.fn();
    const { user } = await renderUi(<Palette onSelect={onSelect} />);
    await user.type(await field(), "{ArrowDown}g");
    await user.keyboard("{Enter}");
    expect(onSelect).toHaveBeenCalledExactlyOnceWith("Grace");
  });

  it("is closed by Esc and shows no heading of an empty group", async () => {
    const onClose = vi.fn();
    const { user } = await renderUi(<Palette onClose={onClose} />);
    await field();
    expect(within(screen.getByRole("listbox")).queryByText("Flows")).toBeNull();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(onClose).toHaveBeenCalled());
  });
});
