import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, test, vi } from "vitest";
import { renderUi } from "#test/render.tsx";
import { type MergeFieldOption, type MergeFields, noMergeFields } from "../merge-fields/merge-fields.ts";
import { TemplateField } from "./template-field.tsx";

const options: MergeFieldOption[] = [
  { path: "firstname", label: "First name", group: "Contact", kind: "text", value: "Ada", missing: "missing for 12 %" },
  { path: "created_at", label: "Added", group: "Contact", kind: "date" },
  { path: "custom.plan", label: "Plan", group: "Custom fields", kind: "text", missing: "missing for 3 %" },
  { path: "variables.code", label: "code", group: "Variables and earlier steps", kind: "text", note: "✓ set on every way here" },
];
const fields: MergeFields = {
  ...noMergeFields,
  options,
  counted: "Counted over the 10,000 newest contacts.",
  find: (path) => options.find((option) => option.path === path.join(".")),
  suggest: ({ source }) => (source === "fristname" ? "firstname" : undefined),
};

function Host({
  initial,
  seen,
  quote,
  given = fields,
}: {
  initial: string;
  seen: (text: string) => void;
  quote?: "'";
  given?: MergeFields;
}) {
  const [value, setValue] = useState(initial);
  const onChange = (text: string) => {
    setValue(text);
    seen(text);
  };
  return <TemplateField label="Text" lines={4} fields={given} {...{ value, onChange }} {...(quote && { quote })} />;
}
async function show(initial = "", more: { quote?: "'"; given?: MergeFields } = {}) {
  const seen = vi.fn();
  const ui = await renderUi(<Host {...{ initial, seen }} {...more} />);
  const text = ui.getByLabelText("Text") as HTMLTextAreaElement;
  const search = () => screen.findByRole("combobox", { name: "Which field" });
  return { ...ui, seen, text, search, written: () => text.value };
}

describe("the picker of fields", () => {
  test("opens where two braces are typed, and puts the chosen field in their place, with the cursor behind it", async () => {
    const { user, text, search, written } = await show("Hi ");
    await user.type(text, "{{{{");
    await user.type(await search(), "code{Enter}");
    expect(written()).toBe("Hi {{ variables.code }}");
    await waitFor(() => expect(document.activeElement).toBe(text));
    expect(text.selectionStart).toBe("Hi {{ variables.code }}".length);
  });

  test("gives the text the focus back at once, with the cursor behind the field, so that the next key is not lost", async () => {
    const { user, text, search, written } = await show("Hi ");
    await user.type(text, "{{{{");
    await user.type(await search(), "code");
    fireEvent.keyDown(await search(), { key: "Enter" });
    expect([document.activeElement, text.selectionStart]).toEqual([text, "Hi {{ variables.code }}".length]);
    await user.keyboard("!");
    expect(written()).toBe("Hi {{ variables.code }}!");

    await user.type(text, "{{{{");
    await user.type(await search(), "lastname }");
    fireEvent.change(await search(), { target: { value: "lastname }}" } });
    expect(document.activeElement).toBe(text);
    await user.keyboard("?");
    expect(written()).toBe("Hi {{ variables.code }}!{{ lastname }}?");

    await user.type(text, "{{{{");
    await user.type(await search(), "x");
    fireEvent.keyDown(await search(), { key: "Escape" });
    expect(document.activeElement).toBe(text);
    await user.keyboard("y");
    expect(written()).toBe("Hi {{ variables.code }}!{{ lastname }}?{{xy");
  });

  test("knows nothing of what was looked for the last time", async () => {
    const { user, text, search, written } = await show("");
    await user.type(text, "{{{{");
    await user.type(await search(), "code{Enter}");
    await user.type(text, " {{{{");
    await search();
    // It hears of a press outside from a moment after it has opened.
    await waitFor(async () => {
      await user.click(document.body);
      expect(screen.queryByRole("combobox", { name: "Which field" })).toBeNull();
    });
    expect(written()).toBe("{{ variables.code }} {{");
  });

  test("shows each field with its value for the contact, how often it is missing, and of whom that is said", async () => {
    const { user, search, getByRole } = await show();
    await user.click(getByRole("button", { name: "Put a field into “Text”" }));
    await search();
    const first = screen.getByRole("option", { name: /First name/ });
    expect(first.textContent).toContain("Ada");
    expect(first.textContent).toContain("missing for 12 %");
    expect(screen.getByRole("group", { name: "Custom fields" })).toBeDefined();
    expect(screen.getByText("Counted over the 10,000 newest contacts.")).toBeDefined();
  });

  test("asks at once what stands in for a field that can be missing", async () => {
    const { user, text, search, written } = await show("");
    await user.type(text, "{{{{");
    await user.type(await search(), "first{Enter}");
    const instead = await screen.findByLabelText("Write instead");
    expect((instead as HTMLInputElement).value).toBe("there");
    await user.clear(instead);
    await user.type(instead, "friend{Enter}");
    expect(written()).toBe('{{ firstname | default: "friend" }}');
  });

  test("writes it without where that is wanted, and in the other quotation marks inside of a JSON", async () => {
    const one = await show("", { quote: "'" });
    await one.user.type(one.text, "{{{{");
    await one.user.type(await one.search(), "plan{Enter}");
    await one.user.click(await screen.findByRole("button", { name: "Insert without" }));
    expect(one.written()).toBe("{{ custom.plan }}");
    await one.user.type(one.text, "{{{{");
    await one.user.type(await one.search(), "first{Enter}");
    await one.user.click(await screen.findByRole("button", { name: "Insert" }));
    expect(one.written()).toBe("{{ custom.plan }}{{ firstname | default: 'there' }}");
  });

  test("loses nothing that was typed: Esc leaves the braces and what follows, and a name typed to its end is taken as it is", async () => {
    const { user, text, search, written } = await show("");
    await user.type(text, "{{{{");
    await user.type(await search(), " custom.new{Escape}");
    await waitFor(() => expect(written()).toBe("{{ custom.new"));
    await user.clear(text);
    await user.type(text, "{{{{");
    await user.type(await search(), " lastname | upcase }}");
    await waitFor(() => expect(written()).toBe("{{ lastname | upcase }}"));
  });

  test("replaces what was selected, and goes through the fields by arrows", async () => {
    const { user, text, search, written, getByRole } = await show("Hi NAME!");
    text.setSelectionRange(3, 7);
    await user.click(getByRole("button", { name: "Put a field into “Text”" }));
    await user.type(await search(), "{ArrowDown}{Enter}");
    expect(written()).toBe("Hi {{ created_at }}!");
  });

  test("offers a name that nobody has yet, and says where the custom fields could not be loaded", async () => {
    const retry = vi.fn();
    const { user, text, search, written } = await show("", { given: { ...fields, status: "error", retry } });
    await user.type(text, "{{{{");
    await user.type(await search(), "custom.shoe");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(retry).toHaveBeenCalled();
    await user.click(screen.getByRole("button", { name: /all the same/ }));
    expect(written()).toBe("{{ custom.shoe }}");
  });
});

