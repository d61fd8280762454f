import type { Execution, ExecutionFilter } from "#contract/executions.ts";
import { reasons } from "#contract/reasons.ts";
import type { Tx } from "#db/client.ts";
import type { ExecutionWords } from "#db/queries/execution-rows.ts";
import { listExecutions } from "#db/queries/executions.ts";
import { csvPages } from "./csv-file.ts";

const rowsPerPage = 1000;

const columns = new Map<string, (execution: Execution) => string | null>([
  ["id", ({ id }) => id],
  ["contact_id", ({ contactId }) => contactId],
  ["contact", ({ contactName }) => contactName],
  ["flow", ({ flowName }) => flowName],
  ["flow_version_id", ({ flowVersionId }) => flowVersionId],
  ["send_id", ({ sendId }) => sendId],
  ["is_test", ({ isTest }) => (isTest ? "yes" : "")],
  ["status", ({ status }) => status],
  ["current_step", ({ currentNodeLabel }) => currentNodeLabel],
  ["waits_until", ({ wakeAt }) => wakeAt],
  ["reason", ({ endedReason }) => endedReason],
  ["reason_in_words", ({ endedReason }) => (endedReason === null ? null : reasons[endedReason].text)],
  ["error", ({ errorMessage }) => errorMessage],
  ["messages_not_sent", ({ missed }) => missed.join(", ")],
  ["enrolled_by", ({ reason }) => reason],
  ["launched_by", ({ launchedByName }) => launchedByName],
  ["enrolled_at", ({ enrolledAt }) => enrolledAt],
  ["started_at", ({ startedAt }) => startedAt],
  ["completed_at", ({ completedAt }) => completedAt],
]);

interface ExecutionsExport extends ExecutionFilter, ExecutionWords {
  workspaceId: string;
  read: <T>(fn: (db: Tx) => Promise<T>) => Promise<T>;
  onPage: (executions: number) => void;
}

/** All executions that a filter means as CSV, newest first. */
export const exportExecutions = ({ read, onPage, ...filter }: ExecutionsExport): AsyncGenerator<string> =>
  csvPages({ columns, page: (cursor) => read((db) => listExecutions(db, { ...filter, cursor, limit: rowsPerPage })), onPage });
