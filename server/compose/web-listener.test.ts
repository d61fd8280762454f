import { Server } from "node:net";
import pino from "pino";
import { afterEach, expect, test, vi } from "vitest";
import { createReadiness } from "../ops/readiness.ts";
import { openWebListener } from "./web-listener.ts";

afterEach(() => vi.restoreAllMocks());

test("as many connections as the server holds may wait to be accepted, so that a burst turns nobody away", async () => {
  const listen = vi.spyOn(Server.prototype, "listen");
  const listener = await openWebListener({ host: "127.0.0.1", port: 0 }, createReadiness(pino({ level: "silent" })), {});
  await listener.close();
  const [{ backlog }] = listen.mock.calls[0] as unknown as [{ backlog: number }];
  const server = listen.mock.contexts[0] as Server;
  expect(server.maxConnections).toBeGreaterThan(511);
  expect(backlog).toBe(server.maxConnections);
});
