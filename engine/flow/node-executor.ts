import type { z } from "zod";
import type { ContactTexts } from "#contract/contact-fields.ts";
import type { ExecutionStatus } from "#contract/executions.ts";
import type { FrozenValue } from "#contract/judge-launch.ts";
import type { MessageKind } from "#contract/message-kinds.ts";
import type { Channel } from "#contract/messages.ts";
import type { NodeDefinition } from "#contract/node-definition.ts";
import type { Reason } from "#contract/reasons.ts";
import type { WorkBudget } from "#contract/work-budget.ts";

/** The contact as a node sees it: read fresh from the database for every pass. */
export interface ContactFields extends ContactTexts {
  id: string;
  phone_number: string | null;
  phone_e164: string | null;
  metadata: Readonly<Record<string, unknown>>;
  sms_opted_out: boolean;
  email_opted_out: boolean;
  dnc: boolean;
  /** Channels that only the contact can open again. They are known where a change is decided. */
  stopped?: readonly Channel[];
  created_at: Date;
  updated_at: Date;
}

export interface WorkspaceFields {
  name: string;
  timeZone: string;
  /** The country of phone numbers without a country code. */
  country: string;
  /** What e-mails say of where the business is reached by post. */
  postalAddress?: string | null;
}

/** Everything that a node may see. It cannot reach the database or a provider; it returns what it wants done (Outcome). */
export interface NodeContext<Config = unknown> {
  config: Config;
  contact: ContactFields;
  workspace: WorkspaceFields;
  /** The database's clock when this pass began. */
  now: Date;
  /** Whether the execution waited at this node and its time has come. */
  waited: boolean;
  /** Since when it has waited here and until when at the latest; only for a node that waits for the contact to change. */
  waiting?: { since: Date; until: Date };
  /** The node from which the execution jumped here, if this is a goal. */
  drawnFrom?: string;
  place: Place;
  /** The execution for whose end it waited, where it waited for another flow. */
  child: Child | undefined;
  /** The answer to the call for which it waited, and the number of tries. */
  answer: { answer: HttpAnswer; tries: number } | undefined;
  /** What the contact has written since the flow wrote last, oldest first. Only read in a flow that waits for replies. */
  replies: readonly Reply[];
  /** What was given with the send for what the flow asks for, by name. */
  given?: Readonly<Record<string, FrozenValue>>;
  /** The work that this execution may still do. What compares or fills in values counts it. */
  work: WorkBudget;
  /** A field by its name (`email`, `metadata.plan`, `trigger.order.id`); own properties only, undefined when missing. */
  read(field: string): unknown;
  /** A text with its merge fields filled in, or why it cannot be. `url` and `json` escape the values for where they stand. */
  fill(text: string, target?: "text" | "header" | "url" | "json"): Filled;
  /** A phone number as the network knows it; null where nothing was typed. */
  readPhone(typed: string): { e164: string; problem: null } | { e164: null; problem: string } | null;
}

export type Filled =
  | { text: string; missing?: undefined; problem?: undefined }
  | { missing: readonly string[]; text?: undefined; problem?: undefined }
  | { problem: "syntax" | "unsafe_value" | "too_long"; text?: undefined; missing?: undefined };

/**
 * Where the node is asked. Random choices are derived from these values, so a pass that is repeated after a crash chooses the same, and
 * so does a forecast that is made before the send.
 */
export interface Place {
  flowId: string;
  /** What a choice that is made anew for every enrollment is drawn from: the send and the contact. */
  draw: string;
  nodeId: string;
  visit: number;
  /** How often this execution has been at this node before. */
  earlierVisits: number;
}

/** A message as the author wrote it, merge fields and all. The engine fills it in, checks it and hands it over. */
export interface MessageDraft {
  channel: Channel;
  kind: MessageKind;
  subject?: string;
  text: string;
  html?: string;
  /** Seconds after the step was reached within which it leaves or not at all. */
  leavesWithinSeconds?: number | undefined;
}

