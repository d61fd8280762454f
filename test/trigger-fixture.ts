import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type FixtureRun, FixtureRuns, type RunOptions, type RunsOptions } from "./trigger-fixture-runs.ts";

/** Token buckets as Trigger.dev's: so many at once, so many a second. Undefined means no limit. */
export interface Bucket {
  size: number;
  perSecond: number;
}

export interface TriggerFixtureOptions extends RunsOptions {
  secretKey?: string;
  requests?: Bucket;
  batchItems?: Bucket;
}

export interface TriggerFixture {
  url: string;
  secretKey: string;
  runs: FixtureRuns;
  /** How a request is to fail: with a status, without an answer, or with a cut connection. */
  fault: ((call: { method: string; path: string }) => number | "hang" | "cut" | undefined) | undefined;
  /** Batches are accepted and their items are never run. */
  losesBatches: boolean;
  counts: { requests: number; limited: number; triggered: number; cached: number; batches: number; items: number };
  close(): Promise<void>;
}

/**
 * A contract fixture, not Trigger.dev: an HTTP server of our own that answers the calls that the driver makes through
 * the SDK, in the shapes that the SDK's schemas demand, with the surprises that were seen on a real server. It holds
 * the driver to the contract. Only a live server can show that the contract is still Trigger.dev's.
 */
