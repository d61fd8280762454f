import { describe, expect, test } from "vitest";
import { slowdown } from "#test/processor-time.ts";
import { countParts, countSegments, plainCharacter } from "./sms-segments.ts";

const a = (count: number) => "a".repeat(count);
const euro = (count: number) => "€".repeat(count);
const emoji = (count: number) => "😀".repeat(count);
const umlautOutside = "ő";

/** text · encoding · parts · units · room left in the last part */
const vectors: [name: string, text: string, encoding: "gsm7" | "ucs2", segments: number, units: number, left: number][] = [
  ["nothing", "", "gsm7", 0, 0, 160],
  ["one letter", "a", "gsm7", 1, 1, 159],
  ["a line break", "a\nb", "gsm7", 1, 3, 157],
  ["a carriage return and line break count two", "a\r\nb", "gsm7", 1, 4, 156],
  ["159 letters", a(159), "gsm7", 1, 159, 1],
  ["160 letters fill one part", a(160), "gsm7", 1, 160, 0],
  ["161 letters need two parts of 153", a(161), "gsm7", 2, 161, 145],
  ["305 letters", a(305), "gsm7", 2, 305, 1],
  ["306 letters fill two parts", a(306), "gsm7", 2, 306, 0],
  ["307 letters", a(307), "gsm7", 3, 307, 152],
  ["459 letters fill three parts", a(459), "gsm7", 3, 459, 0],
  ["1530 letters fill ten parts", a(1530), "gsm7", 10, 1530, 0],
  ["1531 letters", a(1531), "gsm7", 11, 1531, 152],
  ["1600 letters", a(1600), "gsm7", 11, 1600, 83],
  ["the euro sign counts two", "€", "gsm7", 1, 2, 158],
  ["every escaped character counts two", "^{}\\[~]|€", "gsm7", 1, 18, 142],
  ["a form feed is escaped too", "\f", "gsm7", 1, 2, 158],
  ["80 euro signs fill one part", euro(80), "gsm7", 1, 160, 0],
  ["81 euro signs: only 76 fit a part of 153", euro(81), "gsm7", 2, 162, 143],
  ["152 euro signs fill two parts but for a unit each", euro(152), "gsm7", 2, 304, 1],
  ["153 euro signs need a third part: 306 units would fit if they could be split", euro(153), "gsm7", 3, 306, 151],
  ["an escaped character is not split at the end of a part", `${a(152)}€${a(10)}`, "gsm7", 2, 164, 141],
  ["the same with one letter less fits", `${a(151)}€${a(10)}`, "gsm7", 2, 163, 143],
  ["159 letters and a euro sign", `${a(159)}€`, "gsm7", 2, 161, 145],
  ["158 letters and a euro sign fill one part", `${a(158)}€`, "gsm7", 1, 160, 0],
  ["Western European letters of the basic alphabet", "ÄÖÑÜ§¿äöñüàèéùìòÇØøÅåÆæßÉ", "gsm7", 1, 25, 135],
  ["Greek capitals of the basic alphabet", "ΔΦΓΛΩΠΨΣΘΞ", "gsm7", 1, 10, 150],
  ["signs of the basic alphabet", "@£$¥_¤¡!\"#%&'()*+,-./:;<=>?", "gsm7", 1, 27, 133],
  ["a lower-case c with cedilla is outside", "ç", "ucs2", 1, 1, 69],
  ["a grave accent by itself is outside", "`", "ucs2", 1, 1, 69],
  ["a tab is outside", "a\tb", "ucs2", 1, 3, 67],
  ["a Greek capital that looks Latin is outside", "Α", "ucs2", 1, 1, 69],
  ["a curly apostrophe", "It’s on", "ucs2", 1, 7, 63],
  ["curly quotes", "“hi”", "ucs2", 1, 4, 66],
  ["a long dash", "9–5", "ucs2", 1, 3, 67],
  ["an ellipsis of one character", "wait…", "ucs2", 1, 5, 65],
  ["a no-break space", "10\u00a0am", "ucs2", 1, 5, 65],
  ["one emoji takes two units", "😀", "ucs2", 1, 2, 68],
  ["70 letters with one of them outside fill one part", `${a(69)}${umlautOutside}`, "ucs2", 1, 70, 0],
  ["71 letters with one of them outside", `${a(70)}${umlautOutside}`, "ucs2", 2, 71, 63],
  ["134 letters fill two parts of 67", `${a(133)}${umlautOutside}`, "ucs2", 2, 134, 0],
  ["135 letters", `${a(134)}${umlautOutside}`, "ucs2", 3, 135, 66],
  ["35 emoji fill one part", emoji(35), "ucs2", 1, 70, 0],
  ["36 emoji: only 33 fit a part of 67", emoji(36), "ucs2", 2, 72, 61],
  ["an emoji is not split at the end of a part", `${a(66)}😀${a(10)}`, "ucs2", 2, 78, 55],
  ["the same with one letter less fits", `${a(65)}😀${a(10)}`, "ucs2", 2, 77, 57],
  ["a family is many characters joined: 11 units", "👨‍👩‍👧‍👦", "ucs2", 1, 11, 59],
  ["a flag is two characters: 4 units", "🇩🇪", "ucs2", 1, 4, 66],
  ["a combining accent is a character of its own", "e\u0301", "ucs2", 1, 2, 68],
  ["Arabic", "مرحبا", "ucs2", 1, 5, 65],
  ["Japanese, 70 characters", "あ".repeat(70), "ucs2", 1, 70, 0],
  ["Japanese, 71 characters", "あ".repeat(71), "ucs2", 2, 71, 63],
  ["escaped characters count one in the wide alphabet", `€${umlautOutside}`, "ucs2", 1, 2, 68],
];

