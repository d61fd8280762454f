import { screen, within } from "@testing-library/react";
import { useEffect, useState } from "react";
import { describe, expect, test, vi } from "vitest";
import { renderUi } from "#test/render.tsx";
import { noMergeFields } from "#ui/merge-fields/merge-fields.ts";
import { type PanelFacts, putAt, record } from "../node-panel.tsx";
import { start } from "./definition.ts";
import { InputsPanel } from "./inputs-panel.tsx";

const facts: PanelFacts = {
  flows: [],
  flowsStatus: "ready",
  steps: [],
  fields: [],
  testFields: [
    { path: "firstname", label: "First name", group: "Contact", kind: "text" },
    { path: "variables.x", label: "x", group: "Steps", kind: "text" },
  ],
  mergeFields: noMergeFields,
  templates: [],
  problemAt: () => undefined,
  disabled: false,
};

function Host({ first = {}, seen, problemAt }: { first?: object; seen: (value: unknown) => void; problemAt?: PanelFacts["problemAt"] }) {
  const [value, setValue] = useState<unknown>(first);
  useEffect(() => seen(record(value).inputs), [value, seen]);
  return (
    <InputsPanel
      value={record(value)}
      set={(path, next) => setValue((before: unknown) => putAt(before, path, next))}
      facts={{ ...facts, ...(problemAt && { problemAt }) }}
    />
  );
}

describe("what a flow asks for", () => {
  test("tells a problem at its setting", async () => {
    const first = { inputs: [{ name: "amount", label: "Amount", type: "number", default: "soon" }] };
    const problemAt: PanelFacts["problemAt"] = (path) => (path.join(".") === "inputs.0.default" ? "“soon” is not a number" : undefined);
    await renderUi(<Host first={first} seen={vi.fn()} problemAt={problemAt} />);
    expect(screen.getByText("“soon” is not a number")).toBeTruthy();
  });

  test("is added, gets a name for texts from what it is called, and keeps a name that was typed", async () => {
    const seen = vi.fn();
    const { user } = await renderUi(<Host seen={seen} />);
    expect(screen.getByText(/Nothing is asked/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Add a value to ask for" }));
    await user.type(screen.getByLabelText("What it is called"), "Größe (cm)");
    expect(screen.getByText("{{ input.grosse_cm }}")).toBeTruthy();
    const name = screen.getByLabelText("Name in texts");
    await user.clear(name);
    await user.type(name, "size");
    await user.type(screen.getByLabelText("What it is called"), "!");
    expect(seen).toHaveBeenLastCalledWith([{ name: "size", label: "Größe (cm)!", type: "text", required: true }]);
    expect(start.config.safeParse({ inputs: seen.mock.lastCall?.[0] }).success).toBe(true);
  });

  test("is a choice of what is typed on lines, with one of them where nothing is given", async () => {
    const seen = vi.fn();
    const { user } = await renderUi(<Host first={{ inputs: [{ name: "a", label: "A", type: "text" }] }} seen={seen} />);
    await user.selectOptions(screen.getByLabelText("Kind"), "choice");
    await user.type(screen.getByLabelText("What may be chosen, one on each line"), "Red{Enter}Blue");
    await user.selectOptions(screen.getByLabelText(/Where nothing is given/), "Blue");
    expect(seen).toHaveBeenLastCalledWith([{ name: "a", label: "A", type: "choice", choices: ["Red", "Blue"], default: "Blue" }]);
    await user.selectOptions(screen.getByLabelText("Kind"), "date");
    expect(seen).toHaveBeenLastCalledWith([{ name: "a", label: "A", type: "date" }]);
  });

  test("offers fields of contacts alone where one is to be chosen, and two of a name get different ones", async () => {
    const seen = vi.fn();
    const { user } = await renderUi(<Host first={{ inputs: [{ name: "nick", label: "Nick", type: "contact_field" }] }} seen={seen} />);
    const options = within(screen.getByRole("combobox", { name: "Field" })).getAllByRole("option");
    expect(options.map(({ textContent }) => textContent)).toEqual(["Choose a field", "First name", "Another field, by its name…"]);
    await user.click(screen.getByRole("button", { name: "Add a value to ask for" }));
    await user.type(screen.getAllByLabelText("What it is called")[1] as HTMLElement, "Nick");
    expect(seen).toHaveBeenLastCalledWith([expect.objectContaining({ name: "nick" }), expect.objectContaining({ name: "nick_2" })]);
    await user.click(screen.getAllByRole("button", { name: "Remove Nick" })[0] as HTMLElement);
    expect(seen).toHaveBeenLastCalledWith([expect.objectContaining({ name: "nick_2" })]);
  });
});
