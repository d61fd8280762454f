import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readiness } from "./readiness.ts";

/**
 * Answers /healthz (the process is alive) and /readyz (the process may be given work, or 503 with the reasons). They
 * are answered before the app and its checks of host and origin, because probes call by any address. Returns false for
 * every other path.
 */
export function answerProbe(readiness: Readiness, req: IncomingMessage, res: ServerResponse): boolean {
  const path = req.url?.split("?", 1)[0];
  if (path !== "/healthz" && path !== "/readyz") return false;
  if (req.method !== "GET" && req.method !== "HEAD") answer(res, 405, { status: "GET and HEAD only" });
  else if (path === "/healthz") answer(res, 200, { status: "alive" });
  else void readiness.report().then((report) => answer(res, report.status === "ready" ? 200 : 503, report));
  return true;
}

function answer(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    ...(status === 503 ? { "Retry-After": "2" } : {}),
    ...(status === 405 ? { Allow: "GET, HEAD" } : {}),
  });
  res.end(`${JSON.stringify(body)}\n`);
}