export async function startTriggerFixture(options: TriggerFixtureOptions): Promise<TriggerFixture> {
  const { secretKey = `tr_dev_${randomBytes(10).toString("hex")}` } = options;
  const runs = new FixtureRuns(options);
  const requests = bucket(options.requests);
  const batchItems = bucket(options.batchItems, { countsRefused: true });
  const batches = new Map<string, { runCount: number; runs: string[]; isProcessed: boolean }>();

  const server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => reply(res, 500, { error: String(error) }));
  });

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { pathname: path, searchParams } = new URL(req.url ?? "/", "http://fixture");
    const method = req.method ?? "GET";
    fixture.counts.requests += 1;
    const fault = fixture.fault?.({ method, path });
    if (fault === "hang") return;
    if (fault === "cut") return void req.socket.destroy();
    if (fault !== undefined) return reply(res, fault, { error: "Internal Server Error" });
    if (req.headers.authorization !== `Bearer ${secretKey}`) return reply(res, 401, { error: "Invalid API Key" });
    if (!req.headers["trigger-version"] || !req.headers["x-trigger-api-version"])
      return reply(res, 400, { error: "A header of the SDK is missing" });
    if (!limit(res, requests, 1)) return;
    const body = await readBody(req);

    const trigger = path.match(/^\/api\/v1\/tasks\/([^/]+)\/trigger$/);
    if (trigger && method === "POST") return triggerOne(res, decodeURIComponent(trigger[1] as string), JSON.parse(body));
    if (path === "/api/v3/batches" && method === "POST") return createBatch(res, JSON.parse(body));
    const items = path.match(/^\/api\/v3\/batches\/([^/]+)\/items$/);
    if (items && method === "POST") return streamItems(res, items[1] as string, body);
    const batch = path.match(/^\/api\/v2\/batches\/([^/]+)$/);
    if (batch && method === "GET") return retrieveBatch(res, batch[1] as string);
    if (path === "/api/v1/runs" && method === "GET")
      return reply(res, 200, { data: [...runs.all.values()].slice(-25).map(toListItem), pagination: {} });
    const one = path.match(/^\/api\/v3\/runs\/([^/]+)$/);
    if (one && method === "GET") return retrieveRun(res, one[1] as string);
    const cancel = path.match(/^\/api\/v2\/runs\/([^/]+)\/cancel$/);
    if (cancel && method === "POST") return cancelRun(res, cancel[1] as string);
    const queue = path.match(/^\/api\/v1\/queues\/([^/]+)$/);
    if (queue && method === "GET" && searchParams.get("type") === "custom")
      return retrieveQueue(res, decodeURIComponent(queue[1] as string));
    reply(res, 404, { error: "Not found" });
  }

  function triggerOne(res: ServerResponse, task: string, body: { payload: string; options: RunOptions }) {
    const problem = problemOf(body.options);
    if (problem) return reply(res, problem.status, { error: problem.error });
    const { run, isCached } = runs.trigger(task, toPayload(body.payload, body.options), body.options);
    fixture.counts.triggered += 1;
    if (isCached) fixture.counts.cached += 1;
    reply(res, 200, { id: run.id, isCached });
  }

  function createBatch(res: ServerResponse, { runCount }: { runCount: number }) {
    if (!(runCount >= 1 && runCount <= 1_000)) return reply(res, 400, { error: "Batch size must be between 1 and 1000" });
    if (!limitBatch(res, runCount)) return;
    const id = `batch_${randomBytes(10).toString("hex")}`;
    batches.set(id, { runCount, runs: [], isProcessed: false });
    fixture.counts.batches += 1;
    reply(res, 202, { id, runCount, isCached: false });
  }

  function streamItems(res: ServerResponse, id: string, body: string) {
    const batch = batches.get(id);
    if (!batch) return reply(res, 404, { error: "Batch not found" });
    const lines = body
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { index: number; task: string; payload: string; options: RunOptions });
    const problem = lines.map(({ options: given }) => problemOf(given)).find(Boolean);
    if (problem) return reply(res, problem.status, { error: problem.error });
    fixture.counts.items += lines.length;
    reply(res, 200, { id, itemsAccepted: lines.length, itemsDeduplicated: 0, sealed: lines.length === batch.runCount });
    if (fixture.losesBatches) return;
    // The items are processed after the answer. Until all are, the batch has no items.
    setImmediate(() => {
      const made = lines.map((line) => runs.trigger(line.task, toPayload(line.payload, line.options), line.options, id));
      batch.runs = made.map(({ run }) => run.id);
      batch.isProcessed = true;
    });
  }

  function retrieveBatch(res: ServerResponse, id: string) {
    const batch = batches.get(id);
    if (!batch) return reply(res, 404, { error: "Not found" });
    const at = new Date().toISOString();
    const { runCount, runs: made, isProcessed } = batch;
    const processing = { ...(isProcessed && { completedAt: at }), errors: [] };
    reply(res, 200, { id, status: isProcessed ? "COMPLETED" : "PENDING", createdAt: at, updatedAt: at, runCount, runs: made, processing });
  }

  function retrieveRun(res: ServerResponse, id: string) {
    const run = runs.all.get(id);
    if (!run) return reply(res, 404, { error: "Run not found" });
    const triggerFunction = run.batchId ? "batchTrigger" : "trigger";
    reply(res, 200, { ...toListItem(run), depth: 0, triggerFunction, batchId: run.batchId, relatedRuns: {}, attemptCount: run.attempts });
  }

  function cancelRun(res: ServerResponse, id: string) {
    const run = runs.all.get(id);
    if (!run) return reply(res, 404, { error: "Resource not found" });
    runs.cancel(run);
    reply(res, 200, { id });
  }

  function retrieveQueue(res: ServerResponse, name: string) {
    if (!runs.hasQueue(name)) return reply(res, 404, { error: "Queue not found" });
    reply(res, 200, { id: `queue_${name}`, name, type: "custom", running: 0, queued: 0, paused: false, concurrencyLimit: 25 });
  }

  function limit(res: ServerResponse, of: ReturnType<typeof bucket>, amount: number): boolean {
    const { isEnough, remaining, size, resetAt } = of(amount);
    res.setHeader("x-ratelimit-limit", size);
    res.setHeader("x-ratelimit-remaining", remaining);
    res.setHeader("x-ratelimit-reset", resetAt);
    if (isEnough) return true;
    fixture.counts.limited += 1;
    const seconds = Math.ceil((resetAt - Date.now()) / 1_000);
    reply(res, 429, { title: "Rate Limit Exceeded", status: 429, error: `Rate limit exceeded. Retry in ${seconds} seconds.` });
    return false;
  }

  /**
   * A batch that does not fit is refused as a whole, and its items are taken from the bucket all the same. The answer
   * gives the reset in seconds, unlike that of any other request, and never says less than 0 of what is left.
   */
  function limitBatch(res: ServerResponse, amount: number): boolean {
    const { isEnough, remaining, size, resetAt } = batchItems(amount);
    if (isEnough) return true;
    fixture.counts.limited += 1;
    res.setHeader("x-ratelimit-limit", size);
    res.setHeader("x-ratelimit-remaining", Math.max(0, remaining));
    res.setHeader("x-ratelimit-reset", Math.floor(resetAt / 1_000));
    res.setHeader("retry-after", Math.max(1, Math.ceil((resetAt - Date.now()) / 1_000)));
    reply(res, 429, { error: `Batch rate limit exceeded. Limit resets at ${new Date(resetAt).toISOString()}` });
    return false;
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const fixture: TriggerFixture = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secretKey,
    runs,
    fault: undefined,
    losesBatches: false,
    counts: { requests: 0, limited: 0, triggered: 0, cached: 0, batches: 0, items: 0 },
    async close() {
      server.close();
      server.closeAllConnections();
      await runs.close();
    },
  };
  return fixture;
}

