import { fireEvent, screen } from "@testing-library/react";
import { useState } from "react";
import { beforeAll, expect, test } from "vitest";
import { renderUi } from "#test/render.tsx";
import { type MergeFields, noMergeFields } from "../merge-fields/merge-fields.ts";
import { RichText } from "./rich-text.tsx";

// Where the caret stands on screen nobody knows here.
beforeAll(() => {
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
  Range.prototype.getBoundingClientRect = () => new DOMRect();
});

const fields: MergeFields = { ...noMergeFields, options: [{ path: "variables.code", label: "code", group: "Variables", kind: "text" }] };

function Host() {
  const [value, setValue] = useState("<p>Hi </p>");
  return <RichText label="Text" value={value} onChange={setValue} fields={fields} onPasted={() => {}} onTable={() => {}} />;
}

test("a field that was chosen gives the text the focus back at once, so that what is typed next is not lost", async () => {
  const { user } = await renderUi(<Host />);
  const text = await screen.findByRole("textbox", { name: "Text" });
  await user.click(screen.getByRole("button", { name: "Put a field into “Text”" }));
  const search = await screen.findByRole("combobox", { name: "Which field" });
  await user.type(search, "code");
  fireEvent.keyDown(search, { key: "Enter" });
  expect(document.activeElement).toBe(text);
  expect(text.querySelector(".merge-field")?.textContent).toBe("variables.code");
});
