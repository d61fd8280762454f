import type { ErrorRequestHandler, Response } from "express";
import type { Logger } from "pino";
import type { ErrorBody } from "#contract/api-errors.ts";
import { CallerGone } from "#db/client.ts";
import { isForbidden, isOutage, isTimeout } from "#db/errors.ts";
import { BadCursor } from "#db/queries/page-cursor.ts";
import { EngineRefusal } from "#engine/base/refusal.ts";
import { ApiError, invalid } from "./errors.ts";
import { toRequestProblems } from "./flow-problems.ts";

/** Turns errors into responses. No other file does this. */
export function createErrorHandler(log: Logger): ErrorRequestHandler {
  // Express recognises an error handler by its four parameters.
  return (error: unknown, _req, res, _next) => {
    // The statement or the walk was ended because its caller went away, so there is nobody to tell.
    if (error instanceof CallerGone || (res.closed && (isTimeout(error) || isAbort(error)))) return;
    const answer = toApiError(error);
    const { requestId, route } = res.locals;
    if (answer.code === "internal") log.error({ requestId, route, err: error }, "A request failed because of a mistake of ours");
    else if (isForbidden(error))
      log.warn({ requestId, route, err: error }, "A policy of the database refused what the route had let through");
    else if (answer.code === "unavailable") log.warn({ requestId, route, err: error }, "A request found the database unavailable");
    // A stream that has begun cannot become an error response. Closing the connection is the only sign that is left.
    if (res.headersSent) {
      res.destroy();
      return;
    }
    res.locals.code = answer.code;
    sendError(res, answer);
  };
}

const isAbort = (error: unknown) => error instanceof DOMException && error.name === "AbortError";

export function sendError(res: Response, error: ApiError): void {
  const body: ErrorBody = {
    success: false,
    error: error.message,
    code: error.code,
    ...(error.problems ? { problems: error.problems } : {}),
    ...(error.current === undefined ? {} : { current: error.current }),
    requestId: res.locals.requestId as string | undefined,
  };
  if (error.retryAfter !== undefined) res.set("Retry-After", String(error.retryAfter));
  if (error.code === "unauthenticated") res.set("WWW-Authenticate", "Bearer");
  res.status(error.status).json(body);
}

export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof EngineRefusal)
    return new ApiError(error.code, error.message, { problems: error.problems && toRequestProblems(error.problems) });
  if (error instanceof BadCursor) return invalid([{ path: "cursor", message: error.message }]);
  // A role can change between our check and the write. Row level security then refuses the write.
  if (isForbidden(error)) return new ApiError("forbidden", "Your role in this workspace does not allow this.");
  if (isOutage(error)) {
    return new ApiError("unavailable", "The database does not answer at the moment. Nothing was changed; try again shortly.", {
      retryAfter: 2,
    });
  }
  // Express throws this before a route is reached: the path has broken percent-encoding.
  if (error instanceof URIError) return invalid([{ path: "", message: "The address contains broken percent-encoding" }]);
  return new ApiError("internal", "Something went wrong on our side. The request id helps the operator find it in the log.");
}
