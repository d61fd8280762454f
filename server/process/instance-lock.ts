import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processBirth } from "./process-birth.ts";

export interface InstanceLock {
  /** Writes the address into the lock file. A second process that wants the same data folder shows it to the person. */
  announce(address: string): void;
  release(): void;
}

/** The message says which process has the data folder and where it listens. It is printed as it is. */
export class InstanceRunning extends Error {
  override readonly name = "InstanceRunning";
  readonly code = "instance_running";
}

interface Holder {
  pid: number;
  /** Tells the holder from a later process that gets the same pid. */
  birth: string;
  address?: string;
  id: string;
}

/**
 * Allows one running instance per data folder. Node has no file lock, so the lock is a file that names its holder. A
 * holder that was killed is recognised by its pid and birth, also after a reboot or in a new container with the same
 * pids.
 *
 * The file appears complete or not at all, because it is a hard link to a finished file. Such locks usually break when
 * a dead holder's file is taken over: if two processes find the holder dead, the slower one would remove the faster
 * one's new file. The file is therefore moved aside first, and moved back if it is not the one that was found dead. A
 * process that took the lock over reads it once more after 20 ms before it goes on.
 *
 * @throws InstanceRunning if a live process holds the lock
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
    // Another process moved the file aside, or a third one has made a new file since. The loop reads the lock again.
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
    // A power failure cut the file off, so its writer is dead.
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
