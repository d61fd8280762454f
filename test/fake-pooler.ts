import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import pg from "pg";

export interface FakePooler {
  /** The url of the same database, through the pooler. */
  url: string;
  stop(): Promise<void>;
}

/**
 * The kinds of pooler that stand in front of databases. `transaction` gives every transaction any free server session,
 * as PgBouncer does with pool_mode = transaction. `session` gives each client a session. `deaf` does that too, but
 * drops notifications.
 */
export type PoolMode = "transaction" | "session" | "deaf";

const authentication = "R".charCodeAt(0);
const notification = "A".charCodeAt(0);
const readyForQuery = "Z".charCodeAt(0);
const terminate = "X".charCodeAt(0);
const idle = "I".charCodeAt(0);

/** Answers the log-in of its clients itself and passes on everything after it, message by message. */
export async function startFakePooler(url: string, mode: PoolMode, servers = 3): Promise<FakePooler> {
  const pool = await Promise.all(Array.from({ length: servers }, () => openServer(url)));
  const free = [...pool];
  const waiting: (() => void)[] = [];
  const clients = new Set<Socket>();

  /** Last in, first out, as PgBouncer does it: with little load all clients get the same session. */
  const take = async (): Promise<Socket> => {
    for (;;) {
      const server = free.pop();
      if (server) return server;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };

  const serve = (client: Socket) => {
    clients.add(client);
    client.on("error", () => {});
    let held: Socket | undefined;
    let isReady = true;
    let queue = Promise.resolve();
    const forward = readMessages((type, message) => {
      if (mode === "deaf" && type === notification) return;
      client.write(message);
      if (type !== readyForQuery) return;
      isReady = message[5] === idle;
      if (isReady && mode === "transaction") release();
    });
    const release = () => {
      held?.off("data", forward);
      if (held) free.push(held);
      held = undefined;
      waiting.shift()?.();
    };
    const pass = async (message: Buffer) => {
      if (!held) {
        held = await take();
        held.on("data", forward);
      }
      isReady = false;
      held.write(message);
    };
    client.once("close", () => {
      clients.delete(client);
      if (held && isReady) release();
    });
    client.once("data", (startup: Buffer) => {
      greet(client, startup);
      client.on(
        "data",
        readMessages((type, message) => {
          if (type === terminate) client.end();
          else queue = queue.then(() => pass(message));
        }),
      );
    });
  };

  const server: Server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const own = new URL(url);
  own.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: own.toString(),
    stop: async () => {
      for (const client of clients) client.destroy();
      for (const one of pool) one.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** pg does the log-in. After that the bare socket is used. */
async function openServer(url: string): Promise<Socket> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  stream.removeAllListeners();
  stream.on("error", () => {});
  stream.resume();
  return stream;
}

/** Sends AuthenticationOk and ReadyForQuery. Every client is let in. */
function greet(client: Socket, startup: Buffer): void {
  if (startup.readInt32BE(4) === 80_877_103) throw new Error("The fake pooler speaks no TLS.");
  client.write(Buffer.from([authentication, 0, 0, 0, 8, 0, 0, 0, 0]));
  client.write(Buffer.from([readyForQuery, 0, 0, 0, 5, idle]));
}

/** Cuts a stream into messages: a type of one byte, a length of four bytes that includes itself, and the rest. */
function readMessages(onMessage: (type: number, message: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length >= 1 + rest.readInt32BE(1)) {
      const message = rest.subarray(0, 1 + rest.readInt32BE(1));
      rest = rest.subarray(message.length);
      onMessage(message[0] as number, message);
    }
  };
}
