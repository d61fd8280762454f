// How a CSV file is read. The import on the server and the preview in the browser share it, so that the preview shows
// what the import will read.

/** Options for csv-parse: short and long records and stray quotes are read, lines without a value are passed over. */
export const csvOptions = {
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  skip_records_with_empty_values: true,
} as const;

/** The encoding is decided from this many bytes at the beginning of a file. */
export const sniffedBytes = 64 * 1024;

type Encoding = { name: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252"; refusal?: undefined } | { refusal: string };

/**
 * The encoding of a file: UTF-8 or UTF-16 by their byte order mark, UTF-8 without one, else windows-1252, which Excel still
 * writes in the West. A file that holds no text is refused, in words for the person who chose it.
 */
export function csvEncoding(file: Uint8Array): Encoding {
  const bytes = file.subarray(0, sniffedBytes);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { name: "utf-16le" };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { name: "utf-16be" };
  if ([0x50, 0x4b, 0x03, 0x04].every((byte, index) => bytes[index] === byte)) {
    return { refusal: "This is an Excel workbook (or another zip file), not CSV. Save it as CSV UTF-8 and import that." };
  }
  if (bytes.includes(0)) return { refusal: "This is not a CSV file: it contains bytes that no text has." };
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return { name: "utf-8" };
  } catch {
    return { name: "windows-1252" };
  }
}

/**
 * The delimiter of a text and how much of its beginning is to be passed over. A first line "sep=;" names the delimiter for
 * Excel and is no record; without it, the delimiter is the candidate that the first line has most of, outside quotes.
 */
export function csvDelimiter(text: string): { delimiter: string; skip: number } {
  const hint = /^sep=(.)\r?\n/.exec(text);
  return hint?.[1] ? { delimiter: hint[1], skip: hint[0].length } : { delimiter: commonestIn(text), skip: 0 };
}

function commonestIn(text: string): string {
  const counts = new Map([",", ";", "\t", "|"].map((candidate) => [candidate, 0]));
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (quoted) continue;
    if (character === "\n" || character === "\r") break;
    const count = counts.get(character);
    if (count !== undefined) counts.set(character, count + 1);
  }
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}
