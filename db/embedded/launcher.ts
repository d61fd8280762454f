import type { ChildProcess, StdioOptions } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import type { Binaries } from "./binaries.ts";
import { EmbeddedFailure } from "./failure.ts";

/** Starts the Postgres programs as a user they accept. `account` is set when that is another user than ours. */
export interface Launcher {
  account?: Account;
  spawn(program: string, args: string[], stdio: StdioOptions): ChildProcess;
}

interface Account {
  uid: number;
  gid: number;
}

interface Way {
  prefix: string[];
  /** Set where spawn() itself changes the user, instead of a program in the prefix. */
  spawnAs?: Account;
}

// The PG* variables of the caller are left out, and messages are in English, because this code reads them.
const environment = { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" };

/**
 * Postgres refuses to run as root, so root starts it as another account. That account may be unable to reach the binaries
 * or the data (a clone in /root, a 0700 folder made by mktemp), and the modes of folders that are not ours must stay as
 * they are. Linux can give the process the one missing capability instead: to pass through directories. The ways are
 * tried from the least to the most power, and the first that works is taken. Containers often allow only the last.
 */
export function findLauncher(binaries: Binaries, dataDir: string, postgresDir: string): Launcher {
  const account = process.getuid?.() === 0 ? findAccount(postgresDir) : undefined;
  const complaints: string[] = [];
  for (const way of waysFor(account)) {
    const complaint = tryWay(way, binaries, dataDir);
    if (complaint === undefined) return toLauncher(way, account);
    complaints.push(complaint);
  }
  const complaint = complaints.at(-1) ?? "";
  if (/shared librar|cannot open shared object|Library not loaded/i.test(complaint)) {
    throw new EmbeddedFailure(
      "binaries_broken",
      `The embedded Postgres lacks a library (${complaint}): run "npm rebuild", or set DATABASE_URL to a Postgres of your own.`,
    );
  }
  throw new EmbeddedFailure(
    "data_unreachable",
    account
      ? `Postgres cannot run as root, and the user it would run as (uid ${account.uid}) cannot reach ${dataDir} or ${binaries.postgres} (${complaint}): start as an ordinary user, or move both to where every user may pass.`
      : `The embedded Postgres does not run here (${complaint}): set DATABASE_URL to a Postgres of your own.`,
  );
}

/**
 * Existing data is run by its owner, so a folder made by an ordinary user stays theirs when root starts it. New data
 * belongs to `postgres` where the machine has that user, else to `nobody`, which every machine has.
 */
function findAccount(postgresDir: string): Account {
  const owner = statSync(postgresDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  for (const name of ["postgres", "nobody"]) {
    const uid = askId("-u", name);
    const gid = askId("-g", name);
    if (uid && gid) return { uid, gid };
  }
  return { uid: 65534, gid: 65534 };
}

function askId(flag: string, name: string): number | undefined {
  const { status, stdout } = spawnSync("id", [flag, name], { encoding: "utf8" });
  return status === 0 ? Number(stdout) : undefined;
}

function waysFor(account: Account | undefined): Way[] {
  const plain: Way = { prefix: [], spawnAs: account };
  if (process.platform !== "linux") return [plain];
  // The kernel tells Postgres to shut down when we are killed without a chance to do it ourselves.
  const setpriv = ["setpriv", "--pdeathsig=INT"];
  if (!account) return [{ prefix: [...setpriv, "--"] }, plain];
  const become = [...setpriv, `--reuid=${account.uid}`, `--regid=${account.gid}`, "--clear-groups"];
  // Without no_setuid_fixup the kernel's access(), with which initdb looks for postgres, would not count the ability.
  const lend = (ability: string) => [
    ...[...become, "--securebits=+no_setuid_fixup"],
    ...[`--inh-caps=+${ability}`, `--ambient-caps=+${ability}`, "--"],
  ];
  return [{ prefix: [...become, "--"] }, plain, { prefix: lend("dac_read_search") }, { prefix: lend("dac_override") }];
}

/** Tries a way: the binary must run and the data folder must be reachable. Returns what went wrong. */
function tryWay(way: Way, binaries: Binaries, dataDir: string): string | undefined {
  const [program = "/bin/sh", ...args] = [...way.prefix, "/bin/sh", "-c", '"$1" --version && cd "$2"', "sh"];
  const { status, stderr, error } = spawnSync(program, [...args, binaries.postgres, dataDir], {
    ...way.spawnAs,
    cwd: "/",
    env: environment,
    encoding: "utf8",
  });
  if (status === 0) return undefined;
  return error?.message ?? stderr.trim().split("\n").at(-1) ?? "";
}

function toLauncher(way: Way, account: Account | undefined): Launcher {
  return {
    account,
    spawn(program, args, stdio) {
      const [first = program, ...rest] = [...way.prefix, program];
      return spawn(first, [...rest, ...args], {
        ...way.spawnAs,
        cwd: "/",
        env: environment,
        stdio,
        // A session of its own, so that Ctrl-C in the terminal reaches only our process, which stops Postgres last.
        detached: true,
      });
    },
  };
}
