import { randomUUID } from "node:crypto";

/** The ids of one row of everything that a workspace can hold. */
export interface OneOfEverything {
  workspaceId: string;
  contact: string;
  /** A contact in the bin. */
  binned: string;
  /** A lead status that no contact has. */
  leadStatus: string;
  folder: string;
  flow: string;
  version: string;
  /** A flow with a draft, and a discarded one. */
  draftFlow: string;
  draftRevision: string;
  discardedDraft: string;
  binnedFlow: string;
  /** A test of the flow. */
  flowTest: string;
  publication: string;
  /** One send is under way and can still be undone, and one is over. */
  send: string;
  endedSend: string;
  /** A send that waits for approval. */
  askingSend: string;
  /** One that has begun with a few. */
  canarySend: string;
  /** One execution is under way, one has failed, and one waits as `oneWait` says. */
  execution: string;
  failedExecution: string;
  waitingExecution: string;
  message: string;
  /** An address on the suppression list that may be taken off. */
  suppression: string;
  notice: string;
  import: string;
  /** A bulk job that is over and can be undone, and one that asks. */
  bulkJob: string;
  forecast: string;
  /** A saved launch that is shared. */
  savedLaunch: string;
  askingJob: string;
  invitation: string;
  apiKey: string;
  /** The name of the secret. */
  secret: string;
}

export const newIds = (workspaceId: string): OneOfEverything => ({
  workspaceId,
  contact: randomUUID(),
  binned: randomUUID(),
  leadStatus: randomUUID(),
  folder: randomUUID(),
  flow: randomUUID(),
  version: randomUUID(),
  draftFlow: randomUUID(),
  draftRevision: randomUUID(),
  discardedDraft: randomUUID(),
  binnedFlow: randomUUID(),
  flowTest: randomUUID(),
  savedLaunch: randomUUID(),
  publication: randomUUID(),
  send: randomUUID(),
  endedSend: randomUUID(),
  askingSend: randomUUID(),
  canarySend: randomUUID(),
  execution: randomUUID(),
  failedExecution: randomUUID(),
  waitingExecution: randomUUID(),
  message: randomUUID(),
  suppression: randomUUID(),
  notice: randomUUID(),
  import: randomUUID(),
  bulkJob: randomUUID(),
  forecast: randomUUID(),
  askingJob: randomUUID(),
  invitation: randomUUID(),
  apiKey: randomUUID().replaceAll("-", "").slice(0, 8),
  secret: `canary_${randomUUID().replaceAll("-", "")}`,
});
