import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { renderUi } from "#test/render.tsx";
import type { DataColumn } from "./data-table/columns.ts";
import { DataTable, type DataTableProps } from "./data-table.tsx";

interface Planet {
  id: string;
  name: string;
  moons: number;
}
const planets = (count: number): Planet[] => Array.from({ length: count }, (_, n) => ({ id: `p${n}`, name: `Planet ${n}`, moons: n }));
const columns: DataColumn<Planet>[] = [
  { id: "name", header: "Name", width: 100, identity: true, sortable: true, cell: (planet) => planet.name },
  { id: "moons", header: "Moons", width: 50, sortable: true, firstDirection: "desc", cell: (planet) => planet.moons },
  { id: "note", header: "Note", width: 50, cell: () => "a note", hiddenByDefault: true },
];

function Table(props: Partial<DataTableProps<Planet>> & { rows: Planet[] }) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  return (
    <>
      <DataTable
        label="Planets"
        columns={columns}
        rowId={(planet) => planet.id}
        rowLabel={(planet) => planet.name}
        selection={{
          isSelected: (planet) => selected.has(planet.id),
          set: (rows, on) =>
            setSelected((old) => {
              const next = new Set(old);
              for (const { id } of rows) on ? next.add(id) : next.delete(id);
              return next;
            }),
        }}
        {...props}
      />
      <output>{[...selected].join(" ")}</output>
    </>
  );
}

const row = (name: string) => screen.getByRole("row", { name });
const selected = () => screen.getByRole("status").textContent;
const tick = (name: string) => screen.getByRole("checkbox", { name: `Select ${name}` });

// jsdom lays nothing out; a table without height draws no rows.
beforeEach(() => {
  localStorage.clear();
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(400);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(800);
});

describe("the table's states", () => {
  it("shows the error in place of the rows", async () => {
    await renderUi(<Table rows={[]} error={<p>It broke</p>} empty={<p>Nothing</p>} />);
    expect(screen.getByText("It broke")).toBeTruthy();
    expect(screen.queryByText("Nothing")).toBeNull();
  });

  it("says that nothing is there only once that is known", async () => {
    const { rerender } = await renderUi(<Table rows={[]} loading="first" empty={<p>Nothing</p>} />);
    expect(screen.queryByText("Nothing")).toBeNull();
    expect(screen.getByRole("grid").getAttribute("aria-busy")).toBe("true");
    rerender(<div />);
    await renderUi(<Table rows={[]} loading={null} empty={<p>Nothing</p>} />);
    expect(screen.getByText("Nothing")).toBeTruthy();
  });

  it("keeps the rows and shows the error after them when the next page failed, and does not ask again by itself", async () => {
    const load = vi.fn();
    await renderUi(<Table rows={planets(3)} more={{ has: true, load, error: <p>No more</p> }} />);
    expect(row("Planet 2")).toBeTruthy();
    expect(screen.getByText("No more")).toBeTruthy();
    expect(load).not.toHaveBeenCalled();
  });
});

describe("to a screen reader", () => {
  it("the grid holds nothing but rows: what stands in their place is beside it", async () => {
    const { unmount } = await renderUi(<Table rows={[]} loading={null} empty={<button type="button">Add a planet</button>} />);
    expect(within(screen.getByRole("grid")).queryByRole("button", { name: "Add a planet" })).toBeNull();
    expect(within(screen.getByRole("grid")).getAllByRole("rowgroup")).toHaveLength(1);
    unmount();
    const failed = await renderUi(<Table rows={[]} error={<p role="alert">It broke</p>} />);
    expect(within(screen.getByRole("grid")).queryByRole("alert")).toBeNull();
    failed.unmount();
    await renderUi(<Table rows={planets(1)} more={{ has: true, load: () => {}, error: <p role="alert">No more</p> }} />);
    expect(screen.getByRole("alert").closest("[role=gridcell]")?.parentElement?.getAttribute("role")).toBe("row");
  });
});

