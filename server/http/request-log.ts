import { randomUUID } from "node:crypto";
import type { RequestHandler } from "express";
import type { Logger } from "pino";

const usableId = /^[\w-]{8,64}$/;

/**
 * Gives every request an id and one line in the log. The line carries the route's pattern and never the address,
 * because addresses hold search texts and filters with names, numbers and e-mails of people.
 */
export function createRequestLog(log: Logger): RequestHandler {
  return (req, res, next) => {
    const given = req.get("x-request-id");
    const requestId = given && usableId.test(given) ? given : randomUUID();
    const startedAt = performance.now();
    res.locals.requestId = requestId;
    res.set("X-Request-Id", requestId);
    res.once("close", () => {
      const { route, principal, workspaceId, code } = res.locals;
      // Requests for files of the web app are logged only when they fail.
      if (route === undefined && res.statusCode < 400) return;
      const line = {
        requestId,
        method: req.method,
        route: route ?? "none",
        status: res.statusCode,
        ms: Math.round(performance.now() - startedAt),
        ...(principal ? { principal } : {}),
        ...(workspaceId ? { workspaceId } : {}),
        ...(code ? { code } : {}),
        ...(res.writableFinished ? {} : { aborted: true }),
      };
      if (res.statusCode >= 500) log.warn(line, "request");
      else log.info(line, "request");
    });
    next();
  };
}
