import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ReadyFile } from "#server/process/ready-file.ts";

export interface ProductProcess {
  child: ChildProcess;
  ready: ReadyFile;
  /** Everything that the process has written to stderr, which is its log. */
  said(): string;
  /** Asks the process to end, waits until it has ended, and returns its exit code. */
  end(): Promise<number | null>;
  kill(): void;
}

/** 32 bytes, the same for all processes of a test. */
export const productMasterKey = "5a".repeat(32);

export interface ProcessOptions {
  /**
   * A command that runs the product, such as ["ip", "netns", "exec", "other"]. It must become the process and not run
   * it as a child.
   */
  through?: string[];
}

/** Starts server/process/main.ts as an operator does, on the database of a test. Resolves once it is ready. */
export async function startProduct(
  databaseUrl: string,
  args: string[],
  env: Record<string, string> = {},
  { through = [] }: ProcessOptions = {},
): Promise<ProductProcess> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-process-"));
  const readyFile = join(folder, "ready.json");
  const main = join(import.meta.dirname, "../server/process/main.ts");
  const [program, ...rest] = [...through, process.execPath, main, "--data", folder, "--ready-file", readyFile, ...args];
  const child = spawn(program as string, rest, {
    // A worker of its own has no address that it could put into e-mails.
    env: {
      ...(args.includes("--role=worker") && { PUBLIC_URL: "http://localhost:4400" }),
      ...{ PATH: process.env.PATH, DATABASE_URL: databaseUrl, MASTER_KEY: productMasterKey, RATE_LIMITS: "off" },
      ...env,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr?.on("data", (text: Buffer) => {
    said += text;
  });
  child.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  // A busy machine takes as long as it takes; the runner of the tests ends what hangs.
  while (!existsSync(readyFile)) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`It ended with code ${child.exitCode} before it was ready: ${said}`);
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
