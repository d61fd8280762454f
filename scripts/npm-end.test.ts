import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";

// A process stands in for npm and runs its command as npm does. The command prints a line when it sees npm's end.
const watched = `
  import { whenNpmEnds } from ${JSON.stringify(join(import.meta.dirname, "npm-end.mjs"))};
  const alive = setTimeout(() => {}, 20_000);
  whenNpmEnds(() => { console.log("npm has ended"); clearTimeout(alive); });
  console.log("watching", process.pid);`;
const npm = `
  const { spawn } = require("node:child_process");
  spawn(process.argv[1], ["-c", process.argv[2]], { stdio: "inherit", env: { ...process.env, npm_lifecycle_event: "start" } });
  setTimeout(() => {}, 20_000);`;
const command = `"${process.execPath}" --input-type=module -e '${watched}'`;

const started: ChildProcess[] = [];
afterEach(() => {
  // Each process is killed with everything that it has started.
  for (const { pid } of started.splice(0)) killQuietly(-(pid ?? 0));
});

async function start(program: string, ...args: string[]): Promise<{ child: ChildProcess; said: string[] }> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"], detached: true });
  started.push(child);
  const said: string[] = [];
  const lines = createInterface(child.stdout as NonNullable<typeof child.stdout>);
  lines.on("line", (line) => said.push(line));
  await once(lines, "line");
  return { child, said };
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

test.skipIf(process.platform !== "linux").each([
  // With a second command behind it a shell stays beside the first. Without one it may replace itself with the command.
  ["a shell that stays", `${command}; true`],
  ["a shell that becomes its command", `exec ${command}`],
])("npm killed the hard way is seen through %s", async (_, line) => {
  const { child, said } = await start(process.execPath, "-e", npm, "sh", line);
  child.kill("SIGKILL");
  await expect.poll(() => said).toContain("npm has ended");
});

test("whoever started npm may end, as a terminal does that closes over nohup", async () => {
  const terminal = `"${process.execPath}" -e '${npm.replaceAll("'", "")}' sh '${command.replaceAll("'", `'"'"'`)}; true' & wait`;
  const { child, said } = await start("bash", "-c", terminal);
  child.kill("SIGKILL");
  await sleep(1_000);
  expect(said).toHaveLength(1);
});
