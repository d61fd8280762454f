import type { Logger } from "pino";
import type { Provider } from "#channels/channel.ts";
import type { ReturnReason } from "#contract/approvals.ts";
import type { Collisions } from "#contract/collisions.ts";
import type { ContactPlan } from "#contract/contact-plan.ts";
import type { ContactForecast } from "#contract/forecasts.ts";
import type { HealingRun, SendHealing } from "#contract/healing.ts";
import type { MessagePreview, MessageSurvey, PreviewedContact } from "#contract/message-previews.ts";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { RetryPreview, SendPatch } from "#contract/send-changes.ts";
import type { SendPreview } from "#contract/sends.ts";
import type { Db } from "#db/client.ts";
import type { Meter } from "./base/meter.ts";
import type { Tracer } from "./base/tracer.ts";
import type { CreateBulkJobInput, DeleteContactsInput, OfBulkJob, ReplaceStatusInput } from "./bulk-api.ts";
import type { ChangeWaitInput, FindCollisionsInput, HandQuestion, HandVerdict, PlanContactInput, SendByHandInput } from "./by-hand-api.ts";
import type { WebhookClient } from "./effects/webhook-calls.ts";
import type { NodeRegistry } from "./flow/node-registry.ts";
import type {
  ArchivedFlow,
  ArchiveFlowInput,
  OfFlowBy,
  PeopleInside,
  PreviewPublishInput,
  PublishedVersion,
  PublishFlowInput,
} from "./flow-api.ts";
import type { InboundCall } from "./inbound/store-rows.ts";
import type { Subscription, SubscriptionChange } from "./inbound/subscription-rows.ts";
import type { EngineDriver } from "./jobs/driver.ts";
import type { WorkSizes } from "./jobs/work-sizes.ts";
import type { LinkHolder, MessageLinks } from "./messages/message-links.ts";
import type {
  DraftMessageInput,
  JudgedTests,
  JudgeTestsInput,
  PreviewMessageInput,
  PreviewStepInput,
  ResultPreview,
  StepPreview,
  WrittenPreview,
} from "./preview-api.ts";
import type {
  Actor,
  ApproveSendInput,
  Asker,
  CreatedSend,
  CreateSendInput,
  ForecastSendInput,
  OfSend,
  OpenCanaryInput,
  PreviewSendInput,
  RetryWhat,
  StopCount,
} from "./send-api.ts";

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
  previewHealing(of: Omit<OfSend, "actor"> & { asker?: Asker | undefined }): Promise<SendHealing>;
  /** Sends to them, once, in the same send. @throws EngineRefusal nothing_to_retry, total_changed, send_over, send_too_late, flow_archived, conflict */
  healSend(of: OfSend & { seen?: number | undefined; asker?: Asker | undefined }): Promise<HealingRun>;
  /** Lets one message of a channel whose provider keeps failing try now. Returns whether the channel was in trouble. */
  tryChannel(channel: { workspaceId: string; channel: Channel; afterMs?: number }): Promise<boolean>;
  /** Why no test message may be sent to an address, as its owner has refused them or the workspace is in a sandbox; null where one may. */
  judgeAddress(address: { workspaceId: string; channel: Channel; to: string }): Promise<Reason | null>;
  /** What keeps marketing from a contact on each channel, null where nothing does; undefined where the contact is not there. */
  judgeReach(of: { workspaceId: string; contactId: string }): Promise<Record<Channel, Reason | null> | undefined>;
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
