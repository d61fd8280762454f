import type { ProofLine } from "#contract/proof.ts";
import { reasons } from "#contract/reasons.ts";
import type { Page } from "#db/queries/newest-first.ts";
import { csvPages } from "./csv-file.ts";

const columns = new Map<string, (line: ProofLine) => string | null>([
  ["message_id", ({ messageId }) => messageId],
  ["send_id", ({ sendId }) => sendId],
  ["flow", ({ flowName }) => flowName],
  ["execution_id", ({ executionId }) => executionId],
  ["visit", ({ visit }) => (visit === null ? null : String(visit))],
  ["step_id", ({ stepId }) => stepId],
  ["contact_id", ({ contactId }) => contactId],
  ["contact", ({ contactName }) => contactName],
  ["channel", ({ channel }) => channel],
  ["to", ({ to }) => to],
  ["is_test", ({ isTest }) => (isTest ? "yes" : "")],
  ["written_at", ({ writtenAt }) => writtenAt],
  ["provider", ({ provider }) => provider],
  ["provider_message_id", ({ providerMessageId }) => providerMessageId],
  ["attempt", ({ attempt }) => String(attempt)],
  ["status", ({ status }) => status],
  ["reason", ({ reason }) => reason],
  ["reason_in_words", ({ reason }) => (reason === null ? null : (reasons[reason]?.text ?? reason))],
  ["error", ({ error }) => error],
  ["sent_at", ({ sentAt }) => sentAt],
  ["delivered_at", ({ deliveredAt }) => deliveredAt],
  ["in_doubt_at", ({ doubtAt }) => doubtAt],
  ["last_changed_at", ({ changedAt }) => changedAt],
  ["tries", ({ tries }) => (tries.length === 0 ? null : JSON.stringify(tries))],
  ["reports", ({ reports }) => (reports.length === 0 ? null : JSON.stringify(reports))],
]);

/** Lines of the ledger as CSV. `page` reads up to `proofRowsPerPage` of them. */
export const exportProof = (
  page: (cursor: string | undefined) => Promise<Page<ProofLine>>,
  onPage: (lines: number) => void,
): AsyncGenerator<string> => csvPages({ columns, page, onPage });

export const proofRowsPerPage = 1_000;
