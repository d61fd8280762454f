import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isLoopback } from "#contract/loopback.ts";
import { applyServerTimeouts, serverOptions } from "../http/server-timeouts.ts";
import { createSocketGate, type SocketLimits } from "../http/socket-gate.ts";
import { answerProbe } from "../ops/probes.ts";
import type { Readiness } from "../ops/readiness.ts";

export interface WebListener {
  /** The address with the actual port, for example `http://127.0.0.1:3000`. */
  address: string;
  /** Hands all further requests to this handler. */
  serve(handle: RequestListener): void;
  close(): Promise<void>;
}

/**
 * Takes the port first, because the public address and the links made from it need its number. Requests that arrive
 * before `serve` is called are answered with 503 and asked to come back after a second.
 */
export async function openWebListener(
  { host, port }: { host: string; port: number },
  readiness: Readiness,
  limits: SocketLimits,
): Promise<WebListener> {
  let handle: RequestListener = (_req, res) => {
    res.writeHead(503, { "Retry-After": "1", "Content-Type": "application/json" });
    res.end(JSON.stringify({ success: false, error: "Sluice is starting. Try again in a moment.", code: "unavailable" }));
  };
  const gate = createSocketGate(limits);
  const server: Server = createServer(serverOptions, (req, res) => {
    gate.admit(req, res, () => {
      if (!answerProbe(readiness, req, res)) handle(req, res);
    });
  });
  applyServerTimeouts(server);
  gate.guard(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    // Connections that come in together wait in a queue of the system until they are accepted. With Node's usual 511 places a burst
    // overflows it, and whoever is turned away, which may be anybody, tries again only after a second, then after three.
    server.listen({ port, host, backlog: server.maxConnections }, resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  const shown = isLoopback(host) || host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return {
    address: `http://${shown}:${actual}`,
    serve: (next) => {
      handle = next;
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        // Progress streams do not end by themselves. They are cut after two seconds, and the browsers reconnect.
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 2_000).unref();
      }),
  };
}
