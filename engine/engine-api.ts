import type { Logger } from "pino";
import type { Provider } from "#channels/channel.ts";
import type { ReturnReason } from "#contract/approvals.ts";
import type { Confirmation } from "#contract/bulk-confirmation.ts";
import type { RequestedAction } from "#contract/bulk-jobs.ts";
import type { Collisions } from "#contract/collisions.ts";
import type { ContactPlan } from "#contract/contact-plan.ts";
import type { Selection } from "#contract/contacts.ts";
import type { FieldTest } from "#contract/field-tests.ts";
import type { PeopleCounts, PeopleMove, PublishPreview } from "#contract/flow-publish.ts";
import type { PublishedTests } from "#contract/flow-tests.ts";
import type { FlowGraph, FlowNode } from "#contract/flows.ts";
import type { ContactForecast } from "#contract/forecasts.ts";
import type { HealingRun, SendHealing } from "#contract/healing.ts";
import type { Launch } from "#contract/launch-values.ts";
import type { Replacement } from "#contract/lead-statuses.ts";
import type { DraftMessagePreview, MessagePreview, MessageSurvey, PreviewedContact } from "#contract/message-previews.ts";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { CanaryTerms } from "#contract/send-canary.ts";
import type { RetryPreview, SendPatch } from "#contract/send-changes.ts";
import type { Drip, SendPreview, SendStart, Source } from "#contract/sends.ts";
import type { Exclusions, SendCondition } from "#contract/who-not.ts";
import type { Db } from "#db/client.ts";
import type { Meter } from "./base/meter.ts";
import type { Tracer } from "./base/tracer.ts";
import type { ChangeWaitInput, FindCollisionsInput, HandQuestion, HandVerdict, PlanContactInput, SendByHandInput } from "./by-hand-api.ts";
import type { WebhookClient } from "./effects/webhook-calls.ts";
import type { NodeContext, Outcome, Output } from "./flow/node-executor.ts";
import type { NodeRegistry } from "./flow/node-registry.ts";
import type { InboundCall } from "./inbound/store-rows.ts";
import type { Subscription, SubscriptionChange } from "./inbound/subscription-rows.ts";
import type { EngineDriver } from "./jobs/driver.ts";
import type { WorkSizes } from "./jobs/work-sizes.ts";
import type { LinkHolder, MessageLinks } from "./messages/message-links.ts";

export interface EngineResources {
  /** The owner's login. */
  db: Db;
  nodes: NodeRegistry;
  /** The provider with which a workspace sends on a channel. @throws when it cannot be found out; nothing is sent then */
  providerFor(workspaceId: string, channel: Channel): Promise<Provider>;
  /** Calls the address of a webhook. Left out, calls are refused. */
  callWebhook?: WebhookClient;
  /** The links in messages. Left out, e-mails have none to unsubscribe by. */
  links?: MessageLinks;
  driver: EngineDriver;
  log: Logger;
  /** Left out, nothing is counted. */
  meter?: Meter;
  /** Left out, nothing is traced. */
  tracer?: Tracer;
  /** Tests make the portions of work smaller. Left out, the sizes are those of jobs/work-sizes.ts. */
  workSizes?: Partial<WorkSizes>;
  /** Waits so many milliseconds for the moment of a sender. A test whose clock stands still waits no time. */
  waitForMoment?: (ms: number) => Promise<unknown>;
  /**
   * The only workspace in which this engine works: it looks for what is due nowhere else, and leaves to others what dead
   * workers hold. Nothing that it does leaves the machine, so it also runs where this data may not send.
   */
  simulatesIn?: string;
}

