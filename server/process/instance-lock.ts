import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processBirth } from "./process-birth.ts";

export interface InstanceLock {
  /** Tells the next one who tries where this instance can be found. */
  announce(address: string): void;
  release(): void;
}

/** Its message says what runs already and where; it is printed as it is. */
export class InstanceRunning extends Error {
  override readonly name = "InstanceRunning";
  readonly code = "instance_running";
}

interface Holder {
  pid: number;
  /** Distinguishes the holder from a later process that happens to get its number. */
  birth: string;
  address?: string;
  id: string;
}

/**
 * One running instance per data folder. Node has no file lock, so the lock is a file that names its holder; a holder
 * that was killed is recognised by its pid and birth, also after a reboot or in a new container with the same pids.
 *
 * The file appears complete or not at all (link of a finished file). Taking over a dead holder's file is where such
 * locks usually break: of two who find it dead, the slower one would remove the faster one's new file. So it is moved
 * aside first and put back if it turns out to be another one than was judged dead; and whoever took over looks a second
 * time before it believes itself.
 */
export async function acquireInstanceLock(dataDir: string): Promise<InstanceLock> {
  const file = join(dataDir, "instance.lock");
  const own: Holder = { pid: process.pid, birth: processBirth(process.pid) ?? "", id: randomUUID() };

  while (!create(file, own)) {
    const holder = read(file);
    if (!holder) continue;
    if (isRunning(holder)) throw running(holder);
    takeAside(file, holder);
  }
  await sleep(20);
  const holder = read(file);
  if (holder && holder.id !== own.id) throw running(holder);

  return {
    announce: (address) => replace(file, { ...own, address }),
    release: () => {
      if (read(file)?.id === own.id) rmSync(file, { force: true });
    },
  };
}

function create(file: string, holder: Holder): boolean {
  const draft = `${file}.${holder.id}`;
  writeFileSync(draft, JSON.stringify(holder), { mode: 0o644 });
  try {
    linkSync(draft, file);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw cause;
  } finally {
    rmSync(draft, { force: true });
  }
}

function replace(file: string, holder: Holder): void {
  const draft = `${file}.${holder.id}`;
  writeFileSync(draft, JSON.stringify(holder), { mode: 0o644 });
  renameSync(draft, file);
}

function takeAside(file: string, dead: Holder): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
    if (read(aside)?.id !== dead.id) linkSync(aside, file);
  } catch (cause) {
    // Somebody else took it aside, or a third one has made a new file meanwhile: the loop looks again.
    if (!["ENOENT", "EEXIST"].includes((cause as NodeJS.ErrnoException).code ?? "")) throw cause;
  } finally {
    rmSync(aside, { force: true });
  }
}

function read(file: string): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  }
  try {
    return JSON.parse(text) as Holder;
  } catch {
    // Cut off by a power failure: nobody alive has written it.
    return { pid: 0, birth: "", id: text };
  }
}

function isRunning(holder: Holder): boolean {
  return holder.pid > 0 && processBirth(holder.pid) === holder.birth;
}

function running({ pid, address }: Holder): InstanceRunning {
  const where = address ? `at ${address} (pid ${pid})` : `(pid ${pid}, still starting)`;
  return new InstanceRunning(
    `Sluice already runs on this data folder ${where}: use that one, stop it first, or choose another folder with --data DIR.`,
  );
}
