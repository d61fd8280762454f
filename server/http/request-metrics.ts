import type { RequestHandler } from "express";
import type { Metrics } from "../ops/metrics.ts";

/** All files of the web app are one series, and all requests that match no route are one series. */
export function createRequestMetrics(metrics: Metrics): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now();
    res.once("close", () => {
      const { route } = res.locals as { route?: string };
      // The method is a label already, so it is cut off: "POST /api/sends" → "/api/sends".
      const pattern = route === undefined ? (res.statusCode < 400 ? "web app" : "none") : route.replace(/^[A-Z]+ /, "");
      metrics.request({ method: req.method, route: pattern, status: res.statusCode, seconds: (performance.now() - startedAt) / 1_000 });
    });
    next();
  };
}
