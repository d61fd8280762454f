import type { TriggerClient } from "@trigger.dev/sdk";
import { stoppedSendPriority } from "../../jobs/job-priorities.ts";
import { bulkQueue, type HandOver, sdkVersion, singleQueue, workflowTask } from "./payload.ts";
import type { UnsentRun } from "./run-rows.ts";
import { type Limit, type RunService, type RunState, TriggerProblem } from "./service.ts";

export interface TriggerSettings {
  apiUrl: string;
  secretKey: string;
  previewBranch?: string;
  /** How long an answer may take. The SDK itself would wait for minutes. */
  timeoutMs?: number;
}

/** Trigger.dev orders waiting runs as if those that a person waits for had been triggered this many seconds earlier. */
const quickHeadStart = 600;
/** Longer than any run may wait. The SDK accepts a number and one unit, and silently ignores anything else. */
const keyTtl = "60d";
/** The pause after a rate limit whose answer names no time to come. */
const usualPauseMs = 10_000;
/** Asked again at the very moment that an answer names, the bucket has one token, and whoever else waits for it asks too. */
const spreadMs = 2_000;
const longestTag = 127;

/** Opens Trigger.dev by its own SDK, which only this file of the server loads. */
export async function openTriggerDev(settings: TriggerSettings): Promise<RunService> {
  const { timeoutMs = 10_000 } = settings;
  const { TriggerClient, idempotencyKeys } = await loadSdk();
  // The SDK makes one attempt only. The relay retries, because it knows which other runs wait.
  const once = { retry: { maxAttempts: 1 } };
  const client: TriggerClient = new TriggerClient({
    baseURL: settings.apiUrl,
    accessToken: settings.secretKey,
    previewBranch: settings.previewBranch,
    requestOptions: once,
  });
  const call = <T>(request: () => Promise<T>) => withinTime(request, timeoutMs, settings.apiUrl);

  async function optionsOf(run: UnsentRun) {
    const isQuick = run.priority <= stoppedSendPriority;
    return {
      // The SDK would combine a bare string with the id of the run from which it is called.
      idempotencyKey: await idempotencyKeys.create(`${run.id}:${run.generation}`, { scope: "global" }),
      idempotencyKeyTTL: keyTtl,
      // A Date, because a text that Trigger.dev cannot read starts the run at once.
      ...(run.dueInMs > 0 && { delay: new Date(Date.now() + run.dueInMs) }),
      queue: isQuick ? singleQueue : bulkQueue,
      ...(isQuick && { priority: quickHeadStart }),
      ...(run.workspaceId !== null && { concurrencyKey: run.workspaceId }),
      tags: tagsOf(run),
    };
  }

  return {
    deployCommand: deployCommand(settings),
    trigger: (run) => call(async () => (await client.tasks.trigger(workflowTask, toPayload(run), await optionsOf(run), once)).id),
    triggerBatch: (runs) =>
      call(async () => {
        const items = await Promise.all(runs.map(async (run) => ({ payload: toPayload(run), options: await optionsOf(run) })));
        await client.tasks.batchTrigger(workflowTask, items, {}, once);
      }),
    async inspect(runId) {
      try {
        const { status, startedAt } = await call(() => client.runs.retrieve(runId, once));
        return toState(status, startedAt);
      } catch (error) {
        if (error instanceof TriggerProblem && statusOf(error.cause) === 404) return { is: "over", status: "not found" };
        throw error;
      }
    },
    cancel: async (runId) => void (await call(() => client.runs.cancel(runId, once))),
    async check() {
      try {
        await call(() => client.queues.retrieve({ type: "custom", name: singleQueue }, once));
      } catch (error) {
        if (!(error instanceof TriggerProblem) || statusOf(error.cause) !== 404) throw error;
        throw new TriggerProblem("not_deployed", undeployed(settings), { cause: error.cause });
      }
    },
  };
}

async function loadSdk(): Promise<typeof import("@trigger.dev/sdk")> {
  try {
    return await import("@trigger.dev/sdk");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")) throw error;
    const command = `npm install --no-save @trigger.dev/sdk@${sdkVersion}`;
    throw new TriggerProblem("not_installed", `ENGINE=trigger.dev needs a package that is not installed here: run "${command}".`, {
      cause: error,
    });
  }
}

const toPayload = ({ id, generation }: UnsentRun): HandOver => ({ version: 1, id, generation });

/** Tags by which people find a run in the dashboard. */
function tagsOf({ workspaceId, flowId, sendId, executionId }: UnsentRun): string[] {
  const ids = { ws: workspaceId, flow: flowId, send: sendId, exec: executionId };
  return Object.entries(ids).flatMap(([name, id]) => (id === null ? [] : [`${name}_${id}`.slice(0, longestTag)]));
}