/** A message of the contact. Automatic answers and words such as STOP are none. */
export interface Reply {
  id: string;
  channel: Channel;
  text: string;
}

/** A call to an address outside. The engine makes it, beside its passes, with the same idempotency key on every try. */
export interface HttpRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  url: string;
  headers: readonly HttpHeader[];
  body?: string;
  contentType?: string;
  timeLimitSeconds: number;
  /** The values that are wanted of the answer: the path to each, by the name of its field. */
  pick: Readonly<Record<string, string>>;
}

/** The value in pieces. A piece that names a secret is filled in only when the call is made. */
export interface HttpHeader {
  name: string;
  value: readonly (string | { secret: string })[];
}

export type HttpAnswer =
  | {
      outcome: "answered";
      status: number;
      /** The beginning of the body, as people may see it. */
      excerpt: string;
      /** Undefined where fields were wanted and the body could not be read. */
      fields: Readonly<Record<string, unknown>> | undefined;
      retryAfterMs: number | undefined;
      durationMs: number;
    }
  /** `refused`: it was not made, and must not be. */
  | { outcome: "refused" | "unreachable" | "timeout"; message: string; durationMs: number };

/** Another flow that is to be started for the contact of this execution. */
export interface FlowStart {
  flowId: string;
  /** The values that the other flow reads as `trigger`. */
  values: Readonly<Record<string, unknown>>;
  /** How many seconds to wait for its end at most; undefined where the starter goes on at once. */
  waitSeconds: number | undefined;
  exits: { started: string; notAllowed: string; failed: string };
}

/** An execution that was started by another, with its status. */
export interface Child {
  executionId: string;
  status: ExecutionStatus;
  reason: Reason | null;
}

export type Output = Record<string, unknown>;

/** The fields of a contact that are to be written. A field that is left out stays as it is. */
export interface ContactPatch extends Partial<ContactTexts> {
  phone?: { typed: string | null; e164: string | null };
  sms_opted_out?: boolean;
  email_opted_out?: boolean;
  dnc?: boolean;
  /** Where the contact gave the consent with which a channel is opened again. Without it an opt-out stays. */
  consent?: string;
  /** Only these keys are written. A key whose value is null is removed. */
  metadata?: Readonly<Record<string, unknown>>;
}

/** What a node wants to change of a contact, decided while the contact is locked. */
export type Decided =
  | { patch: ContactPatch; exit?: string; output: Output; problem?: undefined }
  /** Nothing is written, and the step fails. */
  | { problem: string; reason: Reason; output?: Output; patch?: undefined };
export type Decide = (
  context: Pick<NodeContext, "contact" | "read" | "fill" | "readPhone" | "work"> & {
    /** A lead status as the workspace's list spells it; one that is not in the list stays as it is. */
    spellStatus: (name: string) => string;
  },
) => Decided;
export type DecideContext = Parameters<Decide>[0];

/** What a node returns: what is to be done with the execution. */
export type Outcome =
  | { type: "next"; exit: string | undefined; output: Output | undefined; variables?: Variables; usesReply?: string }
  | { type: "wait"; until: Date; output: Output | undefined; watch?: { for: "event" | "time" | "reply"; lookAgainAt: Date | undefined } }
  | { type: "skip"; reason: Reason; output: Output | undefined }
  | { type: "end"; output: Output | undefined }
  | { type: "send"; draft: MessageDraft; onError: "stop" | "continue" }
  | { type: "change"; decide: Decide; onError: "stop" | "continue" }
  | { type: "start"; start: FlowStart }
  | { type: "leave"; flowIds: readonly string[] | null }
  | { type: "call"; request: HttpRequest }
  | { type: "call_again"; until: Date; reason: Reason; message: string; output: Output | undefined }
  | { type: "fail"; exit: string; reason: Reason; message: string; output: Output | undefined };

