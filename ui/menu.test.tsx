import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { renderUi } from "#test/render.tsx";
import { Button } from "./button.tsx";
import { ActionMenu, type ActionMenuProps } from "./menu.tsx";

const opened = async (items: ActionMenuProps["items"]) => {
  const { user } = await renderUi(<ActionMenu trigger={<Button>More</Button>} items={items} />);
  await user.click(screen.getByRole("button", { name: "More" }));
  return { user, menu: await screen.findByRole("menu") };
};

describe("a menu", () => {
  it("passes over an item that is disabled, and acts once it is gone, so that a dialog it opens does not close with it", async () => {
    const onSelect = vi.fn();
    const onDelete = vi.fn();
    const { user } = await opened([
      { label: "Delete", onSelect: onDelete, disabled: true },
      { label: "Rename", onSelect },
    ]);
    // By keyboard, because jsdom has no pointer that a menu would believe.
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("menu")));
    await user.keyboard("{ArrowDown}");
    await waitFor(() => expect(screen.getByRole("menuitem", { name: "Rename" }).hasAttribute("data-highlighted")).toBe(true));
    await user.keyboard("{Enter}");
    await waitFor(() => expect(onSelect).toHaveBeenCalledOnce());
    expect(screen.queryByRole("menu")).toBeNull();
    expect(onDelete).not.toHaveBeenCalled();
  });

  it("tells a screen reader what is chosen: one of several, or each for itself", async () => {
    await opened([
      { label: "Light", onSelect: () => {}, checked: true, oneOf: true },
      { label: "Dark", onSelect: () => {}, checked: false, oneOf: true },
      "separator",
      { label: "Phone", onSelect: () => {}, checked: true },
    ]);
    const tick = (role: string, name: string) => screen.getByRole(role, { name }).getAttribute("aria-checked");
    expect([tick("menuitemradio", "Light"), tick("menuitemradio", "Dark"), tick("menuitemcheckbox", "Phone")]).toEqual([
      "true",
      "false",
      "true",
    ]);
  });

  it("names a group by its heading, up to the next separator", async () => {
    const { menu } = await opened([
      { heading: "Workspace" },
      { label: "Settings", onSelect: () => {} },
      "separator",
      { label: "Sign out", onSelect: () => {} },
    ]);
    const group = within(menu).getByRole("group", { name: "Workspace" });
    expect(
      within(group)
        .getAllByRole("menuitem")
        .map((item) => item.textContent),
    ).toEqual(["Settings"]);
  });
});

const edit = vi.fn();
const hide = vi.fn();
const draw = (keepOpen = false) =>
  renderUi(
    <ActionMenu
      trigger={<Button>Planet</Button>}
      keepOpen={keepOpen}
      items={[{ heading: "Earth" }, { label: "Edit", onSelect: edit }, "separator", { label: "Moons", checked: true, onSelect: hide }]}
    />,
  );
const trigger = () => screen.getByRole("button", { name: "Planet" });
const gone = () => waitFor(() => expect(screen.queryByRole("menu")).toBeNull());
/** By its first letter and Enter, because jsdom has no pointer that a menu would believe. */
const choose = async (user: Awaited<ReturnType<typeof draw>>["user"], name: string) => {
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("menu")));
  await user.keyboard(name.charAt(0));
  await waitFor(() => expect(screen.getByText(name).closest("[data-highlighted]")).toBeTruthy());
  await user.keyboard("{Enter}");
};

describe("the button of a menu", () => {
  it("says before it is opened that it opens a menu, and afterwards whether it is open", async () => {
    const { user } = await draw();
    expect([trigger().getAttribute("aria-haspopup"), trigger().getAttribute("aria-expanded")]).toEqual(["menu", "false"]);
    await user.click(trigger());
    expect(await screen.findByRole("menu", { name: "Planet" })).toBeTruthy();
    expect(trigger().getAttribute("aria-expanded")).toBe("true");
    await user.click(trigger());
    await gone();
  });

  it("does what is chosen when it has closed, and gives the focus back to its button", async () => {
    const { user } = await draw();
    await user.click(trigger());
    await choose(user, "Edit");
    await waitFor(() => expect(edit).toHaveBeenCalledTimes(1));
    await gone();
    await waitFor(() => expect(document.activeElement).toBe(trigger()));
  });

  it("is opened by the Down key on its first entry, which Enter chooses, and closed by Esc", async () => {
    edit.mockClear();
    const { user } = await draw();
    trigger().focus();
    await user.keyboard("{ArrowDown}");
    const first = await screen.findByRole("menuitem", { name: "Edit" });
    await waitFor(() => expect(first.hasAttribute("data-highlighted")).toBe(true));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("menu")));
    await user.keyboard("{Enter}");
    await waitFor(() => expect(edit).toHaveBeenCalledTimes(1));
    await gone();
    await user.keyboard("{Enter}");
    await screen.findByRole("menu");
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("menu")));
    await user.keyboard("{Escape}");
    await gone();
    await waitFor(() => expect(document.activeElement).toBe(trigger()));
  });

  it("stays open for several choices where it is told to", async () => {
    const { user } = await draw(true);
    await user.click(trigger());
    await choose(user, "Moons");
    await user.keyboard("{Enter}");
    expect(hide).toHaveBeenCalledTimes(2);
    expect(screen.getByRole("menu")).toBeTruthy();
  });
});
