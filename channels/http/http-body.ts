import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from "node:zlib";

/** Bytes. A longer answer is cut off while it arrives, so that no more than this is held in memory. */
export const longestAnswer = 1024 * 1024;

export interface HttpBody {
  text: string;
  isCut: boolean;
}

/**
 * Reads the body of an answer up to the limit. Compressed bytes are limited as well, because an endless stream may
 * decompress to nothing.
 */
export async function readBody(response: IncomingMessage, signal: AbortSignal): Promise<HttpBody> {
  const chunks: Buffer[] = [];
  let length = 0;
  let packed = 0;
  let isCut = false;
  const stream = unpack(response);
  const end = () => {
    isCut = true;
    response.destroy();
    stream.destroy();
  };
  if (stream !== response) {
    response.on("data", (chunk: Buffer) => {
      packed += chunk.length;
      if (packed > longestAnswer) end();
    });
  }
  const abort = () => stream.destroy(signal.reason instanceof Error ? signal.reason : undefined);
  signal.addEventListener("abort", abort);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const room = longestAnswer - length;
      chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
      length += Math.min(chunk.length, room);
      if (chunk.length > room) {
        end();
        break;
      }
    }
  } catch (error) {
    // The stream was ended here because the limit was reached.
    if (!isCut) throw stream === response || signal.aborted ? error : new AnswerUnreadable("The answer is packed and cannot be unpacked.");
  } finally {
    signal.removeEventListener("abort", abort);
    response.destroy();
  }
  // A character that was cut in two at the limit is left out.
  return { text: decode(Buffer.concat(chunks), charsetOf(response), { stream: isCut }), isCut };
}

/**
 * Reads bytes by the charset that the answer names, without a byte order mark. What is said to be UTF-8, or says nothing, and is none, is
 * what old servers write: Windows-1252. No text gets signs in the place of what could not be read.
 * @throws AnswerUnreadable
 */
function decode(bytes: Uint8Array, charset: string, options: { stream: boolean }): string {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes, options);
  } catch {
    if (charset !== "utf-8") throw new AnswerUnreadable("The answer holds bytes that are no text of its charset.");
    return new TextDecoder("windows-1252").decode(bytes, options);
  }
}

function charsetOf(response: IncomingMessage): string {
  const named = /charset\s*=\s*"?([\w:.-]+)/i.exec(response.headers["content-type"] ?? "")?.[1];
  try {
    return new TextDecoder(named ?? "utf-8").encoding;
  } catch {
    return "utf-8";
  }
}

/** The request asks for plain bytes. Some servers compress them all the same. */
function unpack(response: IncomingMessage): NodeJS.ReadableStream & { destroy(error?: Error): unknown } {
  const coding = response.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (coding === "" || coding === "identity") return response;
  const unpacker = unpackers.get(coding)?.();
  // The message does not quote the coding, because a host may repeat a header of the request there.
  if (!unpacker) throw new AnswerUnreadable("The answer is packed in a way that is not known here.");
  // The reader of the unpacker gets the error of either stream.
  return pipeline(response, unpacker, () => {});
}

const unpackers = new Map<string, () => NodeJS.ReadWriteStream & { destroy(error?: Error): unknown }>([
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["deflate", createInflate],
  ["br", createBrotliDecompress],
  ["zstd", createZstdDecompress],
]);

/** The call was made and its answer cannot be read. */
export class AnswerUnreadable extends Error {
  override name = "AnswerUnreadable";
}
