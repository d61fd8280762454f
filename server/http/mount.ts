import type { Express, Request, Response } from "express";
import { z } from "zod";
import { roles, scopes } from "#contract/people.ts";
import { none, type Route } from "#contract/route.ts";
import { isInstanceAdmin } from "#db/queries/instance-admins.ts";
import { type CallerPlace, createCallerPlaces } from "./caller-places.ts";
import { signalOf } from "./client-gone.ts";
import { sendError } from "./error-handler.ts";
import { ApiError, forbidden, unauthenticated } from "./errors.ts";
import { createHeavyStatements } from "./heavy-statements.ts";
import { createIdempotency } from "./idempotency.ts";
import { readJsonBody } from "./json-body.ts";
import { answerMember } from "./member-call.ts";
import type { AnyHandler, MountOptions } from "./mounted-route.ts";
import { checkOrigin } from "./origin.ts";
import { parseRequest } from "./parse-request.ts";
import { callerOf, findPrincipal, requirePrincipal } from "./principal.ts";
import { checkResponse } from "./response-check.ts";
import { recordRefusal } from "./security-events.ts";
import { answerSigned } from "./signed-call.ts";
import { createStreamAccess, type StreamAccess } from "./stream-access.ts";
import { createStreamCount } from "./stream-count.ts";
import { createUploadCount } from "./upload-count.ts";

/** The longest address that is accepted, bytes. */
const longestUrl = 8 * 1024;
/** Of each kind of stream. */
const streamsPerCaller = 5;
/** Files of up to 10 MiB, each of which needs some 60 MiB of memory while it is imported. */
const uploadsAtOnce = { perWorkspace: 2, inAll: 4 };
/** The streams are pinged as often. */
const streamCheckMs = 15_000;
const servedUnclaimed = new Set(["health", "ready", "getSession", "claim", "claimSignedIn"]);

/** Binds the route table to its handlers. Nothing else is reachable under /api. */
export function mountRoutes(
  app: Express,
  routes: Record<string, Route>,
  handlers: Record<string, AnyHandler>,
  options: MountOptions,
): void {
  const idempotency = createIdempotency(options.resources.masterKey, ...options.resources.previousMasterKeys);
  const streams = createStreamCount(streamsPerCaller);
  const heavy = createHeavyStatements();
  const places = createCallerPlaces();
  const uploads = createUploadCount(uploadsAtOnce);
  const streamAccess = createStreamAccess({ log: options.resources.log, everyMs: options.streamCheckMs ?? streamCheckMs });
  const declared = Object.entries(routes).map(([id, route]) => ({ id, route, handler: checkDeclaration(id, route, handlers[id]) }));

  // Fixed segments come before parameters, so that /contacts/count is not read as the contact with the id "count".
  for (const { id, route, handler } of declared.toSorted((a, b) => (sortKey(a.route) < sortKey(b.route) ? -1 : 1))) {
    const method = route.method.toLowerCase() as "get" | "post" | "put" | "patch" | "delete";
    app[method](route.path, async (req, res) => {
      res.locals.route = `${route.method} ${route.path}`;
      if (req.originalUrl.length > longestUrl) throw new ApiError("invalid_request", "The address is longer than 8 KiB.");
      const isProvider = route.auth.kind === "signature";
      await options.rates?.countAddress(res, res.locals.clientAddress, isProvider ? "providers" : "people");
      if (isProvider) return answerSigned(route, handler, options, req, res);
      checkOrigin(req, options.resources.publicUrl);
      if (!servedUnclaimed.has(id) && !(await options.isClaimed())) {
        throw unauthenticated("This instance has no owner yet: open the link that its console shows.");
      }
      return places.answer(route, req, async (callerPlace) => {
        if (route.auth.kind === "member")
          return answerMember(
            { id, route, handler, idempotency, streams, heavy, uploads, streamAccess, callerPlace, ...options },
            req,
            res,
          );
        return answerPerson(route, handler, { ...options, streamAccess, callerPlace }, req, res);
      });
    });
  }

  const methodsOf = Map.groupBy(declared, ({ route }) => route.path);
  for (const [path, { route }] of [...methodsOf].map(([path, all]) => [path, all[0] as { route: Route }] as const)) {
    const allowed = (methodsOf.get(path) ?? []).map((one) => one.route.method);
    app.all(route.path, (_req, res) => {
      res.locals.route = path;
      res.set("Allow", allowed.join(", "));
      sendError(res, new ApiError("method_not_allowed", `This address answers to ${allowed.join(", ")} only.`));
    });
  }
  app.use("/api", () => {
    throw new ApiError("route_not_found", "There is no such address in this API. /api/docs lists all of them.");
  });
}