describe("below the text", () => {
  const row = (name: string) => within(screen.getByText(name).closest("li") as HTMLElement);

  test("stand the fields that it holds, and one without a default gets it at every place", async () => {
    const { user, written } = await show("{{ firstname }} {{firstname | upcase}} {{ variables.code }}");
    expect(row("First name").getByText("missing for 12 %")).toBeDefined();
    expect(row("code").queryByText(/missing/)).toBeNull();
    await user.click(row("First name").getByRole("button", { name: "Set a default for First name" }));
    await user.click(screen.getByRole("button", { name: "Set it" }));
    expect(written()).toBe('{{ firstname | default: "there" }} {{ firstname | upcase | default: "there" }} {{ variables.code }}');
    expect(row("First name").getByText("then “there”")).toBeDefined();
  });

  test("a format can be chosen, which keeps the default behind it", async () => {
    const { user, written } = await show('{{ created_at | default: "soon" }}');
    await user.click(row("Added").getByRole("button", { name: "Format of Added" }));
    const format = await screen.findByRole("menuitemradio", { name: "04.03.2026" });
    await user.hover(format);
    await waitFor(() => expect(format.hasAttribute("data-highlighted")).toBe(true));
    await user.click(format);
    await waitFor(() => expect(written()).toBe('{{ created_at | date: "dd.MM.yyyy" | default: "soon" }}'));
  });

  test("a name that is none, and braces that cannot be read, are mended by a click", async () => {
    const { user, written } = await show("{{ fristname | upcase }} {{ First Name }}");
    await user.click(screen.getByRole("button", { name: "Use firstname" }));
    expect(written()).toBe("{{ firstname | upcase }} {{ First Name }}");
    await user.click(screen.getByRole("button", { name: "Use first_name" }));
    expect(written()).toBe("{{ firstname | upcase }} {{ first_name }}");
  });

  test("stands nothing where the text holds no field", async () => {
    await show("Hello");
    expect(screen.queryByRole("list")).toBeNull();
  });
});