/** Values by name that live as long as the execution. A value of null removes the variable. */
export type Variables = Readonly<Record<string, unknown>>;

/** Go on, by the named exit or by the first one. */
export const next = (exit?: string, output?: Output): Outcome => ({ type: "next", exit, output });
/** Go on by this exit because of a reply. No other step of the execution goes on by the same one. */
export const answered = (exit: string, replyId: string, output: Output): Outcome => ({ type: "next", exit, output, usesReply: replyId });
/** Go on by the first exit, with these variables set. They are kept in the step's result, as `variables`. */
export const setVariables = (variables: Variables, output?: Output): Outcome => ({ type: "next", exit: undefined, output, variables });
/** Rest here; the same node is asked again when the time has come, with `waited` set. */
export const waitUntil = (until: Date, output?: Output): Outcome => ({ type: "wait", until, output });
/**
 * Rest here until then, and be asked again whenever the contact changes and at the given time. The wait stays one step as long
 * as the node answers with the same end. `for` is what the history says of it.
 */
export const watchUntil = (
  until: Date,
  options: { for?: "event" | "time" | "reply"; lookAgainAt?: Date; output?: Output } = {},
): Outcome => ({
  type: "wait",
  until,
  output: options.output,
  watch: { for: options.for ?? "event", lookAgainAt: options.lookAgainAt },
});
/** The execution has arrived. */
export const end = (output?: Output): Outcome => ({ type: "end", output });
/** Send this message, and go on by `sent`, `skipped` or `failed`. */
export const send = (draft: MessageDraft, options: { onError: "stop" | "continue" }): Outcome => ({ type: "send", draft, ...options });

/** Change the contact, exactly once: what `decide` says of it is committed together with the step. */
export const change = (decide: Decide, options: { onError: "stop" | "continue" }): Outcome => ({ type: "change", decide, ...options });

/** Start another flow for this contact, exactly once. Where its end is waited for, the node is asked again then. */
export const startFlow = (start: FlowStart): Outcome => ({ type: "start", start });
/** End the other executions of this contact: of these flows, or of all (null). */
export const leaveFlows = (flowIds: readonly string[] | null): Outcome => ({ type: "leave", flowIds });
/** Have this called. The node is asked again, with the answer, when there is one. */
export const call = (request: HttpRequest): Outcome => ({ type: "call", request });
/** The same call once more, at this time. */
export const callAgain = (until: Date, reason: Reason, message: string, output?: Output): Outcome => ({
  type: "call_again",
  until,
  reason,
  message,
  output,
});
/** The node failed. The flow goes on by this exit; where the exit leads nowhere, the execution has failed. */
export const failBy = (exit: string, reason: Reason, message: string, output?: Output): Outcome => ({
  type: "fail",
  exit,
  reason,
  message,
  output,
});

/** The step fails for good: trying again would change nothing until a person does. */
export class NonRetriableError extends Error {
  override name = "NonRetriableError";
  readonly reason: Reason;
  constructor(message: string, reason: Reason = "internal") {
    super(message);
    this.reason = reason;
  }
}

/** Not now: the step is tried again at this time. */
export class RetryAfterError extends Error {
  override name = "RetryAfterError";
  readonly at: Date;
  readonly reason: Reason;
  constructor(message: string, at: Date, reason: Reason = "provider_unavailable") {
    super(message);
    this.at = at;
    this.reason = reason;
  }
}

/**
 * What a node type does. It is called in memory for hundreds of executions at a time, so it is synchronous by design.
 *
 * @throws NonRetriableError where the step fails for good, RetryAfterError where it is to be tried again later. Any other
 *   error is a mistake in the node and fails the step.
 */
export type NodeExecutor<Definition extends NodeDefinition = NodeDefinition> = (
  context: NodeContext<z.output<Definition["config"]>>,
) => Outcome;
