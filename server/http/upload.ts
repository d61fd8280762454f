import type { Request, Response } from "express";
import { jsonExcess, parseExactJson } from "#contract/exact-json.ts";
import { ApiError } from "./errors.ts";
import { bodyTooLarge, tooMuchJson } from "./json-body.ts";

export interface Upload {
  /** The part `settings`, parsed; not yet checked. */
  settings: unknown;
  /** The bytes of the part `file`. */
  file: Uint8Array;
}

/** The settings and the boundaries of the form may be as large as this, bytes, beside the file. */
const formBytes = 512 * 1024;

/**
 * Reads a form (multipart/form-data) of two parts: `settings`, which is JSON, and `file`. The form may be larger than the
 * largest file by its settings. It is read whole, so a file is either there to its end or not at all.
 *
 * @throws ApiError unsupported_media_type, body_too_large, malformed_json or invalid_request.
 */
export async function readUpload(req: Request, res: Response, fileLimit: number): Promise<Upload> {
  if (!req.is("multipart/form-data")) {
    throw new ApiError(
      "unsupported_media_type",
      "Send a form (multipart/form-data) of two parts: settings, which is JSON, and file, which is the file itself.",
    );
  }
  const bytes = await readBytes(req, res, fileLimit + formBytes);
  if (countParts(bytes, req.headers["content-type"] ?? "") > mostParts) throw new ApiError("invalid_request", twoParts);
  const form = await new globalThis.Response(bytes, { headers: { "content-type": req.headers["content-type"] ?? "" } })
    .formData()
    .catch(() => undefined);
  const [settings, file] = [form?.get("settings"), form?.get("file")];
  if (typeof settings !== "string" || file === null || file === undefined) {
    throw new ApiError("invalid_request", twoParts);
  }
  const content = typeof file === "string" ? new TextEncoder().encode(file) : new Uint8Array(await file.arrayBuffer());
  if (content.length > fileLimit) throw tooLarge(fileLimit);
  return { settings: parseSettings(settings), file: content };
}

const twoParts = "The form must have two parts: settings, which is JSON, and file, which is the file itself.";
/** Some clients add a part of their own. */
const mostParts = 10;

/** How many parts a form has, up to one more than are taken apart: a file of nothing but parts would hold the process for seconds. */
function countParts(bytes: Buffer, type: string): number {
  const [, quoted, plain] = /boundary=(?:"([^"]{1,200})"|([^;\s]{1,200}))/i.exec(type) ?? [];
  const boundary = `--${quoted ?? plain ?? ""}`;
  let parts = 0;
  for (let at = bytes.indexOf(boundary); at >= 0 && parts <= mostParts + 1; at = bytes.indexOf(boundary, at + boundary.length)) parts += 1;
  // The last one ends the form.
  return parts - 1;
}

async function readBytes(req: Request, res: Response, limit: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let length = 0;
  const refuse = () => {
    discardAfter(req, res);
    return tooLarge(limit - formBytes);
  };
  if (Number(req.headers["content-length"] ?? 0) > limit) throw refuse();
  // The loop must not destroy the request when it is left: the answer still has to reach the client.
  try {
    for await (const chunk of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > limit) throw refuse();
      chunks.push(chunk);
    }
  } catch (error) {
    throw req.errored ? new ApiError("invalid_request", "The upload broke off before all of the file had arrived.") : error;
  }
  return Buffer.concat(chunks);
}

const tooLarge = (limit: number) =>
  new ApiError("body_too_large", `The file is larger than ${Math.floor(limit / 1024 / 1024)} MiB. Split it and import the parts.`);

/** The settings are JSON like the body of any other route, and no larger than the form may be beside its file. */
function parseSettings(text: string): unknown {
  if (Buffer.byteLength(text) > formBytes) throw bodyTooLarge(formBytes);
  const excess = jsonExcess(text);
  if (excess) throw tooMuchJson(excess);
  try {
    return parseExactJson(text);
  } catch {
    throw new ApiError("malformed_json", "The part settings is not valid JSON.");
  }
}

const lingerMs = 5000;

/** Discards what is still to come of a refused form, once the refusal has been sent. */
export const discardAfter = (req: Request, res: Response): void => void res.once("finish", () => discardRest(req));

/**
 * The rest of a form that is refused while it is still being sent is not wanted. Closing at once would cut off our answer
 * on its way, so we read on for a moment, and then no more.
 */
function discardRest(req: Request): void {
  if (req.complete) return;
  req.resume();
  const timer = setTimeout(() => !req.complete && req.socket.destroy(), lingerMs);
  req.once("close", () => clearTimeout(timer));
}
