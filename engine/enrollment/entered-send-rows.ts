import { sql } from "kysely";
import type { SendStart } from "#contract/sends.ts";
import { Narrowing } from "#contract/who-not.ts";

/** What is written of a send at each contact who enters it: when it enrols, and later, when those who were left out are sent to after all. */
export interface EnteredSend {
  id: string;
  workspaceId: string;
  flowId: string;
  flowVersionId: string;
  source: string;
  isTest: boolean;
  metadata: Record<string, unknown>;
  enrolled: number;
  narrowing: Narrowing;
  /** When it begins by the clock of each contact; null where all begin by one clock. */
  contactClock: { at: string; notBefore: string | null } | null;
}

/** The columns of `flow_sends s` from which it is read. */
export const enteredSendColumns = sql`s.id, s.workspace_id, s.flow_id, s.flow_version_id, s.source, s.is_test, s.options, s.enrolled, s.start,
  s.undo_until::text`;

export interface EnteredSendRow {
  id: string;
  workspace_id: string;
  flow_id: string;
  flow_version_id: string;
  source: string;
  is_test: boolean;
  options: { metadata?: Record<string, unknown>; narrowing?: unknown };
  enrolled: number;
  start: SendStart | null;
  undo_until: string | null;
}

export const toEnteredSend = (row: EnteredSendRow): EnteredSend => ({
  id: row.id,
  workspaceId: row.workspace_id,
  flowId: row.flow_id,
  flowVersionId: row.flow_version_id,
  source: row.source,
  isTest: row.is_test,
  metadata: row.options.metadata ?? {},
  enrolled: row.enrolled,
  narrowing: Narrowing.parse(row.options.narrowing ?? {}),
  contactClock: row.start?.zone === "contact" ? { at: row.start.at, notBefore: row.undo_until } : null,
});