export interface CreateSendInput extends Launch {
  workspaceId: string;
  flowId: string;
  /** This send follows this graph instead of the stored one. */
  graph?: FlowGraph;
  selection: Selection;
  source: Source;
  isTest: boolean;
  /** A test does not wait: it goes on as if the time were over. */
  skipWaits?: boolean;
  triggerData?: Record<string, unknown>;
  /** Nobody is written to: what the flow needs and nobody has given has a sample. */
  standIns?: boolean;
  /** Made by the caller. A second request with the same id is answered with the same send. */
  sendId?: string;
  launchedBy: string | null;
  launchedByName: string | null;
  launchedFrom?: string | null;
  /** The send begins at this time. */
  start?: SendStart;
  /** How many executions begin at a time. */
  drip?: Drip;
  /** On the workspace's clock: what has not left by then is skipped. */
  notLaterThan?: string;
  /** Whether each address gets the messages of one contact only. Default true. */
  oncePerAddress?: boolean;
  /** Whom the send leaves out of those who were chosen. */
  exclude?: Exclusions;
  /** Only who passes these tests gets the send. */
  condition?: SendCondition;
  /** Seconds in which nothing leaves and the send can be undone. Default 0. */
  undoSeconds?: number;
  /** The forecast that was looked at before. It is kept with the send if it is one of the same. */
  forecastId?: string;
  /** The saved launch that it is made from, if the launcher sees one of this id. */
  savedLaunchId?: string;
  /** Left out, no approval is asked for, whatever the rules of the workspace are. */
  asker?: Asker;
  /** It begins with a few, and the rest follows if these go well. */
  canary?: CanaryTerms;
}

/** The parts of a send that decide who can receive something. */
export type PreviewSendInput = Pick<CreateSendInput, "workspaceId" | "flowId" | "selection" | "exclude" | "condition"> & {
  oncePerAddress: boolean;
};

/** A send that is only looked at. */
export type ForecastSendInput = Omit<
  CreateSendInput,
  | "graph"
  | "source"
  | "isTest"
  | "skipWaits"
  | "launchedBy"
  | "launchedByName"
  | "launchedFrom"
  | "forecastId"
  | "savedLaunchId"
  | "standIns"
  | "asker"
  | "canary"
> & {
  signal?: AbortSignal;
  /** The way of a test, which asks neither who may enter nor what a contact may get. */
  asTest?: boolean;
};

export interface PreviewMessageInput extends Pick<Launch, "values" | "contactValues"> {
  workspaceId: string;
  flowId: string;
  nodeId: string;
  selection: Selection;
}

/** What is taken away from a message, node types tell. */
export type WrittenPreview = Omit<DraftMessagePreview, "removed">;

/** A message as it is being written. */
export interface DraftMessageInput {
  workspaceId: string;
  flowId: string;
  node: FlowNode;
}

export interface JudgeTestsInput {
  workspaceId: string;
  who: "newest" | (string & {});
  tests: readonly FieldTest[];
}

/** Without a contact where there is none. */
export interface JudgedTests {
  contactId: string | null;
  contactName: string | null;
  newer: string | null;
  older: string | null;
  /** In the order of the tests, with the value that was found. `held` is null where it would have been too much to compare. */
  verdicts: { held: boolean | null; actual: unknown }[];
}

export interface PreviewStepInput extends DraftMessageInput {
  who: PreviewedContact;
  /** What earlier steps and the start of the flow would have left, by name. */
  values?: Readonly<Record<string, string>>;
}

/** A step at a contact, outside of any execution. Without a contact where it is made up; `newer` and `older` are its neighbours. */
export interface StepPreview {
  contactId: string | null;
  contactName: string | null;
  newer: string | null;
  older: string | null;
  type: string;
  execute(context: NodeContext<unknown>): Outcome;
  /** What the executor is given if the contact comes to the step now, before anything of the flow has run for it. */
  context: NodeContext<unknown>;
}

/** What a step would do to a contact now: what the history would keep, or why it could not be done. */
export interface ResultPreview extends Pick<StepPreview, "contactId" | "contactName" | "newer" | "older"> {
  result: Output;
  reason: Reason | null;
  problem: string | null;
}

export interface CreatedSend {
  sendId: string;
  /** False when a send of this id existed already. */
  created: boolean;
  /** An admin has to approve it first; nothing of it has begun. */
  awaitsApproval: boolean;
  /** The execution, when exactly one contact was enrolled before the answer. */
  executionId: string | null;
  /** Contacts that were selected and not enrolled, as far as that is known when the request is answered. */
  skipped: { contactId: string; reason: Reason }[];
}

/** The person who gives a command. */
export interface Actor {
  id: string | null;
  name: string | null;
}

export interface OfSend {
  workspaceId: string;
  sendId: string;
  actor: Actor;
}

export interface OpenCanaryInput extends OfSend {
  /** Of a send that was approved, only who might have approved it lets the rest go. */
  asker?: Asker;
}

