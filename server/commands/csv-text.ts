import { TextDecoder } from "node:util";
import { importLimits } from "#contract/imports.ts";
import { ImportRefusal } from "./import-refusal.ts";

const sniffedBytes = 64 * 1024;

/**
 * The bytes of an upload as text, whatever spreadsheet wrote them: UTF-8 or UTF-16 by their mark, UTF-8 without one, else
 * the code page that Excel still writes in the West. What is no text at all is refused before a row is read.
 */
export async function* csvText(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let received = 0;
  let head: Uint8Array[] = [];
  let headBytes = 0;
  let decoder: TextDecoder | undefined;
  for await (const chunk of body) {
    received += chunk.length;
    if (received > importLimits.bytes) {
      throw new ImportRefusal(`The file is larger than ${importLimits.bytes / 1024 / 1024} MiB. Split it and import the parts.`);
    }
    if (decoder) {
      yield decoder.decode(chunk, { stream: true });
      continue;
    }
    head.push(chunk);
    headBytes += chunk.length;
    if (headBytes < sniffedBytes) continue;
    const bytes = Buffer.concat(head);
    head = [];
    decoder = decoderFor(bytes);
    yield decoder.decode(bytes, { stream: true });
  }
  const bytes = Buffer.concat(head);
  decoder ??= decoderFor(bytes);
  yield decoder.decode(bytes);
}

function decoderFor(whole: Buffer): TextDecoder {
  const bytes = whole.subarray(0, sniffedBytes);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le");
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be");
  if (bytes.subarray(0, 4).equals(Buffer.from("PK\u0003\u0004"))) {
    throw new ImportRefusal("This is an Excel workbook (or another zip file), not CSV. Save it as CSV UTF-8 and import that.");
  }
  if (bytes.includes(0)) throw new ImportRefusal("This is not a CSV file: it contains bytes that no text has.");
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return new TextDecoder("utf-8");
  } catch {
    return new TextDecoder("windows-1252");
  }
}

/** The character between the values: the one that the first line has most of, outside quotes. */
export function findDelimiter(text: string): string {
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
