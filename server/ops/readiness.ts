import type { Logger } from "pino";

/** Whether this process should be given work, and why not. A load balancer, a supervisor and a rolling restart ask. */
export interface Readiness {
  /** Something that must hold. The check throws, or takes too long, when it does not; `otherwise` says so in words. */
  require(otherwise: string, check: () => Promise<void>): void;
  /** Everything is built: from now on the checks decide. */
  open(): void;
  /** The process has been told to end: it finishes what it holds and wants nothing new. */
  drain(): void;
  report(): Promise<ReadinessReport>;
}

export interface ReadinessReport {
  status: "starting" | "ready" | "unavailable" | "draining";
  /** One sentence for each thing that does not hold. */
  problems: string[];
}

const answerWithin = 2_000;
/** Several probers, or one in a hurry, cost one look a second. */
const keptFor = 1_000;

export function createReadiness(log: Logger): Readiness {
  const checks: { otherwise: string; check: () => Promise<void> }[] = [];
  let status: "starting" | "open" | "draining" = "starting";
  let last: { at: number; problems: Promise<string[]> } | undefined;
  let known = "";

  async function look(): Promise<string[]> {
    const outcomes = await Promise.all(checks.map(async ({ otherwise, check }) => ({ otherwise, failure: await failureOf(check) })));
    const found = outcomes.filter(({ failure }) => failure !== undefined);
    const now = found.map(({ otherwise }) => otherwise).join(" ");
    // Once per change: probes come every few seconds.
    if (now !== known && now !== "") log.warn({ err: found[0]?.failure, problems: now }, "not ready");
    if (now !== known && now === "") log.warn("ready again");
    known = now;
    return found.map(({ otherwise }) => otherwise);
  }

  return {
    require: (otherwise, check) => void checks.push({ otherwise, check }),
    open: () => {
      if (status === "starting") status = "open";
    },
    drain: () => {
      status = "draining";
    },
    async report() {
      if (status === "starting") return { status, problems: ["The start is not finished."] };
      if (status === "draining") return { status, problems: ["The process is ending and finishes what it holds."] };
      if (!last || performance.now() - last.at > keptFor) last = { at: performance.now(), problems: look() };
      const problems = await last.problems;
      // It may have been told to end while we looked.
      if ((status as string) === "draining") return this.report();
      return { status: problems.length === 0 ? "ready" : "unavailable", problems };
    },
  };
}

async function failureOf(check: () => Promise<void>): Promise<Error | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${answerWithin / 1_000} s`)), answerWithin);
  });
  try {
    await Promise.race([check(), late]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    clearTimeout(timer);
  }
}