export interface ApproveSendInput extends OfSend {
  /** The person behind the actor, who must not be the one who asked. */
  personId: string;
  /** The hash of what was looked at. */
  hash: string;
  comment: string | null;
  /** Whether it may begin at once although its planned start has passed. */
  startNow: boolean;
}

/** Who makes a send, as the rules of approval ask. */
export interface Asker {
  /** The person, or of an API key its maker. */
  personId: string;
  /** Whether they are an admin or owner now. */
  isAdmin: boolean;
  /** As the audit log names them. */
  name: string;
}

/** What a stop found; StopAccount of the contract says what each number means. */
export interface StopCount {
  sent: number;
  captured: number;
  ended: number;
  stopped: number;
  inFlight: number;
  items: { executionId: string; contactId: string | null; channel: Channel }[];
}

export interface RetryWhat {
  workspaceId: string;
  sendId?: string;
  executionId?: string;
  reasons?: readonly Reason[];
}

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

export type PreviewPublishInput = Pick<PublishFlowInput, "workspaceId" | "flowId" | "revision">;

export type PeopleInside = Pick<PublishPreview, "people" | "unaffected" | "number">;

export interface PublishFlowInput {
  workspaceId: string;
  flowId: string;
  /** The revision of the draft that the person has seen. */
  revision: string;
  /** The mark of what is live, where that was changed since the draft began and is to be replaced all the same. */
  replaces?: string | undefined;
  note: string | null;
  /** What becomes of the people inside, by the step at which they stand. */
  moves: readonly PeopleMove[];
  /** What the tests of the flow said, to be kept with the version. */
  tests?: PublishedTests | null;
  actor: Actor;
  /** The people of an approved send follow only whom might have approved it. */
  asker?: Asker;
}

export interface OfFlowBy {
  workspaceId: string;
  flowId: string;
  actor: Actor;
}

export interface ArchiveFlowInput extends OfFlowBy {
  /** What becomes of the contacts who are in the flow. */
  people: "finish" | "end";
}

export interface ArchivedFlow {
  /** How many contacts were ended. */
  stopped: number;
  /** Sends that are still to be stopped: ask again. */
  sendsLeft: number;
}

export interface PublishedVersion {
  id: string;
  number: number;
  people: PeopleCounts;
}

