import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { applyServerTimeouts, serverOptions } from "./server-timeouts.ts";
import { createSocketGate, type SocketLimits } from "./socket-gate.ts";

const large = Buffer.alloc(8 * 1024 * 1024, "x");
const open: Server[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Requests that get no answer. */
let unanswered = 0;

async function listen(limits: SocketLimits): Promise<{ server: Server; url: string; port: number }> {
  const gate = createSocketGate(limits);
  const server = createServer(serverOptions, (req, res) => {
    if (!gate.admits(req, res)) return;
    if (req.url === "/slow") setTimeout(() => res.end("at last"), 3_000);
    else if (req.url === "/hold") unanswered += 1;
    else res.end(req.url === "/large" ? large : "ok");
  });
  applyServerTimeouts(server);
  gate.guard(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(server);
  const { port } = server.address() as AddressInfo;
  return { server, port, url: `http://127.0.0.1:${port}` };
}

interface Asked {
  isClosed: boolean;
}
/** A client that asks for the large file several times at once on one connection and reads nothing. */
function askAndReadNothing(port: number, times = 4): Asked {
  const asked: Asked = { isClosed: false };
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  socket.pause();
  socket.on("error", () => {});
  socket.on("close", () => {
    asked.isClosed = true;
  });
  socket.write("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(times));
  return asked;
}
const count = (server: Server) => new Promise<number>((resolve) => server.getConnections((_, all) => resolve(all)));

test("sockets that ask and read nothing are closed, and those of others are not", async () => {
  const { server, url, port } = await listen({ idleWriteMs: 2_000 });
  for (let number = 0; number < 30; number += 1) askAndReadNothing(port);
  await expect.poll(() => count(server)).toBe(0);
  expect(await (await fetch(`${url}/slow`)).text()).toBe("at last");
  expect((await (await fetch(`${url}/large`)).arrayBuffer()).byteLength).toBe(large.length);
});

test("who asks for hundreds of answers before the first one is cut off at once", async () => {
  const { server, port } = await listen({ idleWriteMs: 60_000 });
  askAndReadNothing(port, 500);
  await expect.poll(() => count(server)).toBe(0);
});

test("a reader who is slow but reads gets everything", async () => {
  const { port } = await listen({ idleWriteMs: 3_000 });
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => {});
  let read = 0;
  socket.on("data", (piece) => {
    read += piece.length;
    socket.pause();
    setTimeout(() => socket.resume(), 40);
  });
  const ended = new Promise((resolve) => socket.on("close", resolve));
  socket.write("GET /large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  await ended;
  expect(read).toBeGreaterThan(large.length);
});

test("one address holds so many sockets and no more, and a place that becomes free can be taken", async () => {
  const { server, url, port } = await listen({ perAddress: 5 });
  const held = Array.from({ length: 5 }, () => {
    const socket = connect(port, "127.0.0.1");
    sockets.push(socket);
    socket.on("error", () => {});
    return socket;
  });
  await expect.poll(() => count(server)).toBe(5);
  await expect(fetch(url)).rejects.toThrow();
  held[0]?.destroy();
  await expect.poll(() => count(server)).toBe(4);
  expect(await (await fetch(url)).text()).toBe("ok");
});

test("a few addresses together do not fill the server: each may hold fewer as it fills", async () => {
  const { server, url, port } = await listen({ perAddress: 40, idleWriteMs: 60_000 });
  server.maxConnections = 80;
  let refused = 0;
  for (let number = 0; number < 200; number += 1) {
    const socket = connect({ port, host: "127.0.0.1", localAddress: `127.0.0.${2 + (number % 5)}` });
    sockets.push(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      refused += 1;
    });
  }
  await expect.poll(async () => refused + (await count(server))).toBe(200);
  // Half of 80, and then a quarter of 40 for each of the five, which they have already.
  expect(await count(server)).toBeLessThanOrEqual(60);
  expect(await (await fetch(url)).text()).toBe("ok");
});

test("behind a proxy that the operator named, each client has its own count, and the proxy none", async () => {
  const { url } = await listen({ perAddress: 3, trustedProxies: ["127.0.0.1"] });
  const controller = new AbortController();
  const as = (client: string, path = "") => fetch(`${url}${path}`, { headers: { "x-forwarded-for": client }, signal: controller.signal });
  for (let number = 0; number < 3; number += 1) as("203.0.113.7", "/hold").catch(() => {});
  for (let number = 0; number < 3; number += 1) as(`2001:db8:1:1::${number}`, "/hold").catch(() => {});
  await expect.poll(() => unanswered).toBe(6);
  const [full, sameNetwork, other, otherNetwork] = await Promise.all([
    as("203.0.113.7"),
    as("2001:db8:1:1::ffff"),
    as("203.0.113.8"),
    as("2001:db8:1:2::1"),
  ]);
  expect([full.status, sameNetwork.status, other.status, otherNetwork.status]).toEqual([503, 503, 200, 200]);
  expect(full.headers.get("retry-after")).toBe("5");
  controller.abort();
});