test("there are at least fifty vectors", () => expect(vectors.length).toBeGreaterThanOrEqual(50));

describe("counts parts and units of", () => {
  test.each(vectors)("%s", (_name, text, encoding, segments, units, left) => {
    expect(countSegments(text)).toMatchObject({ encoding, segments, units, left });
  });
});

test("names each character that makes the text dear, once and in order", () => {
  expect(countSegments("“Zoë’s” ç “x” 😀 €").offending).toEqual(["“", "ë", "’", "”", "ç", "😀"]);
  expect(countSegments("plain text, 5 €").offending).toEqual([]);
});

test("half of an emoji, as a careless cut leaves it, still counts", () => {
  expect(countSegments("\ud83d")).toMatchObject({ encoding: "ucs2", segments: 1, units: 1 });
});

test("half a million characters take time in proportion to their number", () => {
  const [short, long] = [emoji(31_250), emoji(250_000)];
  expect(countSegments(long).segments).toBe(Math.ceil(250_000 / 33));
  expect(
    slowdown(
      () => countSegments(short),
      () => countSegments(long),
    ),
  ).toBeLessThan(32);
});

test("what stands for a typographic character is in the cheaper alphabet", () => {
  const typographic = "‘’‚“”„«»‹›–—…•\u00a0\u200b";
  const plain = [...typographic].map((character) => plainCharacter(character) ?? "missing").join("");
  expect(plain).not.toContain("missing");
  expect(countSegments(plain).offending).toEqual([]);
  expect(plainCharacter("🎉")).toBeUndefined();
  expect(plainCharacter("é")).toBeUndefined();
});

test("the number of parts alone is the same as counted with everything else", () => {
  for (const [name, text] of vectors) expect(countParts(text), name).toBe(countSegments(text).segments);
  for (const text of ["-", "[", "]", "^", "\\", "a-z", "Ω-ß", a(306), a(307), `${a(152)}€`, `${a(160)}ő`])
    expect(countParts(text), text).toBe(countSegments(text).segments);
});
