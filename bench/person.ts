import { setTimeout as sleep } from "node:timers/promises";
import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";
import pg from "pg";
import { type Client, createClient } from "#test/http-client.ts";
import { type Product, startProduct } from "../e2e/start-server.ts";
import config from "../playwright.config.ts";
import { type Arrivals, startArrivals } from "./arrivals.ts";
import { emailGraph } from "./flow.ts";
import { type BenchOptions, below, exactly, type Outcome } from "./outcome.ts";
import { must } from "./product.ts";
import { spread } from "./statistics.ts";

/**
 * Measures the waits of a person in the product as `npm start` runs it, with the demo workspace of 10,000 contacts: for a page
 * after a click, for a message after Send, and for the last message of a send to everybody.
 */
export async function measurePerson({ quick }: BenchOptions): Promise<Outcome> {
  const { product, stop } = await startProduct();
  const arrivals = await startArrivals();
  const browser = await chromium.launch(config.use?.launchOptions);
  try {
    const client = createClient(product.url, { authorization: `Bearer ${product.apiKey}` });
    const flowId = await prepareSends(client, arrivals.sink.port);
    const singleMs = await timeSingles(client, flowId, arrivals, quick ? 3 : 20);
    const clicks = await timeClicks(browser, product, quick ? 2 : 20);
    const everybody = await timeEverybody(client, { flowId, arrivals, databaseUrl: product.databaseUrl });
    return report(clicks, singleMs, everybody);
  } finally {
    await browser.close();
    await arrivals.sink.stop();
    await stop();
  }
}

/** A click and the first thing of the page that it asks for, as CSS selectors. */
const clicks = [
  { what: "Flows", click: "nav a[href^='/flows']", shows: ".body [role=row]" },
  { what: "a flow", click: ".body [role=row]", shows: "[role=tablist]" },
  { what: "Sends", click: "nav a[href^='/sends']", shows: ".body [role=row]" },
  { what: "Contacts", click: "nav a[href^='/contacts']", shows: ".body [role=row]" },
  { what: "a contact", click: ".body [role=row]", shows: "[role=dialog] h2" },
] as const;

async function timeClicks(browser: Browser, product: Product, rounds: number): Promise<Record<string, number[]>> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await signIn(context, product);
  const page = await context.newPage();
  await page.goto(`${product.url}/contacts`);
  await page.waitForSelector(".body [role=row]");
  const times: Record<string, number[]> = {};
  // The first round does not count, because the code of every page is fetched and compiled in it.
  for (let round = 0; round <= rounds; round += 1)
    for (const { what, click, shows } of clicks) {
      const ms = await timeClick(page, click, shows);
      if (round > 0) times[what] = [...(times[what] ?? []), ms];
      if (what === "a contact") await page.keyboard.press("Escape");
    }
  await context.close();
  return times;
}

async function signIn(context: BrowserContext, { url, ownerEmail, ownerPassword }: Product): Promise<void> {
  const answer = await context.request.post(`${url}/api/session`, { data: { email: ownerEmail, password: ownerPassword } });
  if (!answer.ok()) throw new Error(`Signing in answered ${answer.status()}`);
}

/** From the click until what it asks for is painted. What was there from before the click does not count. */
async function timeClick(page: Page, click: string, shows: string): Promise<number> {
  await page.waitForSelector(click);
  return page.evaluate(
    ([click, shows]) =>
      new Promise<number>((resolve, reject) => {
        const before = new Set(document.querySelectorAll(shows));
        const begun = performance.now();
        const look = () => {
          if (![...document.querySelectorAll(shows)].some((found) => !before.has(found))) return;
          observer.disconnect();
          // The frame in which it stands ends before the next one begins.
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - begun)));
        };
        const observer = new MutationObserver(look);
        observer.observe(document, { childList: true, subtree: true });
        setTimeout(() => reject(new Error(`${click} was clicked, and ${shows} did not come within 20 s.`)), 20_000);
        (document.querySelector(click) as HTMLElement).click();
      }),
    [click, shows] as const,
  );
}

