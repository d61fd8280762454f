import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "#test/http-client.ts";
import { type Arrivals, startArrivals } from "./arrivals.ts";
import type { BenchDatabase } from "./cluster.ts";
import { addFlow, emailGraph, smsGraph } from "./flow.ts";
import type { BenchOptions, Outcome } from "./outcome.ts";
import { atLeast, below } from "./outcome.ts";
import { must, startServer } from "./product.ts";
import { clearCrowds, findWorkspace, openCrowds } from "./seed-crowds.ts";
import { fullSizes, quickSizes } from "./sizes.ts";
import { perSecond, round, spread } from "./statistics.ts";

/**
 * From the POST of a send to one contact until its e-mail has arrived at a real SMTP server: at rest, while another
 * workspace sends to 100,000, while the same workspace does, and while another forecasts a million. One process, as `npm start` runs it.
 */
export async function measureFairness({ quick }: BenchOptions): Promise<Outcome> {
  const { crowds } = quick ? quickSizes : fullSizes;
  const bench = await openCrowds(crowds);
  try {
    const arrivals = await startArrivals();
    const server = await startServer(bench, "web,worker");
    try {
      const owner = async (name: string) => server.owner.with({ "x-workspace-id": await findWorkspace(bench.db, name) });
      const small = await joinSmtp(bench, server.owner, "Small", arrivals.sink.port);
      const large = await joinSmtp(bench, server.owner, "Large", arrivals.sink.port);
      const bigFlow = await addFlow(bench.db, await findWorkspace(bench.db, "Large"), smsGraph);
      const single = (sender: Sender) => sendOne(sender, arrivals);

      for (let turn = 0; turn < 5; turn += 1) await single(small);
      const idle: number[] = [];
      for (let turn = 0; turn < (quick ? 5 : 200); turn += 1) {
        idle.push(await single(small));
        await sleep(20);
      }
      const huge = await owner("Huge");
      const forecasts = await beside(huge, await addFlow(bench.db, await findWorkspace(bench.db, "Huge")), () => single(small));
      const others: During[] = [];
      const same: During[] = [];
      for (let turn = 0; turn < (quick ? 1 : 2); turn += 1) {
        others.push(await during(large.client, bigFlow, () => single(small)));
        same.push(await during(large.client, bigFlow, () => single(large)));
      }
      return report(crowds, { idle, forecasts, others, same });
    } finally {
      await server.stop();
      await arrivals.sink.stop();
    }
  } finally {
    await clearCrowds(bench.db);
    await bench.stop();
  }
}

interface Sender {
  client: Client;
  flowId: string;
  people: { id: string; email: string }[];
}

async function joinSmtp({ db }: BenchDatabase, owner: Client, name: string, port: number): Promise<Sender> {
  const workspaceId = await findWorkspace(db, name);
  const client = owner.with({ "x-workspace-id": workspaceId });
  const settings = { host: "127.0.0.1", port, security: "none", fromAddress: "bench@example.test" };
  must(await client.put("/api/providers/email", { provider: "smtp", settings }));
  const people = await db
    .selectFrom("contacts")
    .select(["id", "email"])
    .where("workspace_id", "=", workspaceId)
    .where("email", "is not", null)
    .where("dnc", "=", false)
    .where("email_opted_out_at", "is", null)
    .limit(2_000)
    .execute();
  const reachable = people.flatMap(({ id, email }) => (email === null ? [] : [{ id, email }]));
  return { client, flowId: await addFlow(db, workspaceId, emailGraph), people: reachable };
}

async function sendOne({ client, flowId, people }: Sender, arrivals: Arrivals): Promise<number> {
  // Never the same contact twice in a row, because the contact may still be in the flow.
  const person = people.shift();
  if (!person) throw new Error("The workspace has no more contacts to send to.");
  people.push(person);
  const arrival = arrivals.next(person.email);
  const begun = performance.now();
  must(await client.post("/api/sends", { flowId, selection: { type: "ids", ids: [person.id] }, undoSeconds: 0 }));
  await arrival;
  return performance.now() - begun;
}

interface During {
  singles: number[];
  perSecond: number;
}

/** Single sends one after another for as long as a large one takes. */
async function during(client: Client, flowId: string, single: () => Promise<number>): Promise<During> {
  const begun = performance.now();
  const selection = { type: "filter", filter: { tests: [] }, excluded: [] };
  const { body } = must(await client.post("/api/sends", { flowId, selection, undoSeconds: 0 }));
  const singles: number[] = [];
  for (;;) {
    const one = await single();
    const { body: send } = must(await client.get(`/api/sends/${body.send.id}`));
    // The last send may have run after the large one had ended, so it does not count.
    if (send.state === "done") return { singles, perSecond: perSecond(send.enrolled, performance.now() - begun) };
    singles.push(one);
    await sleep(10);
  }
}

/** Single sends one after another for as long as the forecast of everybody in a workspace takes. */
async function beside(client: Client, flowId: string, single: () => Promise<number>): Promise<During> {
  const begun = performance.now();
  const selection = { type: "filter", filter: { tests: [] }, excluded: [] };
  let { body: forecast } = must(await client.post("/api/forecasts", { flowId, selection }));
  const singles: number[] = [];
  for (;;) {
    const one = await single();
    forecast = must(await client.get(`/api/forecasts/${forecast.id}`)).body;
    if (forecast.state === "failed") throw new Error(`The forecast failed: ${JSON.stringify(forecast)}`);
    if (forecast.state === "done") return { singles, perSecond: perSecond(forecast.total, performance.now() - begun) };
    singles.push(one);
    await sleep(10);
  }
}

interface Measured {
  idle: number[];
  forecasts: During;
  others: During[];
  same: During[];
}

function report({ Large: contacts, Huge: forecast }: typeof fullSizes.crowds, { idle, forecasts, others, same }: Measured): Outcome {
  const all = (runs: During[]) => spread(runs.flatMap(({ singles }) => singles));
  const figures = {
    contacts,
    idleMs: spread(idle),
    duringAnotherWorkspaceMs: all(others),
    duringSameWorkspaceMs: all(same),
    duringForecastMs: all([forecasts]),
    forecastPerSecond: forecasts.perSecond,
    largePerSecond: [...others, ...same].map((run) => run.perSecond),
  };
  return {
    figures,
    goals: [
      below("at rest: POST of a single send → its message at the provider, p50", figures.idleMs.p50, 150, "ms"),
      below(`during a send of ${contacts} of another workspace, p99`, figures.duringAnotherWorkspaceMs.p99, 1_000, "ms"),
      below(`during a send of ${contacts} of the same workspace, p99`, figures.duringSameWorkspaceMs.p99, 1_000, "ms"),
      below(`during a forecast of ${forecast} of another workspace, p99`, figures.duringForecastMs.p99, 1_000, "ms"),
      atLeast("samples during a send of another workspace", figures.duringAnotherWorkspaceMs.samples, 1, ""),
    ],
    notes: [
      "From before the POST until the whole e-mail was in the hands of an SMTP server in the process of the bench, so its own work and the loopback are in it.",
      "The large send goes start, SMS, condition, SMS, end on the capture channel: everything but the waiting for a provider.",
      `The large sends went at ${figures.largePerSecond.map((rate) => round(rate, 0)).join(", ")} executions a second beside them.`,
    ],
  };
}
