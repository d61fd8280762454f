import { type AddressInfo, createConnection, createServer, type Server, type Socket } from "node:net";

export interface OutageProxy {
  /** The url of the same database, by a connection that can be cut. */
  url: string;
  /** Ends all connections and refuses new ones. */
  cut(): Promise<void>;
  restore(): Promise<void>;
}

/** Stands between a process and its database, so that a test can cut the connection. */
export async function startOutageProxy(databaseUrl: string): Promise<OutageProxy> {
  const { hostname, port } = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let ownPort = 0;

  const join = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.pipe(to);
    from.on("error", () => {});
    from.once("close", () => {
      sockets.delete(from);
      to.destroy();
    });
  };
  const restore = async () => {
    server = createServer((client) => {
      const database = createConnection({ host: hostname, port: Number(port) });
      join(client, database);
      join(database, client);
    });
    await new Promise<void>((resolve) => server?.listen(ownPort, "127.0.0.1", resolve));
    ownPort = (server.address() as AddressInfo).port;
  };
  await restore();
  const own = new URL(databaseUrl);
  own.host = `127.0.0.1:${ownPort}`;
  return {
    url: own.toString(),
    restore,
    cut: () =>
      new Promise((resolve) => {
        server?.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
