import type { Server } from "node:http";

/**
 * Limits for clients that keep sockets without using them. Node checks them every 30 s by default, so a limit of 10 s
 * could last up to 40. The interval can only be given when the server is created.
 */
export const serverOptions = { connectionsCheckingInterval: 5_000, maxHeaderSize: 16 * 1024 } as const;

export function applyServerTimeouts(server: Server): void {
  server.headersTimeout = 10_000;
  // This limit covers receiving a request. Event streams and downloads may last longer.
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 10_000;
  server.maxRequestsPerSocket = 1_000;
  server.maxConnections = 1_024;
}
