import { GivenDay, GivenTimestamp } from "#contract/date-bounds.ts";
import { type ExecutionFilter, type TestRuns, testRunChoices } from "#contract/executions.ts";
import { Uuid } from "#contract/pagination.ts";
import { reasonCodes } from "#contract/reasons.ts";
import { momentOfText, startOfDay } from "#web/entities/schedule/zoned-time.ts";

/**
 * What narrows a history further, by its names in the address. `at`, `passed`, `skipped` and `failed` name a step;
 * `left` a step and `exit` one of its exits. `from` and `to` are days of the workspace ("2026-12-01", both included) or
 * moments. `runs` says whether those of test sends are left out or alone.
 */
const narrowingKeys = ["at", "passed", "skipped", "failed", "left", "exit", "reason", "version", "from", "to", "runs"] as const;
export type Narrowing = { [Key in (typeof narrowingKeys)[number]]?: string };

const isDate = (text: string) => GivenDay.safeParse(text).success || GivenTimestamp.safeParse(text).success;
const readable: Partial<Record<keyof Narrowing, (text: string) => boolean>> = {
  reason: (text) => reasonCodes.some((code) => code === text),
  runs: (text) => testRunChoices.some((choice) => choice === text),
  version: (text) => Uuid.safeParse(text).success,
  from: isDate,
  to: isDate,
};

/** Reads it from an address. `unreadable` are the parts that name no filter. */
export function readNarrowing(address: Narrowing): { narrowing: Narrowing; unreadable: string[] } {
  const narrowing: Narrowing = {};
  const unreadable: string[] = [];
  for (const key of narrowingKeys) {
    const text = address[key];
    if (text === undefined) continue;
    if (readable[key]?.(text) ?? true) narrowing[key] = text;
    else unreadable.push(text);
  }
  const { left, exit } = narrowing;
  if ((left === undefined) !== (exit === undefined)) unreadable.push(left ?? exit ?? "");
  return { narrowing, unreadable };
}

/** Every name with its value or undefined, so that an address loses what is no filter any more. */
export const writeNarrowing = (narrowing: Narrowing): Narrowing => ({
  ...(Object.fromEntries(narrowingKeys.map((key) => [key, undefined])) as Narrowing),
  ...narrowing,
});

const isDay = (text: string) => GivenDay.safeParse(text).success;

/** The moment a period begins or ends with: midnight of a day in the zone, or of the day after it where the day is included. */
export function periodEdge(text: string | undefined, zone: string, edge: "from" | "to"): string | undefined {
  if (text === undefined || !isDay(text)) return text;
  const midnight = momentOfText(`${text}T00:00`, zone);
  if (midnight === undefined) return undefined;
  return new Date(edge === "from" ? midnight : startOfDay(midnight, zone, 1)).toISOString();
}

/** As the API takes it. */
export function narrowingQuery({ at, passed, skipped, failed, left, exit, reason, version, from, to, runs }: Narrowing, zone: string) {
  return {
    nodeId: at,
    passedNodeId: passed,
    skippedNodeId: skipped,
    failedNodeId: failed,
    leftNodeId: left,
    exit,
    reason: reason as ExecutionFilter["reason"],
    versionId: version,
    testRuns: runs as TestRuns | undefined,
    from: periodEdge(from, zone, "from"),
    to: periodEdge(to, zone, "to"),
  };
}
