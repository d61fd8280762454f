import type { Request, RequestHandler } from "express";
import { ApiError } from "./errors.ts";

const loopbackNames = new Set(["localhost", "127.0.0.1", "[::1]"]);
/** Probes of container platforms ask by address; what these answer is no secret. */
const probes = new Set(["/api/health", "/api/ready"]);
const harmless = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Answers only to names the operator chose. Otherwise any web site could point a name of its own at this address
 * (DNS rebinding) and then be "same origin" with us.
 */
export function createHostCheck(publicUrl: string, allowedHosts: readonly string[]): RequestHandler {
  const names = new Set([hostNameOf(new URL(publicUrl).host), ...allowedHosts.map(hostNameOf)]);
  return (req, _res, next) => {
    const name = hostNameOf(req.headers.host ?? "");
    if (loopbackNames.has(name) || name.endsWith(".localhost") || names.has(name) || probes.has(req.path)) return next();
    throw new ApiError("origin_refused", "This instance does not answer to this host name. Its operator sets the name with PUBLIC_URL.");
  };
}

/**
 * A browser adds the cookie to requests of any site. It also tells the truth about who asked, in headers that a page
 * cannot set; a request that changes something and comes with a cookie must have come from our own pages. One with an
 * Authorization header uses no cookie, so there is nothing to abuse.
 */
export function checkOrigin(req: Request, publicUrl: string): void {
  if (harmless.has(req.method) || req.headers.authorization !== undefined) return;
  const { origin, host, cookie } = req.headers;
  if (origin !== undefined ? isOurs(origin, host, publicUrl) : cookie === undefined || isFromHere(req.get("sec-fetch-site"))) return;
  throw new ApiError("origin_refused", "This request came from another site and was refused.");
}

/** Our public address counts too: behind a proxy that rewrites Host, the browser's Origin is that one. */
function isOurs(origin: string, host: string | undefined, publicUrl: string): boolean {
  if (!URL.canParse(origin)) return false;
  const given = new URL(origin);
  return given.origin === new URL(publicUrl).origin || given.host === host?.toLowerCase();
}

/** `none`: typed or bookmarked. Absent altogether: not a browser of this decade, so nothing vouches for it. */
const isFromHere = (site: string | undefined): boolean => site === "same-origin" || site === "none";

/** "Example.com:8080" → "example.com", "[::1]:80" → "[::1]". */
function hostNameOf(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
}
