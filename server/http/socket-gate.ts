import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Logger } from "pino";
import { addressBucket, createClientAddress, createProxyTest } from "./client-address.ts";
import { createFairTurns } from "./fair-turns.ts";

export interface SocketLimits {
  /** Sockets that one address may hold, of the `maxConnections` that there are for all. */
  perAddress?: number;
  /** Milliseconds after which a socket is closed whose peer takes nothing of the answer that waits for it. */
  idleWriteMs?: number;
  /** Proxies that the operator named. Behind one of them its clients are counted, by the requests that they have open. */
  trustedProxies?: readonly string[];
  log?: Logger;
}

export interface SocketGate {
  /** Begins to count and to close the sockets of this server. */
  guard(server: Server): void;
  /** Hands a request to `handle` when it is its turn. One that is not let in is answered or cut off here. */
  admit(req: IncomingMessage, res: ServerResponse, handle: RequestListener): void;
}

/** The part of an address's sockets that it may still take when so much of all sockets is taken. */
const shares = [
  { taken: 0.75, share: 0.1 },
  { taken: 0.5, share: 0.25 },
  { taken: 0, share: 1 },
];

/** A browser opens six, so this is room for some thirty people behind one address. */
const perAddressDefault = 200;
const idleWriteDefault = 20_000;
const reportEveryMs = 60_000;
/**
 * Requests of one socket without an answer. No browser and no proxy asks again before it has one. Node would begin with all
 * that a piece of 64 KiB holds, and keep hundreds of answers in memory for somebody who reads none of them. So one of them is
 * under way at a time, and the next begins when the answer before it was taken.
 */
const mostAhead = 4;

/**
 * Limits what one address can take of the sockets of the server, and closes those whose peer asks and does not read. Node
 * limits only how long a request may take to arrive. An answer that nobody takes would stay in memory for ever.
 */
export function createSocketGate(limits: SocketLimits = {}): SocketGate {
  const { perAddress = perAddressDefault, idleWriteMs = idleWriteDefault, trustedProxies = [], log } = limits;
  const addressOf = createClientAddress(trustedProxies);
  const isProxy = createProxyTest(trustedProxies);
  const sockets = new Counts();
  const requests = new Counts();
  const takeTurn = createFairTurns();
  /** Requests of a socket that have no complete answer yet. The first of them is under way. */
  const asked = new WeakMap<Socket, (() => void)[]>();
  let refusals = 0;
  let reportedAt = Number.NEGATIVE_INFINITY;

  const refuse = () => {
    refusals += 1;
    if (performance.now() - reportedAt < reportEveryMs) return;
    reportedAt = performance.now();
    log?.warn({ refusals, perAddress }, "an address has too many connections open, and more of them are refused");
    refusals = 0;
  };

  /** The client, as its requests are counted. */
  const bucketOf = ({ socket, headers }: IncomingMessage): string =>
    addressBucket(addressOf(socket.remoteAddress ?? "", headers["x-forwarded-for"]?.toString()));

  /** Whether a client behind a proxy has not too many requests under way. It is answered where it has. */
  const isWithinShare = (bucket: string, { socket }: IncomingMessage, res: ServerResponse): boolean => {
    if (!isProxy(socket.remoteAddress ?? "")) return true;
    requests.add(bucket);
    res.once("close", () => requests.remove(bucket));
    if (requests.of(bucket) <= perAddress) return true;
    refuse();
    // The connection belongs to the proxy and to its other clients too, so only this request is refused.
    res.writeHead(503, { "Retry-After": "5", "Content-Type": "application/json" });
    res.end(
      JSON.stringify({
        success: false,
        error: "Too many requests from your address are open. Try again in a moment.",
        code: "unavailable",
      }),
    );
    return false;
  };

  return {
    guard(server) {
      /** A few addresses together must not take all sockets, so each may take fewer as the server fills. */
      const mostNow = () => {
        const taken = sockets.total / (server.maxConnections ?? Number.POSITIVE_INFINITY);
        return Math.ceil(perAddress * (shares.find((step) => taken >= step.taken)?.share ?? 1));
      };
      server.on("connection", (socket: Socket) => {
        const peer = socket.remoteAddress ?? "";
        if (isProxy(peer)) return;
        const bucket = addressBucket(peer);
        if (sockets.of(bucket) >= mostNow()) {
          refuse();
          socket.destroy();
          return;
        }
        sockets.add(bucket);
        socket.once("close", () => sockets.remove(bucket));
      });
      // Node counts it as activity when the peer takes a part of what waits, also in the middle of a large piece.
      server.timeout = idleWriteMs;
      server.on("timeout", (socket: Socket) => {
        const isWorking = (asked.get(socket) ?? []).length > 0 && socket.writableLength === 0;
        // A request that takes long to answer is ended by the limits of its own work.
        if (!isWorking) socket.destroy();
      });
    },

    admit(req, res, handle) {
      const { socket } = req;
      const turns = asked.get(socket) ?? [];
      asked.set(socket, turns);
      if (turns.length >= mostAhead) {
        refuse();
        socket.destroy();
        return;
      }
      const bucket = bucketOf(req);
      const begin = () =>
        takeTurn(bucket, () => {
          // Nothing is done for somebody who is gone, or whose connection ends with the answer before.
          if (!socket.writable) return;
          res.once("close", () => {
            turns.shift();
            turns[0]?.();
          });
          if (isWithinShare(bucket, req, res)) handle(req, res);
        });
      turns.push(begin);
      if (turns.length === 1) begin();
    },
  };
}

class Counts {
  readonly #counts = new Map<string, number>();
  total = 0;
  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }
  add(key: string): void {
    this.total += 1;
    this.#counts.set(key, this.of(key) + 1);
  }
  remove(key: string): void {
    this.total -= 1;
    const left = this.of(key) - 1;
    if (left > 0) this.#counts.set(key, left);
    else this.#counts.delete(key);
  }
}
