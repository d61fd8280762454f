import type { Logger } from "pino";

/**
 * Tells whether this process should be given work, and if not, why. Load balancers, supervisors and rolling restarts
 * read it.
 */
export interface Readiness {
  /**
   * Adds a condition. The check throws or takes too long when the condition does not hold; `otherwise` is the sentence
   * for that.
   */
  require(otherwise: string, check: () => Promise<void>): void;
  /** Ends the start: from now on the checks decide. */
  open(): void;
  /** Begins the end: the process finishes the work it has and takes no new work. */
  drain(): void;
  report(): Promise<ReadinessReport>;
}

export interface ReadinessReport {
  status: "starting" | "ready" | "unavailable" | "draining";
  /** One sentence for each condition that does not hold. */
  problems: string[];
}

const answerWithin = 2_000;
/** The result is kept for a second, so that many probes cost one round of checks a second. */
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
    // Logged once for each change, because probes come every few seconds.
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
      if (status === "starting") return { status, problems: ["The process is still starting."] };
      if (status === "draining") return { status, problems: ["The process is ending and finishes the work it has."] };
      if (!last || performance.now() - last.at > keptFor) last = { at: performance.now(), problems: look() };
      const problems = await last.problems;
      // The process may have been told to end during the checks.
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
