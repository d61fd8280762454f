import { existsSync } from "node:fs";
import express, { type Express } from "express";
import type { Route } from "#contract/route.ts";
import { routes } from "#contract/routes.ts";
import { serveBuiltFiles } from "../http/built-files.ts";
import { createClientAddress } from "../http/client-address.ts";
import { createAnswerCompression } from "../http/compress-answers.ts";
import { createErrorHandler } from "../http/error-handler.ts";
import { createInstanceClaimed } from "../http/instance-claimed.ts";
import { mountRoutes } from "../http/mount.ts";
import type { AnyHandler } from "../http/mounted-route.ts";
import { createHostCheck } from "../http/origin.ts";
import { createRequestLog } from "../http/request-log.ts";
import { createRequestMetrics } from "../http/request-metrics.ts";
import type { RequestRates } from "../http/request-rates.ts";
import { createSecurityHeaders } from "../http/security-headers.ts";
import { serveLinks } from "../http/serve-links.ts";
import { serveUnsubscribe } from "../http/serve-unsubscribe.ts";
import type { Metrics } from "../ops/metrics.ts";
import type { Tracing } from "../ops/tracing.ts";
import { handlers } from "../routes/handlers.ts";
import type { Resources } from "./resources.ts";

export interface AppOptions {
  /** The folder of the built web app; without it only the API is served. */
  webDir?: string;
  /** Host names that this instance answers to, besides its public one and the loopback names. */
  allowedHosts?: readonly string[];
  /** Addresses and ranges of proxies whose X-Forwarded-For is trusted. */
  trustedProxies?: readonly string[];
  /** Nothing is counted without it. */
  metrics?: Metrics;
  /** Nothing is traced without it. */
  tracing?: Tracing;
  /** Requests are not limited without it. */
  rates?: RequestRates;
  /** Compares every answer with its schema and fails on a difference; for development and tests. */
  checkResponses?: boolean;
  /** Milliseconds between two looks at whether the caller of an open stream may still read it. */
  streamCheckMs?: number;
}

/** Builds the HTTP application on the given resources. It opens no port and starts nothing. */
export function createApp(resources: Resources, options: AppOptions = {}): Express {
  const { publicUrl, log, ownerDb, identity } = resources;
  const addressOf = createClientAddress(options.trustedProxies ?? []);
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");

  if (options.tracing) app.use(options.tracing.request);
  app.use((req, res, next) => {
    res.locals.clientAddress = addressOf(req.socket.remoteAddress, req.get("x-forwarded-for"));
    next();
  });
  app.use(createRequestLog(log));
  if (options.metrics) app.use(createRequestMetrics(options.metrics));
  app.use(createSecurityHeaders(publicUrl, identity.way.kind === "supabase" ? identity.way.url : undefined));
  const serveLink = serveLinks(resources, options.rates);
  serveLink.short(app);
  app.use(createHostCheck(publicUrl, options.allowedHosts ?? []));
  serveLink.long(app);
  serveUnsubscribe(app, resources, options.rates);
  app.use("/api", (_req, res, next) => {
    res.set("Cache-Control", "no-store");
    next();
  });
  app.use("/api", createAnswerCompression());
  mountRoutes(app, routes as unknown as Record<string, Route>, handlers as unknown as Record<string, AnyHandler>, {
    resources,
    checkResponses: options.checkResponses ?? false,
    rates: options.rates,
    isClaimed: createInstanceClaimed(ownerDb),
    streamCheckMs: options.streamCheckMs,
  });
  if (options.webDir !== undefined && existsSync(options.webDir)) app.use(serveBuiltFiles(options.webDir));
  app.use(createErrorHandler(log));
  return app;
}
