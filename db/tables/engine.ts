import type { Generated } from "kysely";

export interface WorkersTable {
  id: string;
  pool_id: string | null;
  host: string | null;
  pid: number | null;
  started_at: Generated<Date>;
  seen_at: Generated<Date>;
}

/** Work that one process at a time does for all. */
export interface OrphansTable {
  key: string;
  child: string;
  parent: string;
  rows: string;
  found_at: Generated<Date>;
}

export interface LeasesTable {
  name: string;
  until: Date;
}

export interface TurnsTable {
  id: string;
  workspace_id: string;
  worker_id: string;
  is_quick: boolean;
  began_at: Date;
}

export interface HeldExecutionsTable {
  flow_execution_id: string;
  /** Milliseconds in which the event loop of the worker did not turn. */
  held_ms: number;
  seen_at: Generated<Date>;
}
