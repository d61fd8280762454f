import { AsyncLocalStorage } from "node:async_hooks";
import { hostname } from "node:os";
import type { Context, SpanContext } from "@opentelemetry/api";
import { DiagLogLevel, diag, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } from "@opentelemetry/sdk-trace";
import type { RequestHandler } from "express";
import type { Logger } from "pino";
import type { Tracer } from "#engine/base/tracer.ts";

// This file is imported only when OTEL_EXPORTER_OTLP_ENDPOINT is set, so a process without traces does not load it.

export interface TracingOptions {
  /** The base address of an OTLP collector over HTTP, for example http://127.0.0.1:4318 */
  endpoint: string;
  serviceName: string;
  /**
   * The part of the traces begun here that is recorded, 0 to 1. A trace begun elsewhere is recorded if its caller
   * records it.
   */
  ratio: number;
  log: Logger;
}

export interface Tracing {
  tracer: Tracer;
  /**
   * The first of all middleware. It opens a span for the request, and everything that the request causes is below it.
   */
  request: RequestHandler;
  /** Sends what is left and takes at most a few seconds. */
  stop(): Promise<void>;
}

const complainEvery = 60_000;
const stopWithin = 3_000;

export function startTracing({ endpoint, serviceName, ratio, log }: TracingOptions): Tracing {
  reportTo(log);
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ "service.name": serviceName, "host.name": hostname() })),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, "")}/v1/traces` }),
        scheduledDelayMillis: 1_000,
        maxQueueSize: 8_192,
      }),
    ],
  });
  const spans = provider.getTracer("sluice");
  const here = new AsyncLocalStorage<Context>();

  const tracer: Tracer = {
    async span(name, work, { facts, isCall = false, parent, links = [], since } = {}) {
      const from = parent === undefined ? undefined : readTraceparent(parent);
      const outer = from ? trace.setSpanContext(ROOT_CONTEXT, from) : links.length > 0 ? ROOT_CONTEXT : (here.getStore() ?? ROOT_CONTEXT);
      const span = spans.startSpan(
        name,
        {
          kind: isCall ? SpanKind.CLIENT : SpanKind.INTERNAL,
          attributes: facts,
          links: links.flatMap((text) => readTraceparent(text) ?? []).map((context) => ({ context })),
          ...(since === undefined ? {} : { startTime: performance.timeOrigin + since }),
        },
        outer,
      );
      try {
        return await here.run(trace.setSpan(outer, span), () => work({ note: (more) => void span.setAttributes(more) }));
      } catch (error) {
        // Only the kind of the error is recorded, because error messages quote rows and addresses.
        const { name: kind, code } = error as { name?: string; code?: string };
        span.setStatus({ code: SpanStatusCode.ERROR, message: [kind, code].filter(Boolean).join(" ") });
        throw error;
      } finally {
        span.end();
      }
    },
    traceparent() {
      const span = here.getStore() && trace.getSpanContext(here.getStore() as Context);
      return span && `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, "0")}`;
    },
  };

  return {
    tracer,
    request: (req, res, next) => {
      const from = readTraceparent(req.get("traceparent") ?? "");
      const outer = from ? trace.setSpanContext(ROOT_CONTEXT, from) : ROOT_CONTEXT;
      const span = spans.startSpan(req.method, { kind: SpanKind.SERVER, attributes: { "http.request.method": req.method } }, outer);
      res.once("close", () => {
        // The span is named by the route's pattern, because the address holds search texts and ids.
        const { route } = res.locals as { route?: string };
        if (route !== undefined) span.updateName(route.startsWith(req.method) ? route : `${req.method} ${route}`);
        span.setAttributes({ "http.response.status_code": res.statusCode, ...(route === undefined ? {} : { "http.route": route }) });
        if (res.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      });
      here.run(trace.setSpan(outer, span), next);
    },
    stop: async () => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, stopWithin);
      });
      await Promise.race([provider.shutdown().catch((error) => log.warn({ err: error }, "the last traces were not sent")), late]);
      clearTimeout(timer);
    },
  };
}

function readTraceparent(text: string): SpanContext | undefined {
  const [, traceId, spanId, flags] = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/.exec(text) ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

/** A collector that cannot be reached is logged once a minute and not for every batch. */
function reportTo(log: Logger): void {
  let last = Number.NEGATIVE_INFINITY;
  const complain = (message: string) => {
    if (performance.now() - last < complainEvery) return;
    last = performance.now();
    log.warn({ reason: message.slice(0, 500) }, "traces could not be sent to OTEL_EXPORTER_OTLP_ENDPOINT");
  };
  const quiet = () => {};
  diag.setLogger(
    { error: complain, warn: complain, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}
