import type { RequestHandler } from "express";
import type { Metrics } from "../ops/metrics.ts";

/** Files of the web app are one series, and so is everything that is no route of ours. */
export function createRequestMetrics(metrics: Metrics): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now();
    res.once("close", () => {
      const { route } = res.locals as { route?: string };
      // The label has the method already: "POST /api/sends" → "/api/sends".
      const pattern = route === undefined ? (res.statusCode < 400 ? "web app" : "none") : route.replace(/^[A-Z]+ /, "");
      metrics.request({ method: req.method, route: pattern, status: res.statusCode, seconds: (performance.now() - startedAt) / 1_000 });
    });
    next();
  };
}
