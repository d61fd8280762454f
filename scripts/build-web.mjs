import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { node24, root, runQuietly } from "./child.mjs";
import { Problem, task } from "./terminal.mjs";

// Everything that can change the bundle. It is compared by content and not by time, because a checkout touches files
// without changing them.
const sources = [
  "web",
  "ui",
  "contract",
  "nodes",
  "vite.config.ts",
  "scripts/lean-contract.ts",
  "scripts/precompress.ts",
  "tsconfig.web.json",
  "tsconfig.base.json",
  "package-lock.json",
];
const stamp = join(root, "dist", ".built-from");

export function isWebBuilt() {
  try {
    return readFileSync(stamp, "utf8") === hashSources();
  } catch {
    return false;
  }
}

/** Builds the web app if its sources have changed since the last build. */
export async function buildWeb() {
  const hash = hashSources();
  if (isWebBuilt()) return;
  await task("Building the web app", async () => {
    // The stamp is removed first, so that an interrupted build does not count as a finished one.
    rmSync(stamp, { force: true });
    const vite = join(root, "node_modules", "vite", "bin", "vite.js");
    const { code, output, logFile } = await runQuietly(node24, [vite, "build", "--logLevel=error"], { logName: "build.log" });
    if (code !== 0) throw new Problem(`The web app could not be built: ${firstLine(output)} Details: ${logFile}`);
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, hash);
  });
}

function hashSources() {
  const hash = createHash("sha256");
  for (const source of sources) addTo(hash, join(root, source));
  return hash.digest("hex");
}

function addTo(hash, path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) {
    for (const name of readdirSync(path).sort()) addTo(hash, join(path, name));
  } else if (stat && !/\.test\.tsx?$/.test(path)) {
    hash.update(path.slice(root.length)).update("\0").update(readFileSync(path)).update("\0");
  }
}

/** The first line that says more than that something failed. */
function firstLine(output) {
  const lines = output.split("\n").filter((line) => line.trim() !== "" && !/build failed|during build|^\s*at /i.test(line));
  return lines[0]?.trim() ?? "vite did not say why.";
}
