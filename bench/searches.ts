import { loadavg } from "node:os";
import type { ContactFilter } from "#contract/contacts.ts";
import type { Client } from "#test/http-client.ts";
import type { BenchOptions, Outcome } from "./outcome.ts";
import { exactly } from "./outcome.ts";
import { messageSearches } from "./page-queries.ts";
import { pickSamples } from "./pages.ts";
import { must, startServer } from "./product.ts";
import { openHistory } from "./seed-history.ts";
import { fullSizes, quickSizes } from "./sizes.ts";
import { round, spread } from "./statistics.ts";

const budgets = { search: 300, preview: 1_000 };

const selections: Record<string, ContactFilter> = {
  "of everybody": { tests: [] },
  "of a usual status": { tests: [{ field: "lead_status", operator: "is", value: "New" }] },
  "of a rare status": { tests: [{ field: "lead_status", operator: "is", value: "Escalated" }] },
  "of who can receive SMS": { tests: [{ field: "can_receive_sms", operator: "is", value: true }] },
};

/**
 * Every kind of search of 2,000,000 sent messages, and the count before a send to parts of 1,000,000 contacts: over HTTP as a
 * signed-in person, thirty times each, with the load of the machine beside each figure.
 */
export async function measureSearches({ quick }: BenchOptions): Promise<Outcome> {
  const size = (quick ? quickSizes : fullSizes).history;
  const bench = await openHistory(size);
  try {
    const server = await startServer(bench, "web");
    try {
      const workspace = await bench.db.selectFrom("workspaces").select("id").where("name", "=", "History").executeTakeFirstOrThrow();
      const client = server.owner.with({ "x-workspace-id": workspace.id });
      const samples = await pickSamples(bench.db, workspace.id);
      const asked = [
        ...messageSearches(samples).map(({ name, path }) => ({ name, budget: budgets.search, ask: (by: Client) => by.get(path) })),
        ...Object.entries(selections).map(([name, filter]) => ({
          name: `the count before a send, ${name}`,
          budget: budgets.preview,
          ask: (by: Client) =>
            by.post("/api/sends/preview", { flowId: samples.flowId, selection: { type: "filter", filter, excluded: [] } }),
        })),
      ];
      const rows = [];
      for (const { name, budget, ask } of asked) rows.push({ name, budget, ...(await measure(() => ask(client), quick ? 1 : 30)) });
      const over = rows.filter(({ p95, budget }) => p95 > budget);
      const isSearch = ({ budget }: { budget: number }) => budget === budgets.search;
      return {
        figures: { size, rows },
        goals: [
          exactly(`searches of sent messages over 300 ms (p95), of ${rows.filter(isSearch).length}`, over.filter(isSearch).length, 0),
          exactly(`counts before a send over 1 s (p95), of ${selectionCount}`, over.filter((row) => !isSearch(row)).length, 0),
        ],
        notes: [
          "Over HTTP with a session cookie, one request at a time, 30 times each after one that does not count. `load`: of the machine, while each was asked.",
          ...over.map(({ name, p95, budget, load }) => `over its budget: ${name}: ${p95} ms of ${budget} ms at a load of ${load}`),
        ],
      };
    } finally {
      await server.stop();
    }
  } finally {
    await bench.stop();
  }
}

const selectionCount = Object.keys(selections).length;

async function measure(ask: () => ReturnType<Client["get"]>, samples: number) {
  must(await ask());
  const times: number[] = [];
  const loads: number[] = [];
  while (times.length < samples) {
    const begun = performance.now();
    must(await ask());
    times.push(performance.now() - begun);
    loads.push(loadavg()[0] ?? 0);
  }
  const { p50, p95, max } = spread(times);
  return { p50, p95, max, samples, load: round(loads.reduce((sum, load) => sum + load, 0) / loads.length, 1) };
}