async function prepareSends(client: Client, port: number): Promise<string> {
  const settings = { host: "127.0.0.1", port, security: "none", fromAddress: "bench@example.test" };
  must(await client.put("/api/providers/email", { provider: "smtp", settings }));
  return must(await client.post("/api/flows", { name: "Bench", ...emailGraph })).body.id;
}

/** From the POST of a send to one contact until its e-mail is at the mail server. A workspace may make thirty sends in a minute. */
async function timeSingles(client: Client, flowId: string, arrivals: Arrivals, rounds: number): Promise<number[]> {
  const times: number[] = [];
  // Two that do not count: connections are opened, and statements are planned.
  for (let round = -2; round < rounds; round += 1) {
    const email = `person${round + 2}@bench.example`;
    const { body } = must(await client.post("/api/contacts", { firstname: "Ada", lastname: "Lovelace", email }));
    const arrival = arrivals.next(email);
    const begun = performance.now();
    must(await client.post("/api/sends", { flowId, selection: { type: "ids", ids: [body.id] }, undoSeconds: 0 }));
    await arrival;
    if (round >= 0) times.push(performance.now() - begun);
  }
  return times;
}

interface Everybody {
  enrolled: number;
  sent: number;
  arrived: number;
  lastMs: number;
}

/** From the POST of a send to all contacts until the last of its e-mails is at the mail server. */
async function timeEverybody(
  client: Client,
  { flowId, arrivals, databaseUrl }: { flowId: string; arrivals: Arrivals; databaseUrl: string },
): Promise<Everybody> {
  const before = arrivals.count().arrived;
  const selection = { type: "filter", filter: { tests: [] }, excluded: [] };
  const begun = performance.now();
  const { body } = must(await client.post("/api/sends", { flowId, selection, undoSeconds: 0 }));
  for (;;) {
    const { body: send } = must(await client.get(`/api/sends/${body.send.id}`));
    const { arrived, lastAt } = arrivals.count();
    if (send.state === "done") {
      const sent = await countSent(databaseUrl, body.send.id);
      return { enrolled: send.enrolled, sent, arrived: arrived - before, lastMs: lastAt - begun };
    }
    await sleep(50);
  }
}

/** Messages of a send that left by its own record. Who has no address, or wants nothing, gets none. */
async function countSent(databaseUrl: string, sendId: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ sent: number }>(
      `select count(*)::int as sent from messages m join flow_executions e on e.workspace_id = m.workspace_id and e.id = m.flow_execution_id
       where e.send_id = $1 and m.status in ('sent', 'delivered')`,
      [sendId],
    );
    return rows[0]?.sent ?? 0;
  } finally {
    await client.end();
  }
}

function report(clickTimes: Record<string, number[]>, singleMs: number[], everybody: Everybody): Outcome {
  const click = spread(Object.values(clickTimes).flat());
  const single = spread(singleMs);
  return {
    figures: {
      clicks: Object.fromEntries(Object.entries(clickTimes).map(([what, times]) => [what, spread(times)])),
      singleMs: single,
      everybody,
    },
    goals: [
      below("a click → its page is painted, p95", click.p95, 300, "ms"),
      below("Send to one contact → the e-mail is at the mail server, p50", single.p50, 150, "ms"),
      below("Send to one contact → the e-mail is at the mail server, p95", single.p95, 500, "ms"),
      below(`Send to ${everybody.enrolled} contacts → the last of ${everybody.sent} e-mails is there`, everybody.lastMs, 20_000, "ms"),
      exactly("e-mails of it that arrived, less those it says were sent", everybody.arrived - everybody.sent, 0),
    ],
    notes: [
      "Chromium, web server, worker, Postgres and the mail server share this machine. The code of each page was fetched once before.",
      "Sends are made by the API without the time to undo; the e-mails arrive at a real SMTP server.",
    ],
  };
}
