import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { applyServerTimeouts, serverOptions } from "../http/server-timeouts.ts";
import type { Metrics } from "./metrics.ts";
import { answerProbe } from "./probes.ts";
import type { Readiness } from "./readiness.ts";

export interface OpsServer {
  port: number;
  close(): Promise<void>;
}

/**
 * Serves metrics and probes on the operator's own port, for a web server and a worker alike. It is opened first and
 * closed last, so that a start and an end can be watched. It has no sign-in. It therefore listens on this machine only,
 * unless another host is set.
 */
export async function openOpsServer(given: { host: string; port: number; metrics: Metrics; readiness: Readiness }): Promise<OpsServer> {
  const { host, port, metrics, readiness } = given;
  const server = createServer(serverOptions, (req, res) => {
    res.setHeader("X-Content-Type-Options", "nosniff");
    if (answerProbe(readiness, req, res)) return;
    if (req.method !== "GET" || req.url?.split("?", 1)[0] !== "/metrics") {
      res.writeHead(404, { "Content-Type": "text/plain" }).end("This port serves /metrics, /healthz and /readyz.\n");
      return;
    }
    metrics.text().then(
      (text) => res.writeHead(200, { "Content-Type": metrics.contentType, "Cache-Control": "no-store" }).end(text),
      (error: Error) => res.writeHead(500, { "Content-Type": "text/plain" }).end(`The metrics could not be read: ${error.message}\n`),
    );
  });
  applyServerTimeouts(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
