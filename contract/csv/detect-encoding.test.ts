import { expect, it } from "vitest";
import { detectEncoding } from "./detect-encoding.ts";
import { type Encoding, encodingNames } from "./encodings.ts";

/** The bytes of a text in an encoding of one or two bytes a character, found by decoding all of them. */
function encode(text: string, encoding: Encoding): Uint8Array {
  const table = new Map<string, number[]>();
  const decoder = new TextDecoder(encoding);
  for (let lead = 0xff; lead >= 0x80; lead -= 1) {
    for (let trail = 0xff; trail >= 0x40; trail -= 1) table.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail]);
  }
  for (let byte = 0xff; byte >= 0x80; byte -= 1) table.set(decoder.decode(Uint8Array.of(byte)), [byte]);
  return Uint8Array.from(
    [...text].flatMap((character) => (character < "\u0080" ? [character.charCodeAt(0)] : (table.get(character) ?? [0x3f]))),
  );
}

it.each<[Encoding, string]>([
  ["windows-1252", "Prénom,Courriel\nZoë,z@example.com\nFrançois Lefèvre,f@example.com\n"],
  ["windows-1252", "Name,Email\nJürgen Müller,j@example.com\nSøren Sørensen,s@example.com\n"],
  ["windows-1250", "Jméno,E-mail\nJiří Dvořák,j@example.com\nŠárka Novotná,s@example.com\n"],
  ["windows-1250", "Imię,E-mail\nŁukasz Żółć,l@example.com\nMałgorzata Wiśniewska,m@example.com\n"],
  ["windows-1251", "Имя,Почта\nИван Петров,i@example.com\n"],
  ["windows-1251", "Name,Email\nИВАН,i@example.com\n"],
  ["windows-1253", "Name,Email\nΜαρία Παπαδάκη,m@example.com\n"],
  ["macintosh", "Prénom,Courriel\nZoë,z@example.com\nFrançois,f@example.com\n"],
  ["macintosh", "Name,Email\nJürgen Müller,j@example.com\n"],
  ["shift_jis", "名前,メール\n山田太郎,y@example.com\n"],
  ["shift_jis", "Name,Email\n山田,y@example.com\n"],
  ["gbk", "姓名,邮箱\n张伟,z@example.com\n"],
  ["gbk", "Name,Email\n王芳,w@example.com\n"],
])("recognises %s by the names in it: %o", (encoding, text) => {
  const bytes = encode(text, encoding);
  expect(new TextDecoder(detectEncoding(bytes)).decode(bytes)).toBe(text);
});

it("finds an accent that stands far behind the beginning", () => {
  const text = `Name,Email\n${"Ann,ann@example.com\n".repeat(5000)}Zoë,z@example.com\n`;
  expect(detectEncoding(encode(text, "windows-1252"))).toBe("windows-1252");
});

it("knows UTF-16 with and without its mark", () => {
  const little = new Uint8Array(Buffer.from("Name,Email\nZoë,z@example.com\n", "utf16le"));
  const big = little.map((_, index) => little[index ^ 1] as number);
  expect(detectEncoding(little)).toBe("utf-16le");
  expect(detectEncoding(big)).toBe("utf-16be");
  expect(detectEncoding(Uint8Array.of(0xff, 0xfe, ...little))).toBe("utf-16le");
  expect(detectEncoding(Uint8Array.of(0xfe, 0xff, ...big))).toBe("utf-16be");
});

it("keeps UTF-8 for a file that has one bad byte among its letters", () => {
  const good = new TextEncoder().encode("Name,Email\nZoë,z@example.com\nJosé,j@example.com\n");
  expect(detectEncoding(Uint8Array.from([...good, 0xe9, 0x2c]))).toBe("utf-8");
});

it("takes what is no text for no text, and a stray NUL for none of that", () => {
  expect(detectEncoding(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3))).toBeUndefined();
  expect(detectEncoding(new TextEncoder().encode(`Name,Email\n${"Ann,ann@example.com\n".repeat(50)}A\0nn,a@example.com`))).toBe("utf-8");
});

it.each(encodingNames)("%s can be decoded here", (encoding) => {
  expect(() => new TextDecoder(encoding)).not.toThrow();
});
