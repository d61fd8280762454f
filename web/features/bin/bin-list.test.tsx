import { screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { BinnedContact } from "#contract/bin.ts";
import type { Role } from "#contract/people.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { BinList } from "./bin-list.tsx";

const uuid = (n: number) => `0192f000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const binned = (n: number): BinnedContact => ({
  id: uuid(n),
  displayName: `Gone ${n}`,
  email: `gone${n}@example.com`,
  phoneNumber: null,
  deletedAt: new Date(Date.now() - 86_400_000).toISOString(),
  deletedByName: "Eve",
  erasedAt: new Date(Date.now() + 29 * 86_400_000).toISOString(),
});
const page = (...items: BinnedContact[]) => ({ items, nextCursor: null, total: items.length });

function List() {
  const [search, setSearch] = useState("");
  return <BinList search={search} onSearch={setSearch} />;
}
const show = (role: Role) => renderUi(<List />, { role });
const tick = (name: string) => screen.getByRole("checkbox", { name: `Select ${name}` });

beforeEach(() => {
  // jsdom lays nothing out; a table without height draws no rows.
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(400);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(1200);
});

describe("the bin", () => {
  it("offers a viewer nothing that would be refused, and an editor no erasing", async () => {
    fakeApi({ listBin: () => page(binned(1)) });
    const { unmount } = await show("viewer");
    await screen.findByRole("row", { name: "Gone 1" });
    expect(screen.queryByRole("checkbox")).toBeNull();
    expect(screen.queryByRole("button", { name: "Actions for Gone 1" })).toBeNull();
    unmount();
    const { user } = await show("editor");
    await user.click(await screen.findByRole("button", { name: "Actions for Gone 1" }));
    expect((await screen.findAllByRole("menuitem")).map((item) => item.textContent)).toEqual(["Restore"]);
  });

  it("says that it is empty, that nothing was found, and that it could not be loaded", async () => {
    let answer: () => ReturnType<typeof page> = () => page();
    fakeApi({ listBin: () => answer() });
    const { user } = await show("editor");
    expect(await screen.findByText("The bin is empty")).toBeTruthy();
    await user.type(screen.getByLabelText("Search name, e-mail or phone"), "x");
    expect(await screen.findByText("No results")).toBeTruthy();
    answer = () => {
      throw new Refusal("internal", "The database does not answer.");
    };
    await user.type(screen.getByLabelText("Search name, e-mail or phone"), "y");
    expect(await screen.findByText("The bin could not be loaded")).toBeTruthy();
  });

  it("restores one and all that are ticked", async () => {
    const server = fakeApi({
      listBin: () => page(binned(1), binned(2), binned(3)),
      restoreFromBin: ({ body }) => ({ restored: body.ids.length, ids: body.ids }),
    });
    const { user } = await show("editor");
    expect(await screen.findAllByText("in 29 days")).toHaveLength(3);
    await user.click(tick("Gone 1"));
    await user.click(tick("Gone 3"));
    await user.click(within(screen.getByRole("region", { name: "Selection" })).getByRole("button", { name: "Restore" }));
    expect(await screen.findByText("Restored 2 contacts")).toBeTruthy();
    expect(server.calls.find(({ id }) => id === "restoreFromBin")?.body).toEqual({ ids: [uuid(1), uuid(3)] });
    await waitFor(() => expect(screen.queryByRole("region", { name: "Selection" })).toBeNull());
  });

  it("erases only after a question, as an owner", async () => {
    const server = fakeApi({ listBin: () => page(binned(1)), eraseFromBin: () => ({ erased: 1 }) });
    const { user } = await show("owner");
    await user.click(await screen.findByRole("button", { name: "Actions for Gone 1" }));
    const item = await screen.findByRole("menuitem", { name: "Erase now" });
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("menu")));
    for (let step = 0; step < 5 && !item.hasAttribute("data-highlighted"); step++) await user.keyboard("{ArrowDown}");
    await user.keyboard("{Enter}");
    const dialog = await screen.findByRole("alertdialog");
    expect(within(dialog).getByText("Erase Gone 1 for good?")).toBeTruthy();
    expect(server.calls.some(({ id }) => id === "eraseFromBin")).toBe(false);
    await user.click(within(dialog).getByRole("button", { name: "Erase contact" }));
    expect(await screen.findByText("Gone 1 was erased")).toBeTruthy();
  });
});
