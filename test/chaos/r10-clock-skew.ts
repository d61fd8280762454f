import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { buildContacts, buildFlow } from "../factories.ts";
import { chain, email, node, wait } from "../graphs.ts";
import { createClient } from "../http-client.ts";
import { startSmtpSink } from "../smtp-sink.ts";
import { atLeast, atMost, exactly, percentile } from "./exactly.ts";
import { findFaketime, skewedBy } from "./faketime.ts";
import type { ChaosContext, Finding, Scenario } from "./scenario.ts";
import { sendMailTo } from "./smtp-for.ts";
import { onStage, originOf, type Stage } from "./stage.ts";
import { totalsOf } from "./totals-of.ts";

const offsets = ["+10m", "-10m", "+25h", "-25h"];
const delaySeconds = 8;

export const r10: Scenario = {
  id: "R10",
  title: "workers whose clocks are off by ten minutes and by more than a day, both ways",
  whyNot: () => (findFaketime() ? undefined : "libfaketime is not installed (Debian: apt-get install libfaketime)"),
  run: (context) => onStage((stage) => run(context, stage)),
};

async function run({ size, say }: ChaosContext, stage: Stage): Promise<Finding[]> {
  const people = size === "full" ? 1_000 : 100;
  const { db, workspaceId, program } = stage;
  const contacts = await buildContacts(db, workspaceId, people);
  const arrivals = new Map<string, number[]>();
  const sink = await startSmtpSink({
    onMessage: ({ to: [address = ""] }) => {
      arrivals.set(address, [...(arrivals.get(address) ?? []), Date.now()]);
      return undefined;
    },
  });
  try {
    await sendMailTo(stage, sink);
    const flowId = await buildFlow(db, workspaceId, chain(node("start"), wait(delaySeconds), email(), node("end")));
    // The clock of the web process is wrong as well. No wait is computed by it.
    const web = await stage.start(["--role=web", "--port=0"], skewedBy("+25h"));
    const workers = await Promise.all(offsets.map((offset) => stage.start(["--role=worker", "--metrics-port=0"], skewedBy(offset))));
    const client = createClient(originOf(web), program);
    say(`${workers.length} workers: ${offsets.join(", ")}; ${people} executions that wait ${delaySeconds} s`);

    // Small sends and large ones take two different ways through the engine.
    const begun = new Map<string, number>();
    const portion = 50;
    for (let at = 0; at < people; at += portion) {
      const ids = contacts.slice(at, at + portion);
      const accepted = await stage.now();
      const { status, text } = await client.post("/api/sends", { flowId, selection: { type: "ids", ids } });
      if (status !== 202) throw new Error(`The send was not accepted: ${text}`);
      for (const id of ids) begun.set(id, accepted);
      await sleep(size === "full" ? 400 : 100);
    }
    const due = new Map<string, { email: string; due: number }>();
    for (let waited = 0; arrivals.size < people && waited < 60_000; waited += 100) {
      // The wake-up time of each execution, as the database has it while the execution waits.
      const { rows } = await sql<{ id: string; email: string; wake_at: Date }>`
        select c.id, c.email, e.wake_at from flow_executions e join contacts c on c.id = e.contact_id
        where e.workspace_id = ${workspaceId} and e.wake_at is not null`.execute(db);
      for (const row of rows) if (!due.has(row.id)) due.set(row.id, { email: row.email, due: row.wake_at.getTime() });
      await sleep(100);
    }
    // This process has the machine's clock, and so has the database.
    const offBy = Math.abs((await stage.now()) - Date.now());
    const early: number[] = [];
    const late: number[] = [];
    for (const [id, { email: address, due: dueAt }] of due) {
      const arrived = arrivals.get(address)?.[0] ?? Number.POSITIVE_INFINITY;
      const earliest = Math.max(dueAt, (begun.get(id) ?? 0) + delaySeconds * 1_000);
      if (arrived < earliest) early.push(earliest - arrived);
      late.push((arrived - dueAt) / 1_000);
    }
    const moved = await Promise.all(workers.map(async ({ ready }) => (await fetch(`${ready.opsUrl}/metrics`)).text()));
    const shares = moved.map((page) => Number(/^sluice_executions_advanced_total (\d+)$/m.exec(page)?.[1] ?? 0));
    say(`moved by each worker: ${shares.join(" ")}; lateness p50 ${percentile(late, 50)} s, max ${Math.max(...late)} s`);
    const living = await db.selectFrom("private.workers").select("id").execute();
    return [
      atMost("milliseconds between the two clocks that are compared", offBy, 50),
      exactly("executions seen asleep", due.size, people),
      exactly("mails that arrived", arrivals.size, people),
      exactly("mails that arrived twice", [...arrivals.values()].filter((times) => times.length > 1).length, 0),
      exactly("steps that ran early", early.length, 0),
      atMost("lateness by the database's clock, p95", percentile(late, 95), 2, " s"),
      atLeast("workers that moved somebody", shares.filter((share) => share > 0).length, size === "full" ? offsets.length : 2),
      exactly("workers that count as alive", living.length, offsets.length),
      await totalsOf(db),
    ];
  } finally {
    await sink.stop();
  }
}
