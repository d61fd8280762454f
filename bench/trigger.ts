import { setTimeout as sleep } from "node:timers/promises";
import type { Selection } from "#contract/contacts.ts";
import { type BenchDatabase, startBenchDatabase } from "./cluster.ts";
import { clearSends, fillWorkspace } from "./fill.ts";
import { addFlow } from "./flow.ts";
import type { BenchOptions, Goal, Outcome } from "./outcome.ts";
import { below, exactly } from "./outcome.ts";
import { perSecond, round } from "./statistics.ts";
import { measureDelayed } from "./trigger-delay.ts";
import { limits, startBoth } from "./trigger-product.ts";

const paidItems = { size: 5_000, perSecond: 100 };

interface Figures {
  executions: number;
  workspaces: number;
  answeredMs: number;
  /** createSend → Trigger.dev has taken the last run. */
  handedOverMs: number;
  completedMs: number;
  runs: number;
  requests: number;
  batchItems: number;
  limited: number;
}

/** How sends of each size are handed over to Trigger.dev within its rate limits, and how many runs they cost. */
export async function measureTrigger({ quick }: BenchOptions): Promise<Outcome> {
  const sizes = quick ? [1, 40, 600] : [1, 500, 1_000, 100_000];
  const [crowd, each] = quick ? [3, 40] : [8, 500];
  const bench = await startBenchDatabase();
  try {
    // Once without counting: code is compiled, connections are open.
    await measure(bench, { workspaces: 1, contacts: 1, items: limits.batchItems });
    const figures: Figures[] = [];
    for (const contacts of sizes) figures.push(await measure(bench, { workspaces: 1, contacts, items: limits.batchItems }));
    const crowded = await measure(bench, { workspaces: crowd, contacts: each, items: paidItems });
    const delayed = await measureDelayed(bench, quick ? 1_200 : 10_000);
    return {
      figures: { sends: figures, crowd: crowded, delayed: delayed.figures },
      goals: [...judge(figures, crowded), ...delayed.goals],
      notes,
    };
  } finally {
    await bench.stop();
  }
}

function judge(figures: readonly Figures[], crowd: Figures): Goal[] {
  const name = (count: number) => count.toLocaleString("en-US");
  const goals = figures.flatMap((of): Goal[] => {
    const what = `${name(of.executions)} executions`;
    if (of.executions > 500) {
      const portions = Math.ceil(of.executions / 500);
      return [
        below(`runs for ${what}`, of.runs, portions + Math.ceil(of.executions / 10_000) + 12, "runs"),
        below(`requests to Trigger.dev for ${what}`, of.requests, 1_500, "requests"),
      ];
    }
    return [exactly(`runs for ${what}`, of.runs, of.executions), below(`handed over: ${what}`, of.handedOverMs, 2_000, "ms")];
  });
  const refused = [...figures, crowd].reduce((sum, { limited }) => sum + limited, 0);
  const all = `${name(crowd.executions)} executions of ${crowd.workspaces} workspaces`;
  return [...goals, exactly(`runs for ${all}`, crowd.runs, crowd.executions), exactly("requests refused for their rate", refused, 0)];
}

const notes = [
  "The other side is the contract fixture of test/trigger-fixture.ts with Trigger.dev's documented buckets: 1,500 requests a minute, 1,200 items of batches and 10 a second (8 workspaces: 5,000 and 100 a second), 50 runs at once.",
  "Runs are executed by the driver's other half in the same process, on capture channels. A real run takes a second or more to start, which is not in these times.",
  "Executions of a send of up to 500 have a run each; those of a larger one share runs of 500. One run each for 100,000 would take 16 minutes to 2 h 45 min within these buckets, by arithmetic.",
];

async function measure(
  { db, url }: BenchDatabase,
  what: { workspaces: number; contacts: number; items: { size: number; perSecond: number } },
): Promise<Figures> {
  const flows: { workspaceId: string; flowId: string }[] = [];
  for (let i = 0; i < what.workspaces; i += 1) {
    const workspaceId = await fillWorkspace(db, what.contacts);
    flows.push({ workspaceId, flowId: await addFlow(db, workspaceId) });
  }
  const executions = what.workspaces * what.contacts;
  const product = await startBoth({ db, url }, what.items);
  try {
    const begun = performance.now();
    for (const flow of flows) {
      await product.engine.createSend({
        ...flow,
        source: "api",
        isTest: false,
        launchedBy: null,
        launchedByName: "bench",
        selection: await selectionOf(db, flow.workspaceId, what.contacts),
      });
    }
    const answeredMs = (performance.now() - begun) / flows.length;
    while ((await countDone(db)) < flows.length) await sleep(20);
    const completedMs = performance.now() - begun;
    const { counts, runs } = product.fixture;
    const figures = {
      executions,
      workspaces: flows.length,
      answeredMs: round(answeredMs),
      completedMs: round(completedMs),
      handedOverMs: round(product.lastTakenAt() - begun),
      runs: runs.all.size,
      requests: counts.requests,
      batchItems: counts.items,
      limited: counts.limited,
    };
    console.log(
      `${executions} executions: ${figures.runs} runs, ${figures.requests} requests, handed over in ${figures.handedOverMs} ms (${perSecond(executions, figures.handedOverMs)}/s)`,
    );
    return figures;
  } finally {
    await product.stop();
    await clearSends(db);
    await db.deleteFrom("workspaces").execute();
  }
}

/** A few contacts are selected by id, as from a list on the screen, and enrolled before the answer. Many are selected by a filter. */
async function selectionOf(db: BenchDatabase["db"], workspaceId: string, contacts: number): Promise<Selection> {
  if (contacts > 500) return { type: "filter", filter: { tests: [] }, excluded: [] };
  const rows = await db.selectFrom("contacts").select("id").where("workspace_id", "=", workspaceId).execute();
  return { type: "ids", ids: rows.map(({ id }) => id) };
}

async function countDone(db: BenchDatabase["db"]): Promise<number> {
  return (await db.selectFrom("flow_sends").select("id").where("state", "=", "done").execute()).length;
}
