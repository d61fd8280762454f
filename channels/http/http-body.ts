import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** Longer answers are cut off while they come in: packed or not, no more than this is held. */
export const longestAnswer = 1024 * 1024;

export interface HttpBody {
  text: string;
  isCut: boolean;
}

/** Reads the body of an answer up to its limit. Packed bytes count as well: a stream may unpack to nothing for ever. */
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
    // Ended by ourselves, because it was long enough.
    if (!isCut) throw error;
  } finally {
    signal.removeEventListener("abort", abort);
    response.destroy();
  }
  return { text: Buffer.concat(chunks).toString("utf8"), isCut };
}

/** We ask for plain bytes; a server that packs them all the same is understood. */
function unpack(response: IncomingMessage): NodeJS.ReadableStream & { destroy(error?: Error): unknown } {
  const coding = response.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (coding === "" || coding === "identity") return response;
  const unpacker = unpackers.get(coding)?.();
  if (!unpacker) throw new AnswerUnreadable(`The answer is packed in a way that is not known here ("${coding.slice(0, 40)}").`);
  // An error in the middle reaches whoever reads from the unpacker.
  return pipeline(response, unpacker, () => {});
}

const unpackers = new Map<string, () => NodeJS.ReadWriteStream & { destroy(error?: Error): unknown }>([
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["deflate", createInflate],
  ["br", createBrotliDecompress],
]);

/** What came back cannot be read; the call itself was made. */
export class AnswerUnreadable extends Error {
  override name = "AnswerUnreadable";
}