describe("the table", () => {
  it("draws only the rows in sight of a long list, and says how many there are", async () => {
    await renderUi(<Table rows={planets(5000)} total={10_000} />);
    expect(screen.getAllByRole("row").length).toBeLessThan(60);
    expect(screen.getByRole("grid", { name: "Planets" }).getAttribute("aria-rowcount")).toBe("10001");
    expect(row("Planet 0").getAttribute("aria-rowindex")).toBe("2");
  });

  it("asks for the next page when its end comes near, not before", async () => {
    const load = vi.fn();
    await renderUi(<Table rows={planets(200)} more={{ has: true, load }} />);
    expect(load).not.toHaveBeenCalled();
    const near = vi.fn();
    await renderUi(<Table rows={planets(20)} more={{ has: true, load: near }} />);
    expect(near).toHaveBeenCalledTimes(1);
  });

  it("offers no sorting by a column that the server cannot sort by", async () => {
    await renderUi(<Table rows={planets(1)} columns={[{ ...(columns[0] as DataColumn<Planet>), sortable: false }]} />);
    const head = screen.getByRole("columnheader", { name: "Name" });
    expect(within(head).queryByRole("button")).toBeNull();
    expect(head.getAttribute("aria-sort")).toBeNull();
  });

  it("asks the server to sort, and shows which way", async () => {
    const onSort = vi.fn();
    const { user } = await renderUi(<Table rows={planets(3)} sort={{ column: "name", direction: "asc" }} onSort={onSort} />);
    expect(screen.getByRole("columnheader", { name: "Name" }).getAttribute("aria-sort")).toBe("ascending");
    expect(screen.getByRole("columnheader", { name: "Moons" }).getAttribute("aria-sort")).toBe("none");
    await user.click(screen.getByRole("button", { name: "Name" }));
    expect(onSort).toHaveBeenLastCalledWith({ column: "name", direction: "desc" });
    await user.click(screen.getByRole("button", { name: "Moons" }));
    expect(onSort).toHaveBeenLastCalledWith({ column: "moons", direction: "desc" });
  });

  it("remembers in this browser which columns were chosen", async () => {
    const first = await renderUi(<Table rows={planets(1)} rememberAs="planets" />);
    expect(screen.queryByText("a note")).toBeNull();
    await first.user.click(screen.getByRole("button", { name: "Choose columns" }));
    // By keyboard, because jsdom has no pointer that a menu would believe.
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("menu")));
    await first.user.keyboard("n");
    await waitFor(() => expect(screen.getByRole("menuitemcheckbox", { name: "Note" }).hasAttribute("data-highlighted")).toBe(true));
    await first.user.keyboard("{Enter}");
    expect(await screen.findByText("a note")).toBeTruthy();
    expect(screen.queryByRole("menuitemcheckbox", { name: "Name" })).toBeNull();
    first.unmount();
    await renderUi(<Table rows={planets(1)} rememberAs="planets" />);
    expect(screen.getByText("a note")).toBeTruthy();
  });
});

describe("selecting rows", () => {
  it("takes a range with Shift, in either direction", async () => {
    const { user } = await renderUi(<Table rows={planets(9)} />);
    await user.click(tick("Planet 5"));
    fireEvent.click(tick("Planet 2"), { shiftKey: true });
    expect(selected()).toBe("p5 p2 p3 p4");
  });

  it("takes a range back with Shift as well", async () => {
    const { user } = await renderUi(<Table rows={planets(9)} />);
    await user.click(screen.getByRole("checkbox", { name: "Select all loaded rows" }));
    await user.click(tick("Planet 1"));
    fireEvent.click(tick("Planet 3"), { shiftKey: true });
    expect(selected()).toBe("p0 p4 p5 p6 p7 p8");
  });

  it("shows in its head whether none, some or all are selected", async () => {
    const { user } = await renderUi(<Table rows={planets(2)} />);
    const head = screen.getByRole<HTMLInputElement>("checkbox", { name: "Select all loaded rows" });
    expect([head.checked, head.indeterminate]).toEqual([false, false]);
    await user.click(tick("Planet 0"));
    expect([head.checked, head.indeterminate]).toEqual([false, true]);
    await user.click(tick("Planet 1"));
    expect([head.checked, head.indeterminate]).toEqual([true, false]);
    expect(row("Planet 1").getAttribute("aria-selected")).toBe("true");
  });

  it("neither opens the row nor is it offered when there is nothing to select for", async () => {
    const onOpen = vi.fn();
    const { user } = await renderUi(<Table rows={planets(2)} onOpen={onOpen} />);
    await user.click(tick("Planet 0"));
    expect(onOpen).not.toHaveBeenCalled();
    await renderUi(<Table rows={[{ id: "x", name: "Lone", moons: 0 }]} selection={undefined} />);
    expect(within(row("Lone")).queryByRole("checkbox")).toBeNull();
    expect(row("Lone").hasAttribute("aria-selected")).toBe(false);
  });
});

describe("the keyboard", () => {
  const focused = () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent;

  it("moves by arrows, selects by Space and x, extends by Shift, opens by Enter", async () => {
    const onOpen = vi.fn();
    const { user } = await renderUi(<Table rows={planets(9)} onOpen={onOpen} />);
    row("Planet 0").focus();
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowUp}");
    expect(focused()).toBe("Planet 1");
    await user.keyboard(" ");
    expect(selected()).toBe("p1");
    await user.keyboard("{Shift>}{ArrowDown}{ArrowDown}{/Shift}");
    expect(selected()).toBe("p1 p2 p3");
    await user.keyboard("x");
    expect(selected()).toBe("p1 p2");
    await user.keyboard("{Enter}");
    expect(onOpen).toHaveBeenCalledWith(expect.objectContaining({ id: "p3" }));
    await user.keyboard("{End}");
    expect(focused()).toBe("Planet 8");
    await user.keyboard("{Home}{Control>}a{/Control}");
    expect(selected()?.split(" ")).toHaveLength(9);
  });

  it("has one stop for Tab in the whole body, and reaches a row's buttons by Right and leaves them by Left", async () => {
    const actions = (planet: Planet, { tabIndex }: { tabIndex: number }) => (
      <button type="button" tabIndex={tabIndex}>{`Act on ${planet.name}`}</button>
    );
    const { user } = await renderUi(<Table rows={planets(9)} rowActions={actions} />);
    expect(screen.getAllByRole("row").filter((each) => each.tabIndex === 0)).toHaveLength(1);
    row("Planet 0").focus();
    await user.keyboard("{ArrowDown}{ArrowRight}");
    expect(focused()).toBe("Act on Planet 1");
    await user.keyboard("{ArrowLeft}");
    expect(focused()).toBe("Planet 1");
  });
});
