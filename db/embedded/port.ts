import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

/** Finds a port: the last one if it is still free, so that a saved connection string keeps working, else any free port. */
export async function choosePort(dataDir: string, wanted?: number): Promise<number> {
  for (const port of [wanted, readLastPort(dataDir)]) {
    if (port && (await tryListen(port))) return port;
  }
  const free = await tryListen(0);
  if (!free) throw new Error("No free port on 127.0.0.1.");
  return free;
}

export function rememberPort(dataDir: string, port: number): void {
  writeFileSync(join(dataDir, "postgres.port"), `${port}\n`);
}

function readLastPort(dataDir: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(dataDir, "postgres.port"), "utf8"), 10) || undefined;
  } catch {
    return undefined; // On a first start, or when the file was deleted, any port will do.
  }
}

function tryListen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? address?.port : undefined));
    });
  });
}
