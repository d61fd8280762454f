import { type Browser, chromium, devices } from "@playwright/test";
import { type Product, startProduct } from "../e2e/start-server.ts";
import config from "../playwright.config.ts";
import type { BenchOptions, Outcome } from "./outcome.ts";
import { below } from "./outcome.ts";
import { median, round } from "./statistics.ts";

/** What Lighthouse calls slow 4G, and a phone that is four times slower than this machine. */
const line = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };
const slowerProcessor = 4;

/** The contacts page in a browser that has never been there: what it loads, and when the first rows stand. */
export async function measureFirstLoad({ quick }: BenchOptions): Promise<Outcome> {
  const { product, stop } = await startProduct();
  const browser = await chromium.launch(config.use?.launchOptions);
  try {
    const loads: Load[] = [];
    for (let turn = 0; turn < (quick ? 1 : 3); turn += 1) loads.push(await load(browser, product));
    const rowsMs = round(median(loads.map((one) => one.rowsMs)), 0);
    const [first] = loads as [Load];
    return {
      figures: { rowsMs, scriptKilobytes: first.scriptKilobytes, allKilobytes: first.allKilobytes, requests: first.requests, loads },
      goals: [
        below("contacts page on slow 4G, phone: until the first rows", rowsMs, 4000, "ms"),
        below("its scripts as they travel (brotli)", first.scriptKilobytes, 250, "kB"),
      ],
      notes: [
        "Chromium with an empty cache, signed in; 1.6 Mbit/s, 150 ms a round trip, processor slowed four times; the demo workspace of 10,000 contacts.",
        "The median of three loads. The time is the page's own, from the start of the navigation until the first row is in the document.",
      ],
    };
  } finally {
    await browser.close();
    await stop();
  }
}

interface Load {
  rowsMs: number;
  /** kB (1000 bytes) that had travelled when the first rows stood, without headers. */
  scriptKilobytes: number;
  allKilobytes: number;
  requests: number;
}

async function load(browser: Browser, { url, ownerEmail, ownerPassword }: Product): Promise<Load> {
  const context = await browser.newContext({ ...devices["Pixel 7"], viewport: { width: 390, height: 844 } });
  const answer = await context.request.post(`${url}/api/session`, { data: { email: ownerEmail, password: ownerPassword } });
  if (!answer.ok()) throw new Error(`Signing in answered ${answer.status()}`);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", line);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowerProcessor });
  await page.addInitScript(() => {
    const seen = new MutationObserver(() => {
      if (document.querySelector(".body [role=row]") === null) return;
      seen.disconnect();
      performance.mark("rows");
    });
    seen.observe(document, { childList: true, subtree: true });
  });
  await page.goto(`${url}/contacts`, { timeout: 60_000 });
  await page.waitForFunction(() => performance.getEntriesByName("rows").length > 0, undefined, { timeout: 60_000 });
  const loaded = await page.evaluate(() => {
    const rowsMs = performance.getEntriesByName("rows")[0]?.startTime ?? Number.NaN;
    const resources = (performance.getEntriesByType("resource") as PerformanceResourceTiming[]).filter(
      ({ responseEnd }) => responseEnd <= rowsMs,
    );
    return { rowsMs, resources: resources.map(({ name, encodedBodySize }) => ({ path: new URL(name).pathname, bytes: encodedBodySize })) };
  });
  await context.close();
  const kilobytes = (of: { bytes: number }[]) => round(of.reduce((sum, { bytes }) => sum + bytes, 0) / 1000, 1);
  return {
    rowsMs: round(loaded.rowsMs, 0),
    scriptKilobytes: kilobytes(loaded.resources.filter(({ path }) => path.endsWith(".js"))),
    allKilobytes: kilobytes(loaded.resources),
    requests: loaded.resources.length,
  };
}