export interface Engine {
  /** Makes the database ready for createSend. start() does it too; a process that only takes requests calls this. */
  prepare(): Promise<void>;
  /** Starts the driver, so that this process takes jobs. */
  start(): Promise<void>;
  /** Whether jobs run in this process and its last heartbeat is recent. */
  isWorking(): boolean;
  /** Finishes the chunks in hand. Other workers take the rest. */
  stop(): Promise<void>;
  /** @throws EngineRefusal */
  createSend(input: CreateSendInput): Promise<CreatedSend>;
  /**
   * What a send would do if it began now. Nothing is sent, called or changed; what is told of each contact is kept. `isOver`: the
   * contacts were looked at. Otherwise a worker does it. `askedBy` has one forecast under way.
   * @throws EngineRefusal as a send, forecast_too_large and workspace_busy
   */
  startForecast(input: ForecastSendInput & { askedBy: string }): Promise<{ forecastId: string; isOver: boolean }>;
  /** Ends a forecast that is under way. One that is over stays as it is. */
  cancelForecast(input: { workspaceId: string; forecastId: string }): Promise<void>;
  /** The way of the one contact that is named. @throws EngineRefusal as a send */
  forecastContact(input: ForecastSendInput): Promise<ContactForecast>;
  /** Counts to whom nothing could go; sends nothing. @throws EngineRefusal flow_not_found, flow_invalid, count_took_too_long */
  previewSend(input: PreviewSendInput): Promise<SendPreview>;
  /** Counts the people who are in a flow now, by the version that they follow. */
  countInside(input: { workspaceId: string; flowId: string }): Promise<ReadonlyMap<string, number>>;
  /** Finds what publishing the draft would mean for the people inside. @throws EngineRefusal nothing_to_publish, draft_changed, too_many_versions */
  previewPublish(input: PreviewPublishInput): Promise<PeopleInside>;
  /**
   * Makes the draft of a flow live and has the people inside moved.
   *
   * @throws EngineRefusal flow_not_found, nothing_to_publish, draft_changed, live_changed, flow_invalid, moves_needed, too_many_versions
   */
  publishFlow(input: PublishFlowInput): Promise<PublishedVersion>;
  /** Lets nobody into a flow any more. @throws EngineRefusal flow_not_found */
  archiveFlow(input: ArchiveFlowInput): Promise<ArchivedFlow>;
  /** Moves a flow to the bin. @throws EngineRefusal flow_not_found, flow_not_archived, flow_in_use */
  deleteFlow(input: OfFlowBy): Promise<void>;
  /** Fills in a message for the first contact of a selection, and sends nothing. @throws EngineRefusal flow_not_found, contact_not_found, not_found */
  previewMessage(input: PreviewMessageInput): Promise<MessagePreview>;
  /** The same for a step as it is being written. @throws EngineRefusal flow_not_found, contact_not_found, not_found, flow_invalid */
  previewDraftMessage(input: DraftMessageInput & { who: PreviewedContact }): Promise<WrittenPreview>;
  /** What a message becomes for the newest contacts. @throws EngineRefusal flow_not_found, not_found, flow_invalid */
  surveyMessage(input: DraftMessageInput): Promise<MessageSurvey>;
  /** Whether tests hold of a contact now. @throws EngineRefusal contact_not_found */
  judgeTests(input: JudgeTestsInput): Promise<JudgedTests>;
  /** Puts a step as it is being written before a contact. @throws EngineRefusal flow_not_found, contact_not_found, flow_invalid */
  previewStep(input: PreviewStepInput): Promise<StepPreview>;
  /** What a step that changes the contact, or keeps a value, would do now. @throws EngineRefusal as previewStep, and not_found */
  previewResult(input: PreviewStepInput): Promise<ResultPreview>;
  /** Pauses a send: nothing leaves until it is resumed. @throws EngineRefusal send_over */
  pauseSend(input: OfSend): Promise<void>;
  /** @throws EngineRefusal send_over */
  resumeSend(input: OfSend): Promise<void>;
  /** Lets the rest of a send follow the few with whom it began. @throws EngineRefusal send_over, conflict */
  openCanary(input: OpenCanaryInput): Promise<void>;
  /** Looks how the few of all sends go that begin with some, and lets the rest follow or holds it. Returns how many were decided. */
  tendCanaries(): Promise<number>;
  /** Stops a send for good: after the answer nothing leaves but the messages in flight. @throws EngineRefusal send_over */
  stopSend(input: OfSend): Promise<StopCount>;
  /** Stops a send within the time in which it can be undone. @throws EngineRefusal undo_over, send_over */
  undoSend(input: OfSend): Promise<StopCount>;
  /** Changes the start or the drip of a send. One that was approved only by who might approve it. @throws EngineRefusal send_over, conflict, awaiting_approval, approval_frozen */
  rescheduleSend(input: OfSend & { patch: SendPatch; asker?: Asker }): Promise<void>;
  /**
   * Approves a send that waits. Null: it begins. Otherwise it waits again, because of what is told.
   * @throws EngineRefusal approval_over, own_approval, approval_outdated, start_passed, send_too_late, and as a send where the flow has changed
   */
  approveSend(input: ApproveSendInput): Promise<{ because: ReturnReason; before: number; now: number } | null>;
  /** Ends a send that waits for approval. @throws EngineRefusal approval_over */
  refuseSend(input: OfSend & { comment: string }): Promise<StopCount>;
  /**
   * The way of one contact of a send that waits for approval; unless one is named, of the first with values of its own, or else the first.
   *
   * @throws EngineRefusal approval_over, contact_not_found
   */
  sampleSend(input: {
    workspaceId: string;
    sendId: string;
    contactId?: string | undefined;
    signal?: AbortSignal;
  }): Promise<ContactForecast>;
  /** Cancels one execution. With `inFlight` it ends when the provider has answered its message. @throws EngineRefusal execution_over */
  cancelExecution(input: { workspaceId: string; executionId: string }): Promise<{ inFlight: boolean }>;
  /** Ends a wait, moves its end, or takes the contact out, if it is still the wait that was seen. @throws EngineRefusal execution_over, wait_changed */
  changeWait(input: ChangeWaitInput): Promise<void>;
  /** In which flows a contact is, and what follows there if nothing changes. Nothing is written, sent or called. */
  planContact(input: PlanContactInput): Promise<ContactPlan>;
  /** What chosen contacts get within the next days anyway; nothing is written. @throws EngineRefusal nothing_selected, forecast_too_large */
  findCollisions(input: FindCollisionsInput): Promise<Collisions>;
  previewRetry(input: RetryWhat): Promise<RetryPreview>;
  /** Failed executions go on from the step that failed, as a new attempt. @throws EngineRefusal nothing_to_retry */
  retry(input: RetryWhat): Promise<{ retried: number }>;
  /** Who of a send was skipped or failed and can be reached now. @throws EngineRefusal send_not_found, count_took_too_long */
  previewHealing(of: Omit<OfSend, "actor">): Promise<SendHealing>;
  /** Sends to them, once, in the same send. @throws EngineRefusal nothing_to_retry, total_changed, send_over, send_too_late, flow_archived, conflict */
  healSend(of: OfSend & { seen?: number | undefined }): Promise<HealingRun>;
  /** Lets one message of a channel whose provider keeps failing try now. Returns whether the channel was in trouble. */
  tryChannel(channel: { workspaceId: string; channel: Channel; afterMs?: number }): Promise<boolean>;
  /** Why no test message may be sent to an address, as its owner has refused them or the workspace is in a sandbox; null where one may. */
  judgeAddress(address: { workspaceId: string; channel: Channel; to: string }): Promise<Reason | null>;
  /** Whether a person may write to a contact by hand now; undefined where the contact is not there. */
  judgeByHand(question: HandQuestion): Promise<HandVerdict | undefined>;
  /** Sends what a person wrote to one contact, once. @throws EngineRefusal contact_not_found, conflict, too_many_requests */
  sendByHand(input: SendByHandInput): Promise<void>;
  /** What waits for a sender or for the next day of the workspace asks again, because a limit is another now. */
  askPacedAgain(input: { workspaceId: string; afterMs: number }): Promise<void>;
  /** Pauses sends of marketing e-mail where too many bounce or are reported as spam. Returns how many. */
  guardMail(): Promise<number>;
  /** What the holder of a link gets of the workspace; undefined where the workspace is gone. */
  readSubscription(who: LinkHolder): Promise<Subscription | undefined>;
  /** Does what a person asked for behind the link of an e-mail. When it resolves, nothing leaves that was stopped. */
  changeSubscription(change: SubscriptionChange): Promise<void>;
  /** Stores what a provider tells. It is acted on once, right after, also if this process ends meanwhile. */
  takeInbound(call: InboundCall): Promise<void>;
  /** Resolves when this process acts on nothing that a provider told. */
  inboundIdle(): Promise<void>;
  /** Moves contacts to the bin and ends their executions, in one transaction. @throws EngineRefusal confirmation_needed, forbidden */
  deleteContacts(input: DeleteContactsInput): Promise<{ matched: number; changed: number }>;
  /** Erases contacts that lie in the bin, and keeps the history without names and addresses, in one transaction. */
  eraseContacts(input: { workspaceId: string; ids: readonly string[]; actor: Actor }): Promise<{ erased: number }>;
  /** Erases what has been in the bin for its 30 days. Returns how many contacts that were. */
  eraseDueContacts(): Promise<number>;
  /** Stores a change of many contacts, which a worker makes. @throws EngineRefusal bulk_job_mismatch, confirmation_needed, forbidden */
  createBulkJob(input: CreateBulkJobInput): Promise<{ created: boolean }>;
  /**
   * Renames or removes a status of the list at once, and stores the bulk job that carries its contacts over.
   * @returns the id of the job, null where no contact has the status; and the name that the status had, null for a repeat
   * @throws EngineRefusal not_found, conflict
   */
  replaceStatus(input: ReplaceStatusInput): Promise<{ jobId: string | null; from: string | null }>;
  /** Goes on with a bulk job that asks. @throws EngineRefusal bulk_job_over, total_changed */
  confirmBulkJob(input: OfBulkJob & { total: number }): Promise<void>;
  /** Stops a bulk job after the pass in progress. @throws EngineRefusal bulk_job_over */
  cancelBulkJob(input: OfBulkJob): Promise<void>;
  /** Takes a bulk job back by another one. @throws EngineRefusal bulk_job_running, undo_over */
  undoBulkJob(input: OfBulkJob & { isAdmin: boolean; actor: { id: string; name: string } }): Promise<{ jobId: string; created: boolean }>;
}
