import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";
import type { Random } from "./random.ts";

export interface Faults {
  /** The delay of all data, in each direction. */
  delayMs: number;
  /** How long a connection lives until it is reset. Each connection draws its own time. */
  resetAfterMs: [number, number];
  /** The share of connections that fall silent instead: nothing gets through any more, and neither end is told. */
  silentShare: number;
}

export interface FaultyLink {
  port: number;
  counts: { opened: number; reset: number; silent: number };
  /**
   * The link begins without faults, with the delay alone. A connection that is silent stays silent after the faults are
   * switched off.
   */
  setFaulty(isFaulty: boolean): void;
  stop(): Promise<void>;
}

/** A link between two hosts that is slow, breaks connections, and lets some fall silent. The seed decides which. */
export async function openFaultyLink(
  { host, port = 0, to }: { host: string; port?: number; to: { host: string; port: number } },
  faults: Faults,
  random: Random,
): Promise<FaultyLink> {
  const counts = { opened: 0, reset: 0, silent: 0 };
  const sockets = new Set<Socket>();
  const pending = new Set<NodeJS.Timeout>();
  let isFaulty = false;
  const later = (milliseconds: number, work: () => void) => {
    const timer = setTimeout(() => {
      pending.delete(timer);
      work();
    }, milliseconds);
    pending.add(timer);
  };

  const server = createServer((near) => {
    counts.opened += 1;
    const far = createConnection(to);
    let isSilent = false;
    const pairs = [
      [near, far],
      [far, near],
    ] as const;
    for (const [from, into] of pairs) {
      sockets.add(from);
      // Data of a connection keeps its order, because timers with the same delay fire in the order in which they were
      // set.
      from.on("data", (data) => later(faults.delayMs, () => !isSilent && into.writable && into.write(data)));
      from.on("end", () => later(faults.delayMs, () => !isSilent && into.end()));
      from.on("error", () => {});
      from.once("close", () => {
        sockets.delete(from);
        if (!isSilent) later(faults.delayMs, () => into.destroy());
      });
    }
    const [least, most] = faults.resetAfterMs;
    const turnsSilent = random.next() < faults.silentShare;
    const lifetime = random.between(least, most);
    const end = () => {
      if (near.destroyed) return;
      if (!isFaulty) return later(lifetime, end);
      counts[turnsSilent ? "silent" : "reset"] += 1;
      if (turnsSilent) {
        // The other end sees the connection close, as after its own time-outs. The end that asked is left waiting.
        isSilent = true;
        far.destroy();
      } else for (const socket of [near, far]) socket.resetAndDestroy();
    };
    later(lifetime, end);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    counts,
    setFaulty: (given) => {
      isFaulty = given;
    },
    stop: () =>
      new Promise((resolve) => {
        for (const timer of pending) clearTimeout(timer);
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
