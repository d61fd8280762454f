import type { Server } from "node:http";

/**
 * Limits against clients that hold sockets without using them. Node checks these every 30 s by default, which would
 * make a limit of 10 s one of up to 40; the interval has to be given when the server is created.
 */
export const serverOptions = { connectionsCheckingInterval: 5_000, maxHeaderSize: 16 * 1024 } as const;

export function applyServerTimeouts(server: Server): void {
  server.headersTimeout = 10_000;
  // Covers receiving a request only; event streams and downloads may last longer.
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 10_000;
  server.maxRequestsPerSocket = 1_000;
  server.maxConnections = 1_024;
}
