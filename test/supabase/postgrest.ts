import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { JWK } from "jose";
import pg from "pg";
import { postgrestProgram } from "./tools.ts";

/**
 * Starts the real PostgREST as a Supabase project has it in front of its database: it signs in as `authenticator` and
 * knows the keys.
 */
export async function startPostgrest(ownerUrl: string, keys: JWK[]): Promise<{ url: string; stop(): Promise<void> }> {
  const password = randomBytes(12).toString("hex");
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(`alter role authenticator login password '${password}'`).finally(() => client.end());
  const uri = new URL(ownerUrl);
  uri.username = "authenticator";
  uri.password = password;
  const port = await freePort();
  const child = spawn(postgrestProgram, [], {
    env: {
      PGRST_DB_URI: uri.href,
      PGRST_DB_SCHEMAS: "public",
      PGRST_DB_ANON_ROLE: "anon",
      PGRST_DB_POOL: "3",
      PGRST_JWT_SECRET: JSON.stringify({ keys }),
      PGRST_JWT_AUD: "authenticated",
      PGRST_SERVER_HOST: "127.0.0.1",
      PGRST_SERVER_PORT: String(port),
      PGRST_LOG_LEVEL: "error",
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  const stop = async () => {
    if (child.exitCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  const url = `http://127.0.0.1:${port}`;
  for (let waited = 0; !(await isReady(url)); waited += 50) {
    if (child.exitCode !== null || waited > 20_000) {
      await stop();
      throw new Error(`PostgREST did not start: ${said}`);
    }
    await sleep(50);
  }
  return { url, stop };
}

/** PostgREST answers 503 until it has read the schema. */
const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/`, { method: "HEAD" }).then(
    ({ status }) => status < 500,
    () => false,
  );

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
