import type { LoggedStep, StepFilter } from "#contract/executions.ts";
import { reasons } from "#contract/reasons.ts";
import type { Tx } from "#db/client.ts";
import type { LabelOfType } from "#db/queries/execution-rows.ts";
import { listStepLog } from "#db/queries/step-log.ts";
import { csvPages } from "./csv-file.ts";

const rowsPerPage = 1000;

const columns = new Map<string, (step: LoggedStep) => string | null>([
  ["id", ({ id }) => id],
  ["time", ({ startedAt }) => startedAt],
  ["contact_id", ({ contactId }) => contactId],
  ["contact", ({ contactName }) => contactName],
  ["flow", ({ flowName }) => flowName],
  ["version", ({ versionNumber }) => String(versionNumber)],
  ["send_id", ({ sendId }) => sendId],
  ["execution_id", ({ executionId }) => executionId],
  ["step_id", ({ nodeId }) => nodeId],
  ["step", ({ nodeLabel, nodeType }) => nodeLabel ?? nodeType],
  ["status", ({ status }) => status],
  ["exit", ({ exit }) => exit],
  ["reason", ({ reason }) => reason],
  ["reason_in_words", ({ reason }) => (reason === null ? null : reasons[reason].text)],
  ["error", ({ errorMessage }) => errorMessage],
  ["attempt", ({ attempt }) => String(attempt)],
  ["duration_ms", ({ duration }) => (duration === null ? null : String(duration))],
  ["completed_at", ({ completedAt }) => completedAt],
  ["provider_message_id", ({ providerMessageId }) => providerMessageId],
  ["result", ({ result }) => (result === null ? null : JSON.stringify(result))],
]);

interface StepsExport extends StepFilter {
  workspaceId: string;
  labelOfType: LabelOfType;
  read: <T>(fn: (db: Tx) => Promise<T>) => Promise<T>;
  onPage: (steps: number) => void;
}

/** All steps that a filter means as CSV, newest first. */
export const exportSteps = ({ read, onPage, ...filter }: StepsExport): AsyncGenerator<string> =>
  csvPages({ columns, page: (cursor) => read((db) => listStepLog(db, { ...filter, cursor, limit: rowsPerPage })), onPage });
