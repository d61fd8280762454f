import { expect, it } from "vitest";
import { aroundChanges, compareWords } from "./compare-words.ts";

const told = (before: string, after: string) =>
  compareWords(before, after)?.map(({ kind, text }) => ({ kept: text, new: `+${text}+`, gone: `-${text}-` })[kind]);

it("a word that was replaced is gone and new, and all around it stays", () => {
  expect(told("The sale ends on Thursday at noon.", "The sale ends on Friday at noon.")).toEqual([
    "The sale ends on ",
    "-Thursday-",
    "+Friday+",
    " at noon.",
  ]);
});

it("a merge field is compared like any other words", () => {
  expect(told("Hello {{ firstname }}, welcome", "Hello {{ lastname }}, welcome")).toEqual([
    "Hello {{ ",
    "-firstname-",
    "+lastname+",
    " }}, welcome",
  ]);
});

it("a language without blanks has words as well", () => {
  const stretches = compareWords("今日は天気がいいです", "今日は気分がいいです") ?? [];
  expect(stretches.filter(({ kind }) => kind === "kept").map(({ text }) => text)).toContain("今日は");
});

it("blanks and line breaks alone are no change of words", () => {
  expect(compareWords("One two\nthree", "One  two three")).toBeNull();
  expect(compareWords("Same", "Same")).toBeNull();
});

it("every word of both texts is there, once, and texts that share nothing are told as a whole", () => {
  const [before, after] = [0, 1].map((seed) => Array.from({ length: 4_000 }, (_, at) => `w${at * 2 + seed}`).join(" ")) as [string, string];
  expect(compareWords(before, after)).toEqual([
    { kind: "gone", text: before },
    { kind: "new", text: after },
  ]);
  const stretches = compareWords("a b c d e f", "a x c y e z f") ?? [];
  const words = (left: "gone" | "new") =>
    stretches
      .filter(({ kind }) => kind !== left)
      .map(({ text }) => text)
      .join("");
  expect(words("new").replace(/\s/g, "")).toBe("abcdef");
  expect(words("gone").replace(/\s/g, "")).toBe("axcyezf");
});

it("what stayed is left out far from the changes, at whole words, and changes never are", () => {
  const long = "lorem ipsum ".repeat(100);
  const [head, gone, fresh, tail] = aroundChanges(compareWords(`${long}old ${long}`, `${long}new ${long}`) ?? []);
  expect(head?.text).toMatch(/^… (ipsum |lorem )+$/);
  expect(head?.text.length).toBeLessThan(90);
  expect([gone?.text, fresh?.text]).toEqual(["old", "new"]);
  expect(tail?.text).toMatch(/^ (lorem |ipsum )+…$/);
  const words = "gone ".repeat(300);
  expect(aroundChanges([{ kind: "gone", text: words }])).toEqual([{ kind: "gone", text: words }]);
});
