import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import { buildContacts, buildFlow } from "../factories.ts";
import { chain, node, sms } from "../graphs.ts";
import { startOutageProxy } from "../outage-proxy.ts";
import { findBrokenTotals } from "../totals-law.ts";
import { countOpen, until } from "./desk.ts";
import type { ChaosContext, Finding, Scenario } from "./scenario.ts";
import { onStage, originOf, type Stage } from "./stage.ts";
import { countBy } from "./truths.ts";

/** Seconds of each trouble, and of the quiet time before and after it. */
const sizes = { small: { ended: 3, locked: 6, refused: 8, quiet: 3 }, full: { ended: 10, locked: 10, refused: 30, quiet: 5 } };
const everyMs = 50;
/** The longest wait that callers are promised. A request that is answered later than this has hung. */
const longestMs = 5_000;

/** R6: the database ends its sessions, is busy to the last connection, and refuses everybody, under a steady load. */
export const databaseAway: Scenario = {
  id: "R6",
  title: "sessions ended by the database, every connection in use, and nobody let in, at 20 requests a second",
  run: (context) => onStage((stage) => run(context, stage)),
};

interface Answered {
  phase: string;
  status: number;
  ms: number;
  retryAfter: string | null;
}

async function run({ size, say }: ChaosContext, stage: Stage): Promise<Finding[]> {
  const { db, workspaceId } = stage;
  const seconds = sizes[size];
  const way = await startOutageProxy(stage.url);
  const env = { DATABASE_URL: way.url };
  const [web, worker] = [await stage.start(["--role=web", "--port=0"], env), await stage.start(["--role=worker"], env)];
  const contacts = await buildContacts(db, workspaceId, 200);
  const flowId = await buildFlow(db, workspaceId, chain(node("start"), sms(), node("end")));

  const answers: Answered[] = [];
  const asked: Promise<void>[] = [];
  let phase = "quiet";
  let over = false;
  const loading = (async () => {
    for (let index = 0; !over; index += 1) {
      asked.push(ask(index));
      await sleep(everyMs);
    }
  })();
  async function ask(index: number): Promise<void> {
    const begun = performance.now();
    const asked = { phase, status: 0, ms: 0, retryAfter: null as string | null };
    answers.push(asked);
    const body = JSON.stringify({ flowId, selection: { type: "ids", ids: [contacts[index % contacts.length]] } });
    const headers = { ...stage.program, "content-type": "application/json" };
    const response = await fetch(`${originOf(web)}/api/sends`, {
      method: "POST",
      headers,
      body,
      signal: AbortSignal.timeout(30_000),
    }).catch(() => undefined);
    await response?.arrayBuffer();
    Object.assign(asked, {
      status: response?.status ?? 0,
      ms: performance.now() - begun,
      retryAfter: response?.headers.get("retry-after"),
    });
  }

  await sleep(seconds.quiet * 1_000);
  phase = "sessions ended";
  for (let i = 0; i < seconds.ended * 2; i += 1) {
    await endSessions(db);
    await sleep(500);
  }
  phase = "quiet";
  await sleep(seconds.quiet * 1_000);
  phase = "all connections in use";
  await holdTable(db, seconds.locked);
  phase = "quiet";
  await sleep(seconds.quiet * 1_000);
  phase = "refused";
  await way.cut();
  await sleep(seconds.refused * 1_000);
  await way.restore();
  phase = "quiet";
  const drained = until(async () => (await countOpen(db)) === 0, 2 * seconds.refused + 60, 50);
  await sleep(seconds.quiet * 1_000);
  over = true;
  await loading;
  await Promise.all(asked);
  const backlog = await drained;
  const stillOpen = await until(async () => (await countOpen(db)) === 0, 30);
  const hasLived = [web, worker].every(({ child }) => child.exitCode === null && child.signalCode === null);
  const broken = await findBrokenTotals(db);
  const sends = await db
    .selectFrom("flow_sends")
    .select(({ fn }) => fn.countAll<string>().as("count"))
    .executeTakeFirstOrThrow();
  await way.cut();

  const findings = [...Map.groupBy(answers, (answer) => answer.phase)].flatMap(([name, of]) => judge(name, of, say));
  const accepted = answers.filter(({ status }) => status === 202).length;
  return [
    ...findings,
    {
      what: "accepted and not in the database",
      goal: "0",
      measured: Math.max(0, accepted - Number(sends.count)),
      held: accepted <= Number(sends.count),
    },
    {
      what: `backlog gone after ${seconds.refused} s of refused connections`,
      goal: `within ${2 * seconds.refused} s`,
      measured: backlog === undefined ? "no" : `${backlog.toFixed(1)} s`,
      held: backlog !== undefined && backlog <= 2 * seconds.refused,
    },
    { what: "all ended", goal: "yes", measured: stillOpen === undefined ? "no" : "yes", held: stillOpen !== undefined },
    { what: "both processes lived on", goal: "yes", measured: hasLived ? "yes" : "no", held: hasLived },
    { what: "totals that contradict the rows", goal: "0", measured: broken.slice(0, 5).join("; ") || 0, held: broken.length === 0 },
  ];
}

function judge(phase: string, answers: readonly Answered[], say: (text: string) => void): Finding[] {
  const statuses = countBy(answers.map(({ status }) => String(status)));
  const longest = Math.max(...answers.map(({ ms }) => ms));
  say(`${phase}: ${JSON.stringify(statuses)}, longest ${(longest / 1_000).toFixed(1)} s`);
  const wrong = answers.filter(({ status, retryAfter }) => status !== 202 && !(status === 503 && retryAfter !== null));
  return [
    {
      what: `${phase}: answers other than 202, or 503 with Retry-After`,
      goal: "0",
      measured: `${wrong.length} of ${answers.length} (${Object.entries(statuses)
        .map(([status, count]) => `${count} x ${status}`)
        .join(", ")})`,
      held: wrong.length === 0,
    },
    { what: `${phase}: the longest answer`, goal: "5 s", measured: `${(longest / 1_000).toFixed(2)} s`, held: longest <= longestMs + 250 },
  ];
}

/** Ends all sessions but our own, as an operator does before maintenance. */
async function endSessions(db: Db): Promise<void> {
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'sluice bench'`.execute(db);
}

/** Takes a lock that every send needs. Requests then hold their connections until none is left. */
async function holdTable(db: Db, seconds: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`lock table flow_sends in access exclusive mode`.execute(tx);
    await sleep(seconds * 1_000);
  });
}
