import type { RequestHandler } from "express";
import helmet from "helmet";

/**
 * Everything comes from ourselves. The one concession is `'unsafe-inline'` for styles: the interface's styling library
 * inserts style elements while it runs and positions rows and nodes by style attributes, which a nonce cannot cover.
 * A style cannot run code, and images, fonts and connections are limited to ourselves, so it cannot carry data out.
 */
export function createSecurityHeaders(publicUrl: string, signInUrl?: string): RequestHandler {
  const isHttps = publicUrl.startsWith("https:");
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:"],
        fontSrc: ["'self'"],
        // Where people sign in, if that is not here.
        connectSrc: ["'self'", ...(signInUrl === undefined ? [] : [new URL(signInUrl).origin])],
        frameSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        // Not upgrade-insecure-requests: on plain http in a home network it would break every file.
      },
    },
    strictTransportSecurity: isHttps ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    xFrameOptions: { action: "deny" },
    referrerPolicy: { policy: "no-referrer" },
  });
}
