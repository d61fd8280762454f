import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ReadyFile } from "#server/ready-file.ts";

export interface ProductProcess {
  child: ChildProcess;
  ready: ReadyFile;
  /** Everything it has said on stderr: its log. */
  said(): string;
  /** Asks it to end and waits until it has; its exit code. */
  end(): Promise<number | null>;
  kill(): void;
}

/** Any 32 bytes, the same for all processes of a test. */
const masterKey = "5a".repeat(32);

/** server/main.ts as an operator starts it, on the database of a test. Resolves once it is ready. */
export async function startProduct(databaseUrl: string, args: string[], env: Record<string, string> = {}): Promise<ProductProcess> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-process-"));
  const readyFile = join(folder, "ready.json");
  const main = join(import.meta.dirname, "../server/main.ts");
  const child = spawn(process.execPath, [main, "--data", folder, "--ready-file", readyFile, ...args], {
    env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl, MASTER_KEY: masterKey, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr?.on("data", (text: Buffer) => {
    said += text;
  });
  child.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (let waited = 0; !existsSync(readyFile); waited += 50) {
    if (child.exitCode !== null) throw new Error(`It ended with code ${child.exitCode} before it was ready: ${said}`);
    if (waited > 30_000) throw new Error(`It was not ready within 30 s: ${said}`);
    await sleep(50);
  }
  return {
    child,
    ready: JSON.parse(readFileSync(readyFile, "utf8")) as ReadyFile,
    said: () => said,
    end: async () => {
      if (child.exitCode === null) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      return child.exitCode;
    },
    kill: () => void child.kill("SIGKILL"),
  };
}