/** Answers public routes, routes of a signed-in person and those of instance admins, which belong to no workspace. */
async function answerPerson(
  route: Route,
  handler: AnyHandler,
  options: MountOptions & { streamAccess: StreamAccess; callerPlace: CallerPlace },
  req: Request,
  res: Response,
): Promise<void> {
  const { resources } = options;
  const principal = route.auth.kind === "public" ? undefined : await requirePrincipal(resources, req, res);
  await options.rates?.count(res, route.rate, { caller: principal?.userId, address: res.locals.clientAddress });
  const refuse = (message: string): never => {
    const error = forbidden(message);
    const workspaceId = principal?.kind === "key" ? principal.workspaceId : undefined;
    if (principal) recordRefusal(resources, { error, principal, workspaceId, route, requestId: res.locals.requestId });
    throw error;
  };
  if (principal?.kind === "key") refuse("API keys cannot do this: sign in as a person.");
  if (route.auth.kind === "instance" && !(principal && (await isInstanceAdmin(resources.ownerDb, principal.userId)))) {
    refuse("Only an admin of this instance may do this. A role in a workspace does not include it.");
  }
  const readBody = () => options.callerPlace.without(() => readJsonBody(req, res, route.bodyLimit));
  const parsed = parseRequest(route, req, route.method === "GET" ? undefined : await readBody());
  const answer = await handler({
    ...parsed,
    resources,
    req,
    res,
    caller: callerOf(res, req),
    signal: signalOf(res),
    ...(principal ? { principal } : { findPrincipal: () => findPrincipal(resources, req, res) }),
  });
  // A page, or a text that the handler keeps.
  if (route.kind === "page" || res.headersSent) return;
  if (route.endsAccess && principal) await options.streamAccess.recheck({ userId: principal.userId });
  if (options.checkResponses) checkResponse(route, answer);
  res.status(route.status).json(answer);
}

/** The server does not start if a route does not say who may call it or what it takes. */
function checkDeclaration(id: string, route: Route, handler: AnyHandler | undefined): AnyHandler {
  const problems: string[] = [];
  const { auth } = route;
  if (!auth || !["public", "user", "instance", "member", "signature"].includes(auth.kind)) problems.push("says not who may call it");
  else if (auth.kind === "member") {
    if (!roles.includes(auth.role)) problems.push("names no known role");
    if (auth.scope !== null && !scopes.includes(auth.scope)) problems.push("names no known scope");
  }
  problems.push(...signatureProblems(route));
  for (const part of ["params", "query", "body", "response"] as const) {
    if (!(route[part] instanceof z.ZodType)) problems.push(`has no schema for its ${part}`);
  }
  if (!route.path?.startsWith("/api/")) problems.push("is not under /api/");
  // What a provider reports is recorded with the message it is about.
  if (route.method !== "GET" && !route.changesNothing && auth?.kind !== "signature" && !route.audit)
    problems.push("changes something and names no word for the audit log");
  if (typeof handler !== "function") problems.push("has no handler");
  if (problems.length > 0) throw new Error(`The route ${id} cannot be mounted: it ${problems.join(", it ")}.`);
  return handler as AnyHandler;
}

function signatureProblems({ auth, kind, path, body }: Route): string[] {
  if (auth?.kind !== "signature") return kind === "raw" ? ["must be signed because it keeps the raw body"] : [];
  const problems: string[] = [];
  if (kind !== "raw") problems.push("must keep the raw body because a signature covers it");
  if (!path?.includes("/:workspaceId") || !path.includes("/:channel")) problems.push("names no account in its path");
  if (body !== none) problems.push("has a schema for a raw body");
  return problems;
}

const sortKey = (route: Route): string => route.path.replace(/:\w+/g, "\uffff");
