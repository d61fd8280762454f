import { readdirSync } from "node:fs";
import { extname, join, sep } from "node:path";
import express, { type Request, type RequestHandler, type Response, Router } from "express";

/** The encodings of the files that the build has compressed, best first, with the ending that the build adds. */
const endings = { br: ".br", gzip: ".gz" } as const;
const encodings = Object.keys(endings) as (keyof typeof endings)[];

/** The addresses of the contacts page, which most visits begin with. `vite.config.ts` gives what it needs a file called "rows". */
const firstPages = new Set(["/", "/contacts"]);

/** Addresses of pages hold ids and words, and never end like a file of the web. */
const fileEnding = /\.(js|mjs|css|map|json|txt|xml|html?|svg|png|jpe?g|gif|webp|ico|woff2?|wasm|webmanifest|php)$/i;

/**
 * Serves the built web app. A file that the build has compressed is sent in the best form that the client takes; each
 * form has its own ETag.
 *
 * Files with a hash in their name never change, so browsers keep them for a year. The page that names them is asked for
 * every time.
 */
export function serveBuiltFiles(webDir: string): RequestHandler {
  const names = readdirSync(webDir, { recursive: true, encoding: "utf8" }).map((name) => `/${name.split(sep).join("/")}`);
  const files = new Set(names);
  const router = Router();

  /** The path of the form of this file that fits the request. Sets the headers that belong to the form. */
  const choose = (req: Request, res: Response, file: string): string => {
    const offered = encodings.filter((encoding) => files.has(file + endings[encoding]));
    if (offered.length === 0) return file;
    res.vary("Accept-Encoding");
    // Another type would be derived from the ending of the compressed file.
    res.type(extname(file));
    // Asked one by one: browsers name gzip first, although they take the smaller form as gladly.
    const chosen = offered.find((encoding) => req.acceptsEncodings(encoding) === encoding);
    if (chosen === undefined) return file;
    res.set("Content-Encoding", chosen);
    return file + endings[chosen];
  };

  router.use((req, res, next) => {
    if ((req.method === "GET" || req.method === "HEAD") && files.has(req.path)) req.url = choose(req, res, req.path);
    next();
  });
  router.use("/assets", express.static(join(webDir, "assets"), { immutable: true, maxAge: "1y", index: false, redirect: false }));
  router.use(express.static(webDir, { index: false, redirect: false, cacheControl: false, setHeaders: askEveryTime }));
  // A file that is not there is not a page: a browser with an older version of the app asks for parts that are gone, and would
  // take the page for one of them. The next version may have the file, so nobody keeps this answer.
  router.use((req, res, next) => {
    if (!req.path.startsWith("/assets/") && !fileEnding.test(req.path)) return next();
    res.status(404).set("Cache-Control", "no-store").type("text/plain").send("This version of Sluice has no such file. Reload the page.\n");
  });
  // Every other address is a page of the web app, whose router reads the address.
  const ofFirstPage = names.filter((name) => /^\/assets\/rows-[^/]+\.js$/.test(name)).map((name) => `<${name}>; rel=modulepreload`);
  router.get("/{*page}", (req, res) => {
    askEveryTime(res);
    // Else the browser learns of this file only when it has run the others, which takes a phone a second or more.
    if (firstPages.has(req.path) && ofFirstPage.length > 0) res.setHeader("Link", ofFirstPage);
    res.sendFile(join(webDir, choose(req, res, "/index.html")), { cacheControl: false });
  });
  return router;
}

const askEveryTime = (res: Response): void => void res.setHeader("Cache-Control", "no-cache");
