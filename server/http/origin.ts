import type { Request, RequestHandler } from "express";
import { ApiError } from "./errors.ts";

const loopbackNames = new Set(["localhost", "127.0.0.1", "[::1]"]);
/** Health probes of container platforms call by IP address. Their answers hold no secret. */
const probes = new Set(["/api/health", "/api/ready"]);
const harmless = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Answers only to host names that the operator chose. Otherwise any web site could point a name of its own at this
 * address (DNS rebinding), and its pages would then be "same origin" with us.
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
 * Refuses requests that other sites make with the person's cookie. A browser adds the cookie to requests of any site,
 * and says in headers that a page cannot set which site asked. A request that changes something and comes with a cookie
 * must therefore come from our own pages. A request with an Authorization header uses no cookie and needs no check.
 */
export function checkOrigin(req: Request, publicUrl: string): void {
  if (harmless.has(req.method) || req.headers.authorization !== undefined) return;
  const { origin, host, cookie } = req.headers;
  if (origin !== undefined ? isOurs(origin, host, publicUrl) : cookie === undefined || isFromHere(req.get("sec-fetch-site"))) return;
  throw new ApiError("origin_refused", "This request came from another site and was refused.");
}

/** The public address counts too: behind a proxy that rewrites Host, the browser's Origin is the public address. */
function isOurs(origin: string, host: string | undefined, publicUrl: string): boolean {
  if (!URL.canParse(origin)) return false;
  const given = new URL(origin);
  return given.origin === new URL(publicUrl).origin || given.host === host?.toLowerCase();
}

/**
 * `none` means a typed or bookmarked address. If the header is missing, the client is not a current browser and the
 * request is refused.
 */
const isFromHere = (site: string | undefined): boolean => site === "same-origin" || site === "none";

/** "Example.com:8080" → "example.com", "[::1]:80" → "[::1]". */
function hostNameOf(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
}
