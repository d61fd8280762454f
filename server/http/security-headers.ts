import type { RequestHandler } from "express";
import helmet from "helmet";

/** The app uses none of them, so a script that should not be there cannot either. Copying to the clipboard is ours. */
const permissions = [
  "accelerometer",
  "autoplay",
  "bluetooth",
  "browsing-topics",
  "camera",
  "display-capture",
  "encrypted-media",
  "fullscreen",
  "geolocation",
  "gyroscope",
  "hid",
  "idle-detection",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "picture-in-picture",
  "publickey-credentials-get",
  "screen-wake-lock",
  "serial",
  "usb",
  "xr-spatial-tracking",
]
  .map((name) => `${name}=()`)
  .join(", ");

/**
 * The page around an e-mail that is shown with its pictures. A frame inside it has its policy, and not the app's. It runs no
 * script, sends nothing, and fetches nothing but pictures, and those over https only: an e-mail shall not reach devices of the
 * network of who reads it. Only a page of this instance may hold it.
 */
export const setPictureFrameHeaders: RequestHandler = (_req, res, next) => {
  const policy = [
    "default-src 'none'",
    "img-src 'self' data: https:",
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ];
  res.setHeader("Content-Security-Policy", policy.join("; "));
  res.setHeader("X-Frame-Options", "SAMEORIGIN");
  next();
};

/**
 * The browser loads everything from our own origin. The one exception is `'unsafe-inline'` for styles: the styling
 * library of the interface inserts style elements while it runs and positions rows and nodes by style attributes, which
 * a nonce cannot cover. A style cannot run code. Images, fonts and connections are limited to our origin, so a style
 * cannot carry data out.
 */
export function createSecurityHeaders(publicUrl: string, signInUrl?: string): RequestHandler {
  const isHttps = publicUrl.startsWith("https:");
  const setHeaders = helmet({
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
        // A text cannot become a part of the page, nor an address a script; web/lib/trusted-scripts.ts names the exceptions.
        requireTrustedTypesFor: ["'script'"],
        // The second name is the one under which the editor of e-mails reads what is pasted into it.
        trustedTypes: ["default", "ProseMirrorClipboard"],
        // upgrade-insecure-requests is left out: on plain http in a home network it would break every file.
      },
    },
    strictTransportSecurity: isHttps ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    xFrameOptions: { action: "deny" },
    referrerPolicy: { policy: "no-referrer" },
  });
  return (req, res, next) => {
    res.setHeader("Permissions-Policy", permissions);
    setHeaders(req, res, next);
  };
}
