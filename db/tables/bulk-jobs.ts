import type { ColumnType, Generated } from "kysely";
import type { Json } from "./json.ts";

export interface BulkJobsTable {
  id: string;
  workspace_id: string;
  kind: string;
  params: ColumnType<Json, string | undefined, string>;
  state: Generated<string>;
  /** A `Selection`; null when its contacts are written down as items. */
  selection: ColumnType<Json, string | null | undefined, string | null>;
  request_hash: string;
  expected_total: number | null;
  most: number | null;
  total: number | null;
  changed: Generated<number>;
  same: Generated<number>;
  skipped: Generated<number>;
  failed: Generated<number>;
  error_message: string | null;
  undo_of: string | null;
  created_by: string | null;
  created_by_name: string | null;
  created_at: Generated<Date>;
  running_at: Date | null;
  moved_at: Generated<Date>;
  finished_at: Date | null;
}

export interface BulkJobItemsTable {
  workspace_id: string;
  job_id: string;
  seq: number;
  contact_id: string;
  outcome: string | null;
  reason: string | null;
  before: ColumnType<Json, string | null | undefined, string | null>;
}
