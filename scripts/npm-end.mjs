import { readFileSync } from "node:fs";

const lookEveryMs = 250;

/**
 * Calls back once the npm that runs this process has ended in any way.
 *
 * npm passes a signal only to the shell that it runs us by, and that shell ends without passing it on. An npm that was
 * killed hard passes on nothing, and its shell stays. This therefore watches the parent of this process and of that
 * shell: if either gets another parent, npm is gone. The parent of npm is not watched, so a terminal that closes over
 * `nohup npm start` ends nothing.
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

/** The pid of our parent, and if that is npm's shell, of the shell's parent. */
function above() {
  const parent = process.ppid;
  return isShell(parent) ? `${parent} ${parentOf(parent)}` : String(parent);
}

/**
 * npm runs `sh -c "node scripts/start.mjs"`. Some shells replace themselves with that command; then our parent is npm.
 */
function isShell(pid) {
  return read(pid, "cmdline")?.split("\0")[1] === "-c";
}

function parentOf(pid) {
  const stat = read(pid, "stat") ?? "";
  // The second field is the program's name and may hold spaces and brackets. The fields are therefore counted from its
  // last bracket.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
}

/** Undefined if there is no such process, or no /proc on this system. Without /proc a killed npm is not noticed. */
function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}
