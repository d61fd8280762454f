import { readFileSync } from "node:fs";

const lookEveryMs = 250;

/**
 * Calls back once the npm that runs us has ended, however it did. npm passes a signal only to the shell that it runs us
 * by, and that shell ends without a word; killed the hard way it passes on nothing at all, and its shell stays. So we
 * look at who stands above us: another parent, of ours or of that shell, says that npm is gone. Who started npm is
 * nobody's business: a terminal that closes over `nohup npm start` ends nothing.
 */
export function whenNpmEnds(tell) {
  if (process.env.npm_lifecycle_event === undefined) return () => {};
  const before = above();
  const watch = setInterval(() => {
    if (above() === before) return;
    clearInterval(watch);
    tell();
  }, lookEveryMs);
  return () => clearInterval(watch);
}

/** Our parent, and where that is npm's shell, its parent. */
function above() {
  const parent = process.ppid;
  return isShell(parent) ? `${parent} ${parentOf(parent)}` : String(parent);
}

/** npm says `sh -c "node scripts/start.mjs"`. Some shells become that command themselves; then our parent is npm. */
function isShell(pid) {
  return read(pid, "cmdline")?.split("\0")[1] === "-c";
}

function parentOf(pid) {
  const stat = read(pid, "stat") ?? "";
  // The second field is the program's name and may hold spaces and brackets: count from behind its last bracket.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
}

/** Undefined where there is no such process, or a system without /proc: there a killed npm goes unnoticed. */
function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}
