import type { RequestHandler } from "express";
import helmet from "helmet";

/**
 * The browser loads everything from our own origin. The one exception is `'unsafe-inline'` for styles: the styling
 * library of the interface inserts style elements while it runs and positions rows and nodes by style attributes, which
 * a nonce cannot cover. A style cannot run code. Images, fonts and connections are limited to our origin, so a style
 * cannot carry data out.
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
        // The address where people sign in, if it is another one.
        connectSrc: ["'self'", ...(signInUrl === undefined ? [] : [new URL(signInUrl).origin])],
        // The reader of Excel workbooks unpacks a larger one in a worker that it makes itself.
        workerSrc: ["'self'", "blob:"],
        frameSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        // upgrade-insecure-requests is left out: on plain http in a home network it would break every file.
      },
    },
    strictTransportSecurity: isHttps ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    xFrameOptions: { action: "deny" },
    referrerPolicy: { policy: "no-referrer" },
  });
}
