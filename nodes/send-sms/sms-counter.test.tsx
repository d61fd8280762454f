import { screen } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { renderUi } from "#test/render.tsx";
import { replaceCharacters } from "./replace-characters.ts";
import { SmsCounter } from "./sms-counter.tsx";

const longest = (text: string) => ({ contactId: "c", contactName: "O’Hara", text, segments: 2 });
async function show(props: Partial<Parameters<typeof SmsCounter>[0]>) {
  const onChange = vi.fn();
  const given = { text: "", filled: undefined, name: "Ada", longest: null, looked: 0, isAll: true, disabled: false };
  const ui = await renderUi(<SmsCounter {...given} {...props} onChange={onChange} />);
  return { ...ui, onChange, length: () => screen.getByRole("status", { name: "Length" }).textContent };
}

describe("the length of a text message", () => {
  test("is said of the text as it leaves, for the contact of the preview and for whom it is the longest", async () => {
    const { length } = await show({
      text: "Hi {{ firstname }}",
      filled: "Hi Ada",
      longest: longest(`Hi O’Hara${"a".repeat(80)}`),
      looked: 1000,
      isAll: false,
    });
    expect(length()).toContain("For Ada: 1 part · 154 characters left · short alphabet");
    expect(length()).toContain("Longest of the 1,000 newest: 2 parts · 45 characters left · Unicode (O’Hara)");
    expect(screen.getByText(/^’ in the data of contacts is not in the short alphabet/)).toBeDefined();
    expect(screen.queryByRole("button")).toBeNull();
  });

  test("is not said of a text that does not leave", async () => {
    expect((await show({ text: "Hi {{ lastname }}" })).length()).toBe("");
  });

  test("characters that make it dear are replaced by a click, one kind or all of them", async () => {
    const text = 'It’s “here” – {{ firstname | default: "“you”" }} 🎉';
    const { user, onChange } = await show({ text, filled: "It’s “here” – you 🎉" });
    await user.click(screen.getByRole("button", { name: "Replace ’ with '" }));
    expect(onChange).toHaveBeenLastCalledWith('It\'s “here” – {{ firstname | default: "“you”" }} 🎉');
    await user.click(screen.getByRole("button", { name: "Replace all" }));
    expect(onChange).toHaveBeenLastCalledWith('It\'s "here" - {{ firstname | default: \'"you"\' }} 🎉');
    expect(screen.getByText(/Nothing else can stand for 🎉/)).toBeDefined();
  });

  test("a character that cannot be seen is named", async () => {
    await show({ text: "a\u00a0b\u200b", filled: "a\u00a0b\u200b" });
    expect(screen.getByRole("button", { name: "Replace a blank that does not break with a blank" })).toBeDefined();
    expect(screen.getByRole("button", { name: /Remove a hidden character/ })).toBeDefined();
  });
});

test("characters are replaced without harm to braces that cannot be read, and where nothing fits the text stays", () => {
  const all = new Map([["’", "'"]]);
  expect(replaceCharacters("’ {{ custom.’x }} {{ a", all)).toBe("' {{ custom.’x }} {{ a");
  expect(replaceCharacters("{{firstname|upcase}} b", all)).toBe("{{firstname|upcase}} b");
});
