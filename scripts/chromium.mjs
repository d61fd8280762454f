import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { environment, node24, root, runQuietly } from "./child.mjs";
import { Problem, task } from "./terminal.mjs";

const names = ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"];

/** Returns the path of a Chromium that really starts: the machine's, Playwright's, or one that is installed now. */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  return task("Installing Chromium for the browser tests (first time only)", async () => {
    const playwright = join(root, "node_modules", "playwright", "cli.js");
    const download = await runQuietly(node24, [playwright, "install", "chromium"], {
      logName: "chromium.log",
      // If Playwright's server cannot be reached, it would try for minutes, several times.
      env: { ...environment, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: "15000" },
    });
    const own = download.code === 0 && findChromium();
    if (own) return own;
    if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
      const script = "apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium";
      await runQuietly("/bin/sh", ["-c", script], { logName: "chromium-apt.log" });
      const packaged = findChromium();
      if (packaged) return packaged;
    }
    throw new Problem(
      `No Chromium for the browser tests could be found or installed: install your system's package (Debian: apt-get install chromium) or set CHROMIUM_PATH. Details: ${download.logFile}`,
    );
  });
}

function findChromium() {
  const onPath = (process.env.PATH ?? "").split(":").flatMap((folder) => names.map((name) => join(folder, name)));
  const candidates = [process.env.CHROMIUM_PATH, ...onPath, playwrightsOwn()];
  // Each one is asked for its version, because Ubuntu's chromium-browser is a script that only points to the snap
  // store.
  return candidates.find((path) => path && existsSync(path) && answers(path));
}

function answers(path) {
  const { status } = spawnSync(path, ["--version"], { timeout: 20_000, stdio: "ignore" });
  return status === 0;
}

function playwrightsOwn() {
  const script = 'import { chromium } from "@playwright/test"; process.stdout.write(chromium.executablePath())';
  return spawnSync(node24, ["--input-type=module", "-e", script], { cwd: root, encoding: "utf8" }).stdout;
}
