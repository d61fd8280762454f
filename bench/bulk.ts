import { randomUUID } from "node:crypto";
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Client } from "#test/http-client.ts";
import { startBenchDatabase } from "./cluster.ts";
import type { BenchOptions, Outcome } from "./outcome.ts";
import { atLeast, below, exactly } from "./outcome.ts";
import { must, startServer } from "./product.ts";
import { addWorkspace } from "./seed-crowds.ts";
import { seedPeople } from "./seed-people.ts";
import { round } from "./statistics.ts";

interface Measured {
  acceptedMs: number;
  seconds: number;
  perSecond: number;
  changed: number;
  /** Load of the machine while it ran. Above the number of cores the rate is too low. */
  load: number;
}

/**
 * Bulk changes of 100,000 contacts, each through the real server with its worker in the same process: a status, its undo, a
 * deletion and its undo. From the press to the last contact, with the writing down of who is meant.
 */
export async function measureBulk({ quick }: BenchOptions): Promise<Outcome> {
  const contacts = quick ? 3_000 : 100_000;
  const bench = await startBenchDatabase();
  try {
    const workspaceId = await addWorkspace(bench.db, "Bulk");
    await seedPeople(bench.db, workspaceId, contacts);
    await sql`vacuum analyze contacts`.execute(bench.db);
    const server = await startServer(bench, "web,worker");
    try {
      const caller = server.owner.with({ "x-workspace-id": workspaceId });
      const status = await press(caller, contacts, { type: "change_status", leadStatus: "Proposal sent" });
      const statusUndo = await undo(caller, status.id);
      const deletion = await press(caller, contacts, { type: "delete" });
      const deletionUndo = await undo(caller, deletion.id);
      return report(contacts, { status, statusUndo, deletion, deletionUndo }, quick ? 1 : 3_500);
    } finally {
      await server.stop();
    }
  } finally {
    await bench.stop();
  }
}

function report(contacts: number, jobs: Record<"status" | "statusUndo" | "deletion" | "deletionUndo", Measured>, goal: number): Outcome {
  const changed = Object.values(jobs).reduce((sum, job) => sum + job.changed, 0);
  const loads = Object.entries(jobs).map(([name, { load }]) => `${name} ${load}`);
  return {
    figures: { contacts, ...jobs },
    goals: [
      below("a bulk change of status is accepted", jobs.status.acceptedMs, 100, "ms"),
      atLeast("statuses changed a second", jobs.status.perSecond, goal, "contacts"),
      atLeast("contacts moved to the bin a second", jobs.deletion.perSecond, goal, "contacts"),
      exactly("contacts changed by the four jobs", changed, contacts * 4),
    ],
    notes: [
      `${contacts} contacts. Load while they ran: ${loads.join(", ")}. Above the number of cores, something else was at work and the rates are too low.`,
    ],
  };
}

async function press(caller: Client, contacts: number, action: Record<string, string>): Promise<Measured & { id: string }> {
  const selection = { type: "filter", filter: { tests: [] }, excluded: [] };
  return follow(caller, () => caller.post("/api/bulk-jobs", { jobId: randomUUID(), selection, action, expectedTotal: contacts }));
}

const undo = (caller: Client, id: string) => follow(caller, () => caller.post(`/api/bulk-jobs/${id}/undo`));

async function follow(caller: Client, ask: () => ReturnType<Client["post"]>): Promise<Measured & { id: string }> {
  const begun = performance.now();
  const { id } = must(await ask()).body as { id: string };
  const acceptedMs = round(performance.now() - begun);
  for (;;) {
    const job = must(await caller.get(`/api/bulk-jobs/${id}`)).body as { state: string; changed: number };
    if (job.state === "done") {
      const seconds = round((performance.now() - begun) / 1000);
      return { id, acceptedMs, seconds, perSecond: round(job.changed / seconds), changed: job.changed, load: round(loadavg()[0] ?? 0) };
    }
    if (job.state !== "freezing" && job.state !== "running") throw new Error(`The bulk job is ${job.state}.`);
    await sleep(100);
  }
}
