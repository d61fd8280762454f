import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { type Request, type RequestHandler, type Response, Router } from "express";
import { pictureFrame } from "#contract/picture-frame.ts";
import { setPictureFrameHeaders } from "./security-headers.ts";

/** The encodings of the files that the build has compressed, best first, with the ending that the build adds. */
const endings = { br: ".br", gzip: ".gz" } as const;
const encodings = Object.keys(endings) as (keyof typeof endings)[];

/** The addresses of the contacts page, which most visits begin with. `vite.config.ts` gives what it needs a file called "rows". */
const firstPages = new Set(["/", "/contacts"]);

/** Addresses of pages hold ids and words, and never end like a file of the web. */
const fileEnding = /\.(js|mjs|css|map|json|txt|xml|html?|svg|png|jpe?g|gif|webp|ico|woff2?|wasm|webmanifest|php)$/i;

interface Built {
  bytes: Buffer;
  etag: string;
}

/**
 * Serves the built web app. A file that the build has compressed is sent in the best form that the client takes; each
 * form has its own ETag.
 *
 * Files with a hash in their name never change, so browsers keep them for a year. The page that names them is asked for
 * every time.
 *
 * All of them, some ten megabytes, are kept in memory: reading one from the disk piece by piece for each request took two to three times the processor
 * time when a thousand readers asked at once, and held everybody else up. Those who take an answer slowly share the one copy.
 */
export function serveBuiltFiles(webDir: string): RequestHandler {
  const files = readBuilt(webDir);
  const router = Router();

  /** Sends this file in the form that fits the request. */
  const send = (req: Request, res: Response, file: string): void => {
    const offered = encodings.filter((encoding) => files.has(file + endings[encoding]));
    if (offered.length > 0) res.vary("Accept-Encoding");
    // Asked one by one: browsers name gzip first, although they take the smaller form as gladly.
    const chosen = offered.find((encoding) => req.acceptsEncodings(encoding) === encoding);
    if (chosen !== undefined) res.set("Content-Encoding", chosen);
    const { bytes, etag } = files.get(chosen === undefined ? file : file + endings[chosen]) as Built;
    res.type(extname(file)).set("ETag", etag).send(bytes);
  };

  router.get(pictureFrame, setPictureFrameHeaders);
  router.use((req, res, next) => {
    if ((req.method !== "GET" && req.method !== "HEAD") || !files.has(req.path)) return next();
    if (req.path.startsWith("/assets/")) res.set("Cache-Control", "public, max-age=31536000, immutable");
    else askEveryTime(res);
    send(req, res, req.path);
  });
  // A file that is not there is not a page: a browser with an older version of the app asks for parts that are gone, and would
  // take the page for one of them. The next version may have the file, so nobody keeps this answer.
  router.use((req, res, next) => {
    if (!req.path.startsWith("/assets/") && !fileEnding.test(req.path)) return next();
    res.status(404).set("Cache-Control", "no-store").type("text/plain").send("This version of Sluice has no such file. Reload the page.\n");
  });
  // Every other address is a page of the web app, whose router reads the address.
  const ofFirstPage = [...files.keys()]
    .filter((name) => /^\/assets\/rows-[^/]+\.js$/.test(name))
    .map((name) => `<${name}>; rel=modulepreload`);
  router.get("/{*page}", (req, res) => {
    askEveryTime(res);
    // Else the browser learns of this file only when it has run the others, which takes a phone a second or more.
    if (firstPages.has(req.path) && ofFirstPage.length > 0) res.setHeader("Link", ofFirstPage);
    send(req, res, "/index.html");
  });
  return router;
}

/** The files of the build, by their addresses. Hidden ones are for the build itself. */
function readBuilt(webDir: string): Map<string, Built> {
  const names = readdirSync(webDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(webDir.length).split(sep).join("/"))
    .filter((name) => !name.includes("/."));
  return new Map(
    names.map((name) => {
      const bytes = readFileSync(join(webDir, name));
      return [name, { bytes, etag: `"${createHash("sha1").update(bytes).digest("base64url")}"` }];
    }),
  );
}

const askEveryTime = (res: Response): void => void res.setHeader("Cache-Control", "no-cache");
