import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { excerptOf, findWords } from "./found-words.ts";

const marked = (text: string, search: string) => findWords(text, search).map(({ from, to }) => text.slice(from, to));

describe("the words of a search in a text", () => {
  test.each([
    ["nothing is looked for", "Hello", "  !? "],
    ["the word is not there", "Hello", "world"],
    ["it is only inside of another word", "Übergabe", "gabe"],
  ])("are nowhere where %s", (_what, text, search) => expect(findWords(text, search)).toEqual([]));

  test.each([
    ["at the beginning of words", "Your invoice, and two invoices", "invoice", ["invoice", "invoice"]],
    ["each of several", "Call me on Friday, please call", "fri call", ["Call", "Fri", "call"]],
    ["without capitals and accents", "MÜGGELSEE und Łódź, naïve", "muggel naive", ["MÜGGEL", "naïve"]],
    ["where one letter is written as two", "Die Straße", "strass", ["Straß"]],
    ["where an accent is a sign of its own", "cafe\u0301 latte", "café", ["cafe\u0301"]],
    ["where quotes stand around them", "„bereit“", '"bereit"', ["bereit"]],
    ["in numbers", "Order 4711-12", "471", ["471"]],
    ["anywhere in scripts without spaces", "您的预约已确认", "预约", ["预约"]],
    ["as one, where they overlap", "abcdef", "abc abcd", ["abcd"]],
  ])("are found %s", (_what, text, search, found) => expect(marked(text, search)).toEqual(found));

  test("lie inside of the text, in order, and never overlap, whatever both hold", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme", maxLength: 10 }), (text, search) => {
        let end = 0;
        for (const { from, to } of findWords(text, search)) {
          expect(from).toBeGreaterThanOrEqual(end);
          expect(to).toBeGreaterThan(from);
          expect(to).toBeLessThanOrEqual(text.length);
          end = to;
        }
      }),
    );
  });
});

describe("an excerpt", () => {
  test("of a short text is the text in one line", () => expect(excerptOf("Hello\n\n  Ada ", "ada")).toBe("Hello Ada"));

  test("of a long one has the first word that was looked for, and says where something is left out", () => {
    const text = `${"before ".repeat(100)}the needle ${"after ".repeat(100)}`;
    const found = excerptOf(text, "needle");
    expect(found).toContain("the needle after");
    expect([found.startsWith("…before"), found.endsWith("…"), found.length < 170]).toEqual([true, true, true]);
  });

  test("where the word cannot be seen is the beginning", () => {
    expect(excerptOf("x ".repeat(200), "needle").startsWith("x x")).toBe(true);
  });

  test("ends with no half of a character", () => {
    expect(excerptOf(`a${"🎉".repeat(200)}`, "a").isWellFormed()).toBe(true);
  });
});
