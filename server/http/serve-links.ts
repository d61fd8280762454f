import type { Express, Request, RequestHandler, Response } from "express";
import pLimit from "p-limit";
import { trackingPaths } from "#contract/tracking-paths.ts";
import { findShortLink, noteFollowed, noteShortFollowed } from "#db/queries/tracked-links.ts";
import type { Resources } from "../compose/resources.ts";
import { sampleCode } from "../compose/tracked-links.ts";
import { ApiError } from "./errors.ts";
import { visitorOf } from "./link-visitor.ts";
import type { RequestRates } from "./request-rates.ts";

type Serve = (app: Express) => void;

/** Writes that run at a time, and that wait. What comes beyond is not written down: people come first. */
const atOnce = 8;
const mostWaiting = 1_000;

/** One transparent point. */
const picture = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

/**
 * The addresses behind the links of messages. They are for people who have no account here: no session, no cookie and no origin is looked
 * at. A person who follows one is led on first and written down afterwards, so no database keeps them from their page. They lead to what was
 * signed, or what a row says, and nowhere else.
 *
 * `short` stands before the check of host names, because workspaces have domains of their own; `long` behind it.
 */
export function serveLinks({ ownerDb, links, log }: Resources, rates?: RequestRates): { short: Serve; long: Serve } {
  const limit = pLimit(atOnce);
  const note = (write: () => Promise<void>): void => {
    if (limit.pendingCount >= mostWaiting) {
      log.warn("A click or an open was not written down: too many came at once");
      return;
    }
    limit(write).catch((err: unknown) => log.warn({ err }, "A click or an open could not be written down"));
  };
  const answering =
    (route: string, answer: (req: Request, res: Response) => Promise<void>): RequestHandler =>
    async (req, res) => {
      res.locals.route = `${req.method} ${route}`;
      res.set("Cache-Control", "no-store").set("Referrer-Policy", "no-referrer").set("X-Robots-Tag", "noindex");
      try {
        await rates?.countAddress(res, res.locals.clientAddress, "visitors");
        await answer(req, res);
      } catch (error) {
        if (res.headersSent) throw error;
        if (error instanceof ApiError && error.retryAfter !== undefined) {
          res.set("Retry-After", String(error.retryAfter));
          return say(res, error.status, "Too many requests came from your network. Please try again in a minute.");
        }
        log.warn({ err: error, requestId: res.locals.requestId }, "A link could not be followed");
        res.set("Retry-After", "5");
        say(res, 503, "This link cannot be followed at the moment. Please try again shortly.");
      }
    };

  const long: Serve = (app) => {
    app.get(
      `${trackingPaths.click}:token`,
      answering("/l/:token", async (req, res) => {
        const found = await links.readTracked(String(req.params.token));
        if (found?.kind !== "click" || !lead(res, found.target)) return nowhere(res);
        const visitor = visitorOf(req);
        const { message, target: url } = found;
        if (message && visitor !== "nobody")
          note(() => noteFollowed(ownerDb, message, { kind: "click", url, isProgram: visitor === "program" }));
      }),
    );
    app.get(
      `${trackingPaths.open}:token`,
      answering("/o/:token", async (req, res) => {
        const found = await links.readTracked(String(req.params.token));
        if (found?.kind !== "open") return nowhere(res);
        // Programs that show mail load it from another site.
        res.set("Cross-Origin-Resource-Policy", "cross-origin").type("gif").send(picture);
        const visitor = visitorOf(req);
        const { message } = found;
        if (message && visitor !== "nobody")
          note(() => noteFollowed(ownerDb, message, { kind: "open", url: null, isProgram: visitor === "program" }));
      }),
    );
  };

  const short: Serve = (app) => {
    app.get(
      `${trackingPaths.short}:code`,
      answering("/s/:code", async (req, res) => {
        const code = String(req.params.code);
        if (code === sampleCode) return say(res, 200, "This is the link of a preview. In the message that is sent, it leads to its page.");
        const target = /^[0-9A-Za-z]{12}$/.test(code) ? await findShortLink(ownerDb, { code, host: hostOf(req) }) : undefined;
        if (target === undefined || !lead(res, target)) return nowhere(res);
        const visitor = visitorOf(req);
        if (visitor !== "nobody") note(() => noteShortFollowed(ownerDb, { code, isProgram: visitor === "program" }));
      }),
    );
  };
  return { short, long };
}

/** Answers false where it leads to something that is no page, whoever wrote it down. */
function lead(res: Response, target: string): boolean {
  if (!/^https?:\/\/[\x21-\x7e]+$/i.test(target) || !URL.canParse(target)) return false;
  res.status(302).set("Location", target).type("text/plain").send("You are being led on.");
  return true;
}

const nowhere = (res: Response): void => say(res, 404, "This link leads nowhere. Please ask who sent it to you.");

function say(res: Response, status: number, text: string): void {
  res.status(status).type("text/plain").send(text);
}

const hostOf = (req: Request): string => (req.headers.host ?? "").toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
