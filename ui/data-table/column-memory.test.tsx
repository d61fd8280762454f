import { screen } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { renderUi } from "#test/render.tsx";
import { useColumnMemory } from "./column-memory.ts";
import type { DataColumn } from "./columns.ts";

const columns: DataColumn<object>[] = [
  { id: "name", header: "Name", width: 10, cell: () => null },
  { id: "note", header: "Note", width: 10, cell: () => null, hiddenByDefault: true },
];

function Columns({ name }: { name: string | undefined }) {
  const [shown, change] = useColumnMemory(name, columns);
  return (
    <>
      <output>{JSON.stringify(shown)}</output>
      <button type="button" onClick={() => change((now) => ({ ...now, note: true }))}>
        Show notes
      </button>
    </>
  );
}
const told = () => JSON.parse(screen.getByRole("status").textContent);
const press = () => screen.getByRole("button", { name: "Show notes" });

beforeEach(() => localStorage.clear());

it.each(["no JSON", "7", "null", '{"note":"yes"}'])("passes over %s in the store", async (kept) => {
  localStorage.setItem("sluice.columns.planets", kept);
  await renderUi(<Columns name="planets" />);
  expect(told()).toEqual({ name: true, note: false });
});

it("remembers a choice in this browser, under the name of the table", async () => {
  const first = await renderUi(<Columns name="planets" />);
  await first.user.click(press());
  expect(told()).toEqual({ name: true, note: true });
  first.unmount();
  const second = await renderUi(<Columns name="planets" />);
  expect(told()).toEqual({ name: true, note: true });
  second.unmount();
  await renderUi(<Columns name="moons" />);
  expect(told()).toEqual({ name: true, note: false });
});

it("remembers nothing without a name", async () => {
  const { user } = await renderUi(<Columns name={undefined} />);
  await user.click(press());
  expect(told()).toEqual({ name: true, note: true });
  expect(Object.keys(localStorage).filter((key) => key.startsWith("sluice.columns"))).toEqual([]);
});
