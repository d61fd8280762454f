import { isUtf8 } from "node:buffer";
import express, { type Request, type RequestHandler, type Response } from "express";
import { deepestJson, jsonExcess, mayRound, mostJsonParts, parseExactJson } from "#contract/exact-json.ts";
import { ApiError } from "./errors.ts";

const parsers = new Map<number, RequestHandler>();

/**
 * Reads the JSON body; undefined if none was sent. The route calls it once the caller is known, so that strangers
 * cannot make the server read and parse megabytes. The content type must be JSON, because a form of another site cannot
 * set that.
 */
export async function readJsonBody(req: Request, res: Response, limit: number): Promise<unknown> {
  if (!hasBody(req)) return undefined;
  if (!req.is("application/json")) {
    throw new ApiError("unsupported_media_type", "Send the body as JSON, with the header Content-Type: application/json.");
  }
  let parser = parsers.get(limit);
  if (!parser) {
    parser = express.json({ limit, strict: false, type: () => true, verify });
    parsers.set(limit, parser);
  }
  const error = await new Promise<unknown>((resolve) => (parser as RequestHandler)(req, res, resolve));
  if (error) throw toBodyRefusal(error, limit);
  const text = longNumbers.get(req);
  return text === undefined ? (req.body as unknown) : parseExactJson(text);
}

/** Bodies with integers that a number may round: they are parsed once more, exactly. */
const longNumbers = new WeakMap<object, string>();

/**
 * Refuses bytes that are not UTF-8, such as Latin-1, because they would be stored as U+FFFD, and other ways of writing Unicode, whose
 * values nobody would count before they are parsed.
 */
function verify(req: object, _res: unknown, bytes: Buffer, encoding: string): void {
  if (encoding !== "utf-8") throw Object.assign(new Error("The body is not UTF-8"), { type: "charset.unsupported" });
  if (!isUtf8(bytes)) throw new Error("The body is not UTF-8");
  const text = bytes.toString("utf8");
  const excess = jsonExcess(text);
  if (excess) throw Object.assign(new Error(`The body has too much ${excess}`), { type: tooMuch, excess });
  if (mayRound(text)) longNumbers.set(req, text);
}

const tooMuch = "entity.too.much";

/** The refusal of JSON that holds more than anybody means. */
export const tooMuchJson = (excess: "depth" | "parts"): ApiError =>
  new ApiError(
    "malformed_json",
    excess === "depth"
      ? `The body is nested deeper than ${deepestJson.toLocaleString("en")} levels.`
      : `The body holds more than ${mostJsonParts.toLocaleString("en")} values.`,
  );

export const hasBody = (req: Request): boolean =>
  req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > 0;

export function bodyTooLarge(limit: number): ApiError {
  return new ApiError("body_too_large", `The body is larger than the ${Math.floor(limit / 1024)} KiB this route accepts.`);
}

/** What the body parser of Express reports, as a refusal. An error that is no fault of the request stays as it is. */
export function toBodyRefusal(error: unknown, limit: number): unknown {
  const { type } = error as { type?: string };
  switch (type) {
    case "entity.too.large":
      return bodyTooLarge(limit);
    case "entity.parse.failed":
      return new ApiError("malformed_json", "The body is not valid JSON.");
    case "entity.verify.failed":
      return new ApiError("malformed_json", "The body is not valid UTF-8. Send JSON in UTF-8.");
    case tooMuch:
      return tooMuchJson((error as { excess: "depth" | "parts" }).excess);
    case "encoding.unsupported":
    case "charset.unsupported":
      return new ApiError("unsupported_media_type", "Send the body as JSON in UTF-8, plain or compressed with gzip, deflate or br.");
    case "request.aborted":
    case "request.size.invalid":
      return new ApiError("invalid_request", "The body ended before all of it had arrived.");
    default:
      // The remaining errors are broken compressed bodies, which zlib reports in its own words.
      return typeof (error as { status?: number }).status === "number" && (error as { status: number }).status < 500
        ? new ApiError("malformed_json", "The body could not be read.")
        : error;
  }
}