/** Maps every status of the SDK's list. An unknown status counts as alive; if such a run never begins, it stays overdue. */
function toState(status: string, startedAt: Date | undefined): RunState {
  switch (status) {
    case "EXECUTING":
      return { is: "executing", status, forMs: startedAt ? Date.now() - startedAt.getTime() : 0 };
    case "DELAYED":
      return { is: "delayed", status };
    case "PENDING_VERSION":
      return { is: "undeployed", status };
    case "COMPLETED":
    case "CANCELED":
    case "FAILED":
    case "CRASHED":
    case "SYSTEM_FAILURE":
    case "EXPIRED":
    case "TIMED_OUT":
      return { is: "over", status };
    default:
      return { is: "alive", status };
  }
}

async function withinTime<T>(request: () => Promise<T>, timeoutMs: number, apiUrl: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs / 1_000} s`)), timeoutMs);
  });
  try {
    return await Promise.race([request(), late]);
  } catch (error) {
    throw toProblem(error, apiUrl);
  } finally {
    clearTimeout(timer);
  }
}

/** Turns an error of the SDK into a sentence for the operator. The error of a failed batch carries the answer as its cause. */
function toProblem(thrown: unknown, apiUrl: string): TriggerProblem {
  const cause = thrown instanceof Error && thrown.name === "BatchTriggerError" ? thrown.cause : thrown;
  const status = statusOf(cause);
  const said = cause instanceof Error ? cause.message : String(cause);
  if (status === 401) {
    const text = `Trigger.dev at ${apiUrl} does not know TRIGGER_SECRET_KEY: copy the secret key of the environment that the task is deployed to.`;
    return new TriggerProblem("refused_key", text, { cause });
  }
  if (status === 403) {
    const text = `Trigger.dev at ${apiUrl} does not allow TRIGGER_SECRET_KEY what is needed (${said}): use a key that may trigger, read and cancel runs and read queues.`;
    return new TriggerProblem("refused_key", text, { cause });
  }
  if (status === 429) {
    const limit = limitOf(cause as RateLimited, said);
    return new TriggerProblem("rate_limited", tooMany(apiUrl, limit), { cause, limit });
  }
  if (status !== undefined && status >= 400 && status < 500) {
    return new TriggerProblem(
      "rejected",
      `Trigger.dev at ${apiUrl} refuses a run (${status}: ${said}): look at the limits of its queues and plan.`,
      {
        cause,
      },
    );
  }
  const text = `Trigger.dev at ${apiUrl} does not answer (${status ?? said}): check that TRIGGER_API_URL is its address and that it is up; work waits until it is.`;
  return new TriggerProblem("unreachable", text, { cause });
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && "status" in error && typeof error.status === "number" ? error.status : undefined;
}

interface RateLimited {
  headers?: Record<string, string | null | undefined>;
}

/**
 * Reads a limit from a refusal. The refusal of a batch names its reset in seconds, where all others, and with them the
 * SDK, count milliseconds.
 */
function limitOf({ headers = {} }: RateLimited, said: string): Limit {
  const number = (name: string) => (headers[name] ? Number(headers[name]) : Number.NaN);
  const [size, reset, retryAfter] = [number("x-ratelimit-limit"), number("x-ratelimit-reset"), number("retry-after")];
  const resetMs = (reset < 1e11 ? reset * 1_000 : reset) - Date.now();
  const waits = [retryAfter * 1_000, resetMs].filter((wait) => wait > 0);
  return {
    of: /batch rate limit/i.test(said) ? "batch items" : "requests",
    size: size > 0 ? size : undefined,
    retryAfterMs: (waits.length > 0 ? Math.max(...waits) : usualPauseMs) + Math.random() * spreadMs,
  };
}

function tooMany(apiUrl: string, { of, size }: Limit): string {
  const named = size === undefined ? "its limit" : `its limit is ${size.toLocaleString("en-US")} at once`;
  return of === "batch items"
    ? `Trigger.dev at ${apiUrl} takes no more items of batches for a moment (${named}): work is handed over in smaller batches and later. On a server of your own raise BATCH_RATE_LIMIT_MAX and BATCH_RATE_LIMIT_REFILL_RATE; on the cloud ask for a higher limit of batch items.`
    : `Trigger.dev at ${apiUrl} takes no more requests for a moment (${named}).`;
}

function undeployed(settings: TriggerSettings): string {
  return `Trigger.dev at ${settings.apiUrl} has no task "${workflowTask}" in the environment of this key: run ${deployCommand(settings)}.`;
}

/** The command line asks its cloud unless it is told of another server, and cannot guess which of several projects is meant. */
function deployCommand({ apiUrl, secretKey }: TriggerSettings): string {
  const command = secretKey.startsWith("tr_dev_") ? "dev" : "deploy";
  return `"TRIGGER_PROJECT_REF=proj_… npx trigger.dev@${sdkVersion} ${command} -a ${apiUrl}", with the reference from the project's settings`;
}
