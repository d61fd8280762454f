import compression from "compression";
import type { RequestHandler } from "express";

/** Bytes. A shorter answer fits into one packet, compressed or not. */
const threshold = 1024;

/**
 * Compresses the answers of the API for clients that take it.
 *
 * The length of a compressed answer tells whether a text that a stranger chose occurs in it a second time (the BREACH
 * attack). Two kinds of answers are therefore sent as they are:
 * - Answers to anything but GET. New keys, invitation links and sessions are only ever in those.
 * - Answers to a request that another site made the browser send. The browser names such requests in Sec-Fetch-Site,
 *   and a stranger needs thousands of them. The session cookie is SameSite=Lax besides, so only whole pages that are
 *   navigated to would carry it.
 *
 * Streams of events are never compressed, because an event would wait in the compressor.
 */
export function createAnswerCompression(): RequestHandler {
  return compression({
    threshold,
    filter: (req, res) => {
      if (req.method !== "GET" || isFromElsewhere(req.headers["sec-fetch-site"])) return false;
      return !String(res.getHeader("Content-Type")).startsWith("text/event-stream") && compression.filter(req, res);
    },
  });
}

const isFromElsewhere = (site: string | string[] | undefined): boolean => site === "cross-site" || site === "same-site";
