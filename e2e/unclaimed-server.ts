import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface UnclaimedServer {
  /** The link that the console shows, with which somebody becomes the owner. */
  link: string;
  stop(): Promise<void>;
}

/** Starts the product in an empty folder, as a newcomer does. */
export async function startUnclaimed(): Promise<UnclaimedServer> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-claim-"));
  const server = spawn(process.execPath, ["scripts/start.mjs", "--port", "0", "--data", folder], { stdio: ["ignore", "pipe", "inherit"] });
  const stop = async () => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGINT");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const link = await new Promise<string>((resolve, reject) => {
    let printed = "";
    server.stdout.on("data", (data) => {
      printed += data;
      const found = /http:\/\/\S+\/claim#\S+/.exec(printed);
      if (found) resolve(found[0]);
    });
    server.once("exit", (code) => reject(new Error(`The server ended with code ${code}: ${printed}`)));
  });
  return { link, stop };
}
