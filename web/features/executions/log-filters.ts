import { type StepStatus, stepStatuses } from "#contract/executions.ts";
import { Uuid } from "#contract/pagination.ts";
import type { StepLogScope } from "#web/entities/executions/step-log-queries.ts";
import { readChoices } from "#web/lib/read-choice.ts";
import { type Narrowing, periodEdge, readNarrowing, writeNarrowing } from "./narrowing.ts";

/** What narrows a log. The step is `at` in the address, as in the history. */
export interface LogFilters {
  status: readonly StepStatus[];
  search: string;
  sendId: string | undefined;
  more: Pick<Narrowing, "at" | "reason" | "version" | "from" | "to" | "runs">;
}

export const noLogFilters: LogFilters = { status: [], search: "", sendId: undefined, more: {} };

export const isLogFiltered = ({ status, search, sendId, more }: LogFilters): boolean =>
  status.length > 0 || search !== "" || sendId !== undefined || Object.keys(more).length > 0;

interface LogAddress extends Narrowing {
  status?: string;
  q?: string;
  send?: string;
}

/** Reads the filters from an address. `unreadable` are the parts that name none. */
export function readLogFilters({ status, q = "", send, at, reason, version, from, to, runs }: LogAddress): {
  filters: LogFilters;
  unreadable: string[];
} {
  const statuses = readChoices(status, stepStatuses);
  const given = Object.entries({ at, reason, version, from, to, runs }).filter(([, value]) => value !== undefined);
  const { narrowing, unreadable } = readNarrowing(Object.fromEntries(given));
  const isSend = send === undefined || Uuid.safeParse(send).success;
  return {
    filters: { status: statuses.values, search: q, sendId: isSend ? send : undefined, more: narrowing },
    unreadable: [...statuses.unreadable, ...(isSend ? [] : [send]), ...unreadable],
  };
}

export const writeLogFilters = ({ status, search, sendId, more }: LogFilters): LogAddress => ({
  status: status.join(",") || undefined,
  q: search || undefined,
  send: sendId,
  ...writeNarrowing(more),
});

export const logScope = ({ status, search, sendId, more }: LogFilters, flowId: string, zone: string): StepLogScope => ({
  flowId,
  sendId,
  status: status.join(",") || undefined,
  search: search || undefined,
  nodeId: more.at,
  reason: more.reason as StepLogScope["reason"],
  versionId: more.version,
  testRuns: more.runs as StepLogScope["testRuns"],
  from: periodEdge(more.from, zone, "from"),
  to: periodEdge(more.to, zone, "to"),
});
