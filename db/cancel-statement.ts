import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

/** Parts of pg that its types leave out. */
interface Insides {
  host: string;
  port: number;
  ssl: unknown;
  processID: number;
  secretKey: number;
}
interface CancelConnection {
  stream: { destroy(): void };
  connect(port: number, host: string): void;
  cancel(processID: number, secretKey: number): void;
  once(event: string, listener: (error: Error) => void): this;
}

const withinMs = 2_000;

/**
 * Ends the statement that runs on this connection, by the request of the protocol that a pooler in between understands
 * too. It resolves when the server has taken the request, so the connection may then be used for something else: a request
 * that arrives while no statement runs does nothing. A server that does not answer is left to the time limit of statements.
 */
export async function cancelStatement(client: pg.PoolClient): Promise<void> {
  const { host, port, ssl, processID, secretKey } = client as unknown as Insides;
  const Connection = pg.Connection as unknown as new (config: { ssl: unknown }) => CancelConnection;
  const connection = new Connection({ ssl });
  const ended = once(connection as unknown as NodeJS.EventEmitter, "end").catch(() => {});
  const failed = new Promise<void>((resolve) => connection.once("error", () => resolve()));
  connection.once(ssl ? "sslconnect" : "connect", () => connection.cancel(processID, secretKey));
  if (host.startsWith("/")) connection.connect(`${host}/.s.PGSQL.${port}` as unknown as number, "");
  else connection.connect(port, host);
  await Promise.race([ended, failed, sleep(withinMs)]);
  connection.stream.destroy();
}
