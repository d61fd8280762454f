import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startFakeTwilio } from "../test/fake-twilio.ts";

/** The content of the ready file. */
export interface ReadyFile {
  url: string;
  workspaceId: string;
  apiKey: string;
  ownerEmail: string;
  ownerPassword: string;
  databaseUrl: string;
}

/** A running product with what surrounds it. */
export interface Product extends ReadyFile {
  /** A port of this machine that the product may call and on which nothing listens yet. */
  webPort: number;
  /** The account at the fake Twilio that the product calls in place of Twilio. */
  twilio: { accountSid: string; authToken: string };
}

/** Starts the product as a newcomer would, with the demo workspace. */
export async function startProduct(): Promise<{ product: Product; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-e2e-"));
  const readyFile = join(folder, "ready.json");
  // Twilio, for the journeys that set up an account there; it reports on each message within a second.
  const fake = await startFakeTwilio({ course: () => ({ statuses: ["queued", "sent", "delivered"], everyMs: 200 }) });
  const webPort = await freePort();
  const server = spawn(
    process.execPath,
    ["scripts/start.mjs", "--demo", "--port", "0", "--data", join(folder, "data"), "--ready-file", readyFile],
    {
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        PROVIDER_URLS: `twilio=${fake.url}`,
        // Webhooks of journeys call a server of theirs on this machine.
        HTTP_EXTRA_PORTS: String(webPort),
        ALLOW_PRIVATE_HOSTS: "true",
      },
    },
  );
  for (let waited = 0; !existsSync(readyFile); waited += 100) {
    if (server.exitCode !== null) throw new Error(`The server ended with code ${server.exitCode} before it was ready.`);
    if (waited > 120_000) {
      // Nobody else knows of it, and it would go on for ever.
      await end(server);
      throw new Error("The server was not ready within two minutes.");
    }
    await sleep(100);
  }
  const ready = JSON.parse(readFileSync(readyFile, "utf8")) as ReadyFile;
  const { accountSid, authToken } = fake;
  return {
    product: { ...ready, webPort, twilio: { accountSid, authToken } },
    async stop() {
      await end(server);
      await fake.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port on which nothing listens now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGINT");
  await ended;
}
