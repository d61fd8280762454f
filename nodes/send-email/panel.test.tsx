import { screen } from "@testing-library/react";
import { useEffect, useState } from "react";
import { describe, expect, test, vi } from "vitest";
import { renderUi } from "#test/render.tsx";
import { noMergeFields } from "#ui/merge-fields/merge-fields.ts";
import { PlainTextSetting } from "./plain-text-setting.tsx";
import { RichOrSource } from "./rich-or-source.tsx";
import { SubjectLength } from "./subject-length.tsx";

function Composer({ first, seen }: { first: string; seen: (html: string, how?: string) => void }) {
  const [html, setHtml] = useState(first);
  const onChange = (next: string, how?: string) => {
    seen(next, how);
    setHtml(next);
  };
  return <RichOrSource html={html} onChange={onChange} fields={noMergeFields} error={undefined} disabled={false} />;
}

describe("the text of an e-mail", () => {
  test("that the rich editor would lose something of is open as source, and simplified only after a question", async () => {
    const seen = vi.fn();
    const { user } = await renderUi(<Composer first="<div>Hello {{ firstname }}</div>" seen={seen} />);
    expect(screen.getByRole("radio", { name: "Source" })).toHaveProperty("checked", true);
    await user.click(screen.getByRole("radio", { name: "Rich" }));
    expect(screen.getByRole("alertdialog").textContent).toContain("This is lost: div.");
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(seen).not.toHaveBeenCalled();
    await user.click(screen.getByRole("button", { name: "Simplify (loses: div)" }));
    await user.click(screen.getByRole("button", { name: "Simplify" }));
    expect(seen).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/^<p style="[^"]+">Hello {{ firstname }}<\/p>$/), "whole");
    expect(screen.getByRole("radio", { name: "Rich" })).toHaveProperty("checked", true);
  });

  test("is not changed by looking at it, neither rich nor as source", async () => {
    const seen = vi.fn();
    const { user } = await renderUi(<Composer first="<p>Hello <b>you</b></p>" seen={seen} />);
    await user.click(screen.getByRole("radio", { name: "Source" }));
    await screen.findByText("Hello", { exact: false });
    await user.click(screen.getByRole("radio", { name: "Rich" }));
    expect(screen.getByRole("textbox", { name: "Text" }).textContent).toBe("Hello you");
    expect(seen).not.toHaveBeenCalled();
  });
});

function Plain({ first, seen }: { first: string; seen: (text: string) => void }) {
  const [text, setText] = useState(first);
  useEffect(() => seen(text), [text, seen]);
  return (
    <PlainTextSetting text={text} made="Made of it" hasHtml onChange={setText} fields={noMergeFields} error={undefined} disabled={false} />
  );
}

test("the plain text follows the text until it is written by hand, and again when that is given up", async () => {
  const seen = vi.fn();
  const { user } = await renderUi(<Plain first="" seen={seen} />);
  expect(screen.queryByRole("textbox")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Write it yourself" }));
  await user.type(screen.getByLabelText("Plain text"), "!");
  expect(seen).toHaveBeenLastCalledWith("Made of it!");
  await user.click(screen.getByRole("button", { name: "Make it from the text" }));
  expect(seen).toHaveBeenLastCalledWith("");
});

test("the length of a subject is said for the contact of the preview and for whom it is the longest, and what is cut off", async () => {
  const longest = { contactId: "c", contactName: "Wolfeschlegelstein", text: "x".repeat(71), segments: null };
  await renderUi(<SubjectLength filled="Hello" name="Ada" longest={longest} />);
  const { textContent } = screen.getByRole("status", { name: "Length of the subject" });
  expect(textContent).toContain("For Ada: 5 characters");
  expect(textContent).toContain("Longest (Wolfeschlegelstein): 71 characters · its end is cut off in most lists");
});
