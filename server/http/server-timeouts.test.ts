import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "#server/compose/app.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { createClient } from "#test/http-client.ts";
import { applyServerTimeouts, serverOptions } from "./server-timeouts.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

test("five hundred sockets that never finish a request keep nobody from an answer, and all are closed within 40 seconds", async () => {
  const server = createServer(serverOptions, createApp(app.resources));
  applyServerTimeouts(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  // How late the longest of them is closed on a machine that has time for it; 0 would be never.
  for (const limit of [server.headersTimeout, server.requestTimeout]) {
    expect(limit).toBeGreaterThan(0);
    expect(limit + serverOptions.connectionsCheckingInterval).toBeLessThanOrEqual(40_000);
  }
  const sockets: Socket[] = [];
  let closed = 0;
  const firstClosed = Promise.withResolvers<"closed">();
  for (let number = 0; number < 500; number++) {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    socket.on("close", () => {
      closed++;
      firstClosed.resolve("closed");
    });
    socket.on("data", () => {});
    // Half of the clients stop within the headers, half within the body.
    socket.write(
      number % 2
        ? "GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
        : "POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
    );
    sockets.push(socket);
  }
  const client = createClient(`http://127.0.0.1:${port}`);
  // Others are answered before the first of them is closed, so none of them was waited for.
  const first = await Promise.race([client.get("/api/health").then(({ status }) => status), firstClosed.promise]);
  expect(first, "what came first: the answer to others, or the end of one that never finishes").toBe(200);
  expect(closed).toBe(0);
  for (let round = 0; round < 40; round++) expect((await client.get("/api/health")).status).toBe(200);
  await expect.poll(() => closed, { interval: 250 }).toBe(500);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test("a header of 16 KiB and more is refused before anything of ours sees it", async () => {
  const server = createServer(serverOptions, createApp(app.resources));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = createClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect((await client.get("/api/health", { headers: { "x-large": "x".repeat(20_000) } })).status).toBe(431);
  await new Promise((resolve) => server.close(resolve));
});
