import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { applyServerTimeouts, serverOptions } from "./server-timeouts.ts";
import { createSocketGate, type SocketLimits } from "./socket-gate.ts";

const large = Buffer.alloc(8 * 1024 * 1024, "x");
const open: Server[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  begun.length = 0;
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Requests that get no answer. */
let unanswered = 0;
/** The answer that a test gives when it has seen what it waits for. */
let slow: ServerResponse | undefined;
/** The addresses of the requests that were begun with, in their order. */
const begun: string[] = [];

interface Listening {
  server: Server;
  url: string;
  port: number;
  /** How many connections have arrived. */
  came(): number;
}

async function listen(limits: SocketLimits): Promise<Listening> {
  const gate = createSocketGate(limits);
  const server = createServer(serverOptions, (req, res) => {
    gate.admit(req, res, () => {
      begun.push(req.url ?? "");
      if (req.url === "/slow") slow = res;
      else if (req.url === "/hold") unanswered += 1;
      else if (req.url === "/last") res.setHeader("Connection", "close").end();
      else res.end(req.url?.startsWith("/large") ? large : req.url);
    });
  });
  let all = 0;
  server.on("connection", () => {
    all += 1;
  });
  applyServerTimeouts(server);
  gate.guard(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(server);
  const { port } = server.address() as AddressInfo;
  return { server, port, url: `http://127.0.0.1:${port}`, came: () => all };
}

/** A client that asks for the large file several times at once on one connection and reads nothing. */
function askAndReadNothing(port: number, times = 4): void {
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  socket.pause();
  socket.on("error", () => {});
  socket.write("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(times));
}
/** Before a connection has arrived there is none open either, so the number of those that came is asked for too. */
const cameAndOpen = async ({ server, came }: Listening) => ({ came: came(), open: await count(server) });
const count = (server: Server) => new Promise<number>((resolve) => server.getConnections((_, all) => resolve(all)));

test("sockets that ask and read nothing are closed, and those of others are not", async () => {
  const listening = await listen({ idleWriteMs: 2_000 });
  const { url, port } = listening;
  const asked = fetch(`${url}/slow`);
  await expect.poll(() => slow !== undefined).toBe(true);
  for (let number = 0; number < 30; number += 1) askAndReadNothing(port);
  await expect.poll(() => cameAndOpen(listening)).toEqual({ came: 31, open: 1 });
  // Whoever waits for an answer longer than the others were waited for gets it.
  slow?.end("at last");
  expect(await (await asked).text()).toBe("at last");
  expect((await (await fetch(`${url}/large`)).arrayBuffer()).byteLength).toBe(large.length);
});

test("who asks for hundreds of answers before the first one is cut off at once", async () => {
  const listening = await listen({ idleWriteMs: 60_000 });
  askAndReadNothing(listening.port, 500);
  await expect.poll(() => cameAndOpen(listening)).toEqual({ came: 1, open: 0 });
});

test("who asks four times ahead and reads nothing has one answer under way, and what comes after them is answered", async () => {
  const { url, port } = await listen({ idleWriteMs: 60_000 });
  for (let number = 0; number < 20; number += 1) askAndReadNothing(port);
  await expect.poll(() => begun.length).toBeGreaterThanOrEqual(20);
  expect(await (await fetch(url)).text()).toBe("/");
  expect(begun).toEqual([...Array.from({ length: 20 }, () => "/large"), "/"]);
});

test("who asks four times ahead and reads gets all four answers in their order, each begun when the one before was taken", async () => {
  const { port } = await listen({});
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  socket.pause();
  socket.write(["/large?1", "/2", "/large?3", "/4"].map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join(""));
  await expect.poll(() => begun).toEqual(["/large?1"]);
  const pieces: Buffer[] = [];
  socket.on("data", (piece) => pieces.push(piece));
  socket.resume();
  await expect.poll(() => begun).toEqual(["/large?1", "/2", "/large?3", "/4"]);
  await expect.poll(() => Buffer.concat(pieces).toString("latin1").endsWith("/4")).toBe(true);
  const [, ...answers] = Buffer.concat(pieces).toString("latin1").split("HTTP/1.1 ");
  const bodies = answers.map((answer) => answer.slice(answer.indexOf("\r\n\r\n") + 4));
  expect(bodies.map(({ length }) => length)).toEqual([large.length, 2, large.length, 2]);
});

test("what was asked behind an answer that ends the connection is not begun", async () => {
  const { url, port } = await listen({});
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  socket.resume();
  const ended = new Promise((resolve) => socket.on("close", resolve));
  socket.write(["/last", "/2"].map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join(""));
  await ended;
  await (await fetch(url)).text();
  expect(begun).toEqual(["/last", "/"]);
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
  expect(await (await fetch(url)).text()).toBe("/");
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
  expect(await (await fetch(url)).text()).toBe("/");
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
