import express, { type Request, type RequestHandler, type Response } from "express";
import { hasBody, toBodyRefusal } from "./json-body.ts";

const readers = new Map<number, RequestHandler>();

/**
 * The body as the bytes that came; empty when none was sent. Its type is not looked at, and a compressed body is
 * refused: a signature covers the bytes of the request, not what they unpack to.
 * @throws ApiError `body_too_large`, `unsupported_media_type` or `invalid_request`
 */
export async function readRawBody(req: Request, res: Response, limit: number): Promise<Buffer> {
  if (!hasBody(req)) return Buffer.alloc(0);
  let reader = readers.get(limit);
  if (!reader) {
    reader = express.raw({ limit, type: () => true, inflate: false });
    readers.set(limit, reader);
  }
  const error = await new Promise<unknown>((resolve) => (reader as RequestHandler)(req, res, resolve));
  if (error) throw toBodyRefusal(error, limit);
  return req.body as Buffer;
}
