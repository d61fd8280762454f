import { type BrowserContext, chromium, type Page } from "@playwright/test";
import { type Product, startProduct } from "../e2e/start-server.ts";
import config from "../playwright.config.ts";
import { randomFlow } from "../test/random-flow.ts";
import { type LayoutInput, layoutOf } from "../web/features/flow-builder/canvas/layout.ts";
import type { BenchOptions, Outcome } from "./outcome.ts";
import { below, exactly } from "./outcome.ts";
import { median, percentile, round } from "./statistics.ts";
import { type CanvasWatch, watchCanvas } from "./watch-canvas.ts";

/** The most milliseconds that a layout may take in its worker, by the number of steps. */
const layoutLimits = { 40: 50, 100: 100, 300: 350, 500: 800 } as const;
const openLimits = { 40: 400, 300: 1200 } as const;
const smoothSteps = 300;

/** Flows as people draw them, in the browser: how long a layout takes, and what panning and zooming cost. */
export async function measureCanvas({ quick }: BenchOptions): Promise<Outcome> {
  const { product, stop } = await startProduct();
  const browser = await chromium.launch(config.use?.launchOptions);
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const answer = await context.request.post(`${product.url}/api/session`, {
      data: { email: product.ownerEmail, password: product.ownerPassword },
    });
    if (!answer.ok()) throw new Error(`Signing in answered ${answer.status()}`);
    const rows: Awaited<ReturnType<typeof draw>>[] = [];
    for (const steps of [40, 100, 300, 500] as const) rows.push(await draw(context, product, steps, quick ? 2 : 5));
    const smooth = rows.find(({ steps }) => steps === smoothSteps) as (typeof rows)[number];
    const opened = (steps: number) => rows.find((row) => row.steps === steps)?.openMs ?? Number.NaN;
    return {
      figures: { rows },
      goals: [
        ...rows.map(({ steps, processorMs }) =>
          below(`layout of ${steps} steps, processor time, p50`, processorMs, layoutLimits[steps], "ms"),
        ),
        ...([40, 300] as const).map((steps) => below(`${steps} steps: data there → first card`, opened(steps), openLimits[steps], "ms")),
        exactly(`${smoothSteps} steps, panned and zoomed: renders of cards and lines that stay visible`, smooth.rendersAgain, 0),
        below(`${smoothSteps} steps, panned and zoomed: time between frames, p50`, smooth.frameMs, 20, "ms"),
      ],
      notes: [
        "Chromium without a GPU, the built app and its worker, flows made by test/random-flow.ts, one seed for each size.",
        "Opening is the median of five in one browser; the first of them compiles all code and is told in `openings`.",
        "A layout is judged by the processor time that it takes here, asked as the page asked its worker, after five that do not count. `workerMs` is the time from the question to the answer in the browser's worker, which other work on the machine makes longer. Panned by the wheel, then zoomed out and in by Ctrl and the wheel.",
      ],
    };
  } finally {
    await browser.close();
    await stop();
  }
}

async function draw(context: BrowserContext, { url, apiKey }: Product, steps: keyof typeof layoutLimits, rounds: number) {
  const made = await context.request.post(`${url}/api/flows`, {
    headers: { Authorization: `Bearer ${apiKey}` },
    data: { name: `${steps} steps`, ...randomFlow(steps, steps) },
  });
  if (!made.ok()) throw new Error(`Saving ${steps} steps answered ${made.status()}: ${await made.text()}`);
  const { id } = (await made.json()) as { id: string };
  const page = await context.newPage();
  await page.addInitScript(watchCanvas);
  const openings: number[] = [];
  for (let round = 0; round < rounds; round += 1) openings.push(await open(page, url, id));
  const workerMs = await layOutAgain(page, rounds);
  const input = (await page.evaluate(() => (globalThis as unknown as { canvasWatch: CanvasWatch }).canvasWatch.layoutInput)) as LayoutInput;
  const moved = await panAndZoom(page);
  await page.close();
  return {
    steps,
    boxes: input.boxes.length,
    openMs: round(median(openings), 0),
    openings: openings.map((ms) => round(ms, 0)),
    processorMs: round(median(processorTimes(input, rounds)), 0),
    workerMs: workerMs.map((ms) => round(ms, 0)),
    ...moved,
  };
}

/** Milliseconds from the flow's answer to its first card. */
async function open(page: Page, url: string, id: string): Promise<number> {
  await page.goto(`${url}/flows/${id}?tab=flow`);
  await page.waitForSelector(".react-flow__node");
  return page.evaluate((path) => {
    const asked = performance.getEntriesByType("resource").find(({ name }) => name.endsWith(path)) as PerformanceResourceTiming;
    return ((globalThis as unknown as { canvasWatch: CanvasWatch }).canvasWatch.firstCard ?? Number.NaN) - asked.responseEnd;
  }, `/api/flows/${id}`);
}

/** Layouts that are not counted. Compiling the code takes processor time beside them. */
const uncounted = 5;

function processorTimes(input: LayoutInput, rounds: number): number[] {
  for (let turn = 0; turn < uncounted; turn += 1) layoutOf(input);
  return Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    layoutOf(input);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
}

/** Asks the worker of the page again what the page asked it, and times each answer. */
const layOutAgain = (page: Page, rounds: number): Promise<number[]> =>
  page.evaluate(async (count) => {
    const { layoutWorker, layoutInput } = (globalThis as unknown as { canvasWatch: CanvasWatch }).canvasWatch;
    if (!layoutWorker) throw new Error("The flow was not laid out in a worker");
    const times: number[] = [];
    for (let turn = 0; turn < count; turn += 1) {
      const begun = performance.now();
      await new Promise((resolve) => {
        layoutWorker.onmessage = resolve;
        layoutWorker.postMessage(layoutInput);
      });
      times.push(performance.now() - begun);
    }
    return times;
  }, rounds);

async function panAndZoom(page: Page) {
  await page.mouse.move(700, 450);
  await page.evaluate(() => {
    const page = globalThis as unknown as { canvasWatch: CanvasWatch; frames: number[] };
    Object.assign(page.canvasWatch, { again: 0, new: 0 });
    page.frames = [];
    const note = (at: number) => {
      page.frames.push(at);
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
  for (let turn = 0; turn < 80; turn += 1) await page.mouse.wheel(turn % 8 === 7 ? 60 : 0, 90);
  await page.keyboard.down("Control");
  for (let turn = 0; turn < 40; turn += 1) await page.mouse.wheel(0, turn < 20 ? 60 : -60);
  await page.keyboard.up("Control");
  const { frames, again, cameIntoSight, elements } = await page.evaluate(() => {
    const { canvasWatch, frames } = globalThis as unknown as { canvasWatch: CanvasWatch; frames: number[] };
    const elements = document.querySelectorAll(".react-flow *").length;
    return { frames, again: canvasWatch.again, cameIntoSight: canvasWatch.new, elements };
  });
  const between = frames.slice(1).map((at, index) => at - (frames[index] as number));
  return {
    rendersAgain: again,
    cameIntoSight,
    elements,
    frameMs: round(percentile(between, 50), 1),
    frameMs95: round(percentile(between, 95), 1),
    frames: between.length,
  };
}
