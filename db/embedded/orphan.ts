import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isStartingOrEnding } from "../errors.ts";
import { askDataFolder } from "./database.ts";
import { EmbeddedFailure } from "./failure.ts";
import type { Postmaster } from "./postmaster.ts";
import { isPostmasterOf, readPostmaster, stopPostmaster } from "./postmaster.ts";

/**
 * Deals with the Postgres that an earlier process of ours left in this folder when it was killed:
 *
 *   a Postgres that answers with our password for this folder → adopted
 *   one that is starting up or shutting down → waited for
 *   one that is alive but mute → stopped, since nobody else may use this folder
 *   only its pid file → removed, even if that number now belongs to another process
 */
export async function adoptOrClear(postgresDir: string, password: string): Promise<Postmaster | undefined> {
  const deadline = Date.now() + 60_000;
  const muteLimit = Date.now() + 5_000;
  for (;;) {
    const found = readPostmaster(postgresDir);
    if (!found) return undefined;
    if (!isPostmasterOf(postgresDir, found.pid)) {
      rmSync(join(postgresDir, "postmaster.pid"), { force: true });
      return undefined;
    }
    const answer = found.status === "ready" ? await askDataFolder(found.port, password) : undefined;
    if (answer && "folder" in answer && answer.folder === postgresDir) return found;
    const busy = !answer || ("error" in answer && isStartingOrEnding(answer.error));
    if (!busy && Date.now() > muteLimit) {
      await stopPostmaster(postgresDir, found.pid);
    } else if (Date.now() > deadline) {
      throw new EmbeddedFailure(
        "orphan_stuck",
        `A Postgres that an earlier start left behind (pid ${found.pid}) neither answers nor ends: stop that process, then start again.`,
      );
    }
    await sleep(50);
  }
}
