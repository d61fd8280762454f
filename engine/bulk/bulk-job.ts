import type { BulkAction, BulkJobState } from "#contract/bulk-jobs.ts";
import type { Selection } from "#contract/contacts.ts";
import type { Tx } from "#db/client.ts";
import type { EngineContext } from "../engine-context.ts";
import type { Ring } from "../jobs/ring.ts";

/** A bulk job as a pass works on it. */
export interface BulkJob {
  id: string;
  workspaceId: string;
  action: BulkAction;
  state: BulkJobState;
  /** Null: its contacts are written down. */
  selection: Selection | null;
  /** As text, with every digit. The audience is the contacts that existed at this moment. */
  createdAt: string;
  /** The job that this one takes back. */
  undoOf: string | null;
  expectedTotal: number | null;
  /** The most contacts that the person who made it may change; null for any number. */
  most: number | null;
  total: number | null;
  /** Contacts that have a result. They are the first of its items. */
  done: number;
  actor: { id: string | null; name: string | null };
}

export interface PassCounts {
  changed: number;
  same: number;
  skipped: number;
  failed: number;
}

/** The items of a pass by their number, `after` not included. */
export interface PassRange {
  jobId: string;
  after: number;
  upto: number;
}

/** Changes the contacts of a pass and writes the result of each, in the transaction of the pass. */
export type Pass = (place: PassPlace, job: BulkJob, range: PassRange) => Promise<PassCounts>;

export interface PassPlace {
  context: EngineContext;
  tx: Tx;
  ring: Ring;
}

export const noCounts: PassCounts = { changed: 0, same: 0, skipped: 0, failed: 0 };

export const countsOf = (rows: readonly { outcome: string; count: number }[]): PassCounts => ({
  ...noCounts,
  ...Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count])),
});

export const addCounts = (one: PassCounts, other: PassCounts): PassCounts => ({
  changed: one.changed + other.changed,
  same: one.same + other.same,
  skipped: one.skipped + other.skipped,
  failed: one.failed + other.failed,
});