const known = new Set([
  ...[
    "payloadType",
    "idempotencyKey",
    "idempotencyKeyTTL",
    "idempotencyKeyOptions",
    "delay",
    "tags",
    "priority",
    "concurrencyKey",
    "queue",
  ],
  // The SDK always sends these, empty or not.
  ...[
    "payloadSize",
    "test",
    "ttl",
    "maxAttempts",
    "metadata",
    "maxDuration",
    "machine",
    "region",
    "lockToVersion",
    "debounce",
    "parentRunId",
  ],
]);

function problemOf(options: RunOptions): { status: number; error: string } | undefined {
  const unknown = Object.keys(options).find((name) => !known.has(name));
  if (unknown) return { status: 400, error: `Validation error: Unrecognized key at "options.${unknown}"` };
  if ((options.tags?.length ?? 0) > 10) return { status: 422, error: "Runs can only have 10 tags" };
  if (options.tags?.some((tag) => tag.length >= 128))
    return { status: 400, error: 'Validation error: Tag must be less than 128 characters at "options.tags"' };
  if (options.idempotencyKey !== undefined && !/^[0-9a-f]{64}$/.test(options.idempotencyKey))
    return { status: 400, error: "The key was not hashed by the SDK" };
  if (options.idempotencyKeyTTL !== undefined && !/^\d+[smhdw]$/.test(options.idempotencyKeyTTL))
    return { status: 400, error: "A TTL that Trigger.dev would silently ignore" };
  return undefined;
}

/** The payload of a run: the SDK wraps plain JSON so that dates and the like survive. */
function toPayload(text: string, { payloadType }: RunOptions): unknown {
  const value: unknown = JSON.parse(text);
  return payloadType === "application/super+json" ? (value as { json: unknown }).json : value;
}

function toListItem({ id, task, status, createdAt, startedAt, finishedAt, options }: FixtureRun) {
  const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());
  return {
    id,
    taskIdentifier: task,
    status,
    createdAt: iso(createdAt),
    updatedAt: iso(Date.now()),
    startedAt: iso(startedAt),
    finishedAt: iso(finishedAt),
    isQueued: status === "QUEUED",
    isExecuting: status === "EXECUTING",
    isWaiting: false,
    isCompleted: finishedAt !== undefined,
    isSuccess: status === "COMPLETED",
    isFailed: finishedAt !== undefined && status !== "COMPLETED",
    isCancelled: status === "CANCELED",
    isTest: false,
    tags: options.tags ?? [],
    costInCents: 0,
    baseCostInCents: 0,
    durationMs: 0,
    env: { id: "env", name: "dev" },
    ...(options.delay && { delayedUntil: options.delay }),
  };
}

function bucket(limits: Bucket | undefined, { countsRefused = false } = {}) {
  const { size, perSecond } = limits ?? { size: Number.MAX_SAFE_INTEGER, perSecond: 0 };
  let tokens = size;
  let at = Date.now();
  return (amount: number) => {
    const now = Date.now();
    tokens = Math.min(size, tokens + ((now - at) / 1_000) * perSecond);
    at = now;
    const isEnough = tokens >= amount;
    const missing = Math.max(0, amount - tokens);
    // An empty bucket is not drained any further.
    if (isEnough || (countsRefused && tokens > 0)) tokens -= amount;
    return {
      isEnough,
      remaining: Math.floor(tokens),
      size,
      resetAt: now + (isEnough || perSecond === 0 ? 0 : Math.ceil((Math.min(missing, size) / perSecond) * 1_000)),
    };
  };
}

async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function reply(res: ServerResponse, status: number, body: object) {
  res.writeHead(status, { "content-type": "application/json" });
  res.end(JSON.stringify(body));
}
