import { TextDecoder } from "node:util";
import { csvEncoding, sniffedBytes } from "#contract/csv-dialect.ts";
import { importLimits } from "#contract/imports.ts";
import { ImportRefusal } from "./import-refusal.ts";

/**
 * Decodes an upload while it arrives, in whatever encoding a spreadsheet wrote it.
 * @throws ImportRefusal before a row is read when the upload is no text, and as soon as it is larger than allowed.
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

function decoderFor(bytes: Buffer): TextDecoder {
  const encoding = csvEncoding(bytes);
  if (encoding.refusal !== undefined) throw new ImportRefusal(encoding.refusal);
  return new TextDecoder(encoding.name);
}
