import type { Confirmation } from "#contract/bulk-confirmation.ts";
import type { RequestedAction } from "#contract/bulk-jobs.ts";
import type { Selection } from "#contract/contacts.ts";
import type { Replacement } from "#contract/lead-statuses.ts";

export interface DeleteContactsInput {
  workspaceId: string;
  selection: Selection;
  /** The person or the API key, as the audit log names it. */
  actor: { id: string; name: string };
  /** What the person was shown and typed, where the contacts were selected together. */
  confirmation?: Confirmation & { isAdmin: boolean };
}

export interface CreateBulkJobInput {
  workspaceId: string;
  /** Made by the caller. A second request with the same id is answered with the same job. */
  jobId: string;
  selection: Selection;
  action: RequestedAction;
  /** The number that the person was shown. */
  expectedTotal?: number | undefined;
  /** The number that the person typed. */
  confirm?: number | undefined;
  /** Whether the person is an admin, who may delete any number of contacts. */
  isAdmin: boolean;
  actor: { id: string; name: string };
}

/** How contacts leave a lead status. */
export interface ReplaceStatusInput {
  workspaceId: string;
  /** Made by the caller. A second request with the same id is answered with the same job. */
  jobId: string;
  change:
    | { type: "rename"; statusId: string; name: string }
    /** Without a replacement it is refused where contacts have the status. */
    | { type: "remove"; statusId: string; replacement: Replacement | undefined }
    /** A value outside the list. */
    | { type: "map"; value: string; replacement: Replacement };
  actor: { id: string; name: string };
}

export interface OfBulkJob {
  workspaceId: string;
  jobId: string;
}
