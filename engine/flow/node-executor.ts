import type { z } from "zod";
import type { ContactTexts } from "#contract/contact-fields.ts";
import type { ExecutionStatus } from "#contract/executions.ts";
import type { Channel } from "#contract/messages.ts";
import type { NodeDefinition } from "#contract/node-definition.ts";
import type { Reason } from "#contract/reasons.ts";

/** The contact as a node sees it: read fresh from the database for every pass. */
export interface ContactFields extends ContactTexts {
  id: string;
  phone_number: string | null;
  phone_e164: string | null;
  metadata: Readonly<Record<string, unknown>>;
  sms_opted_out: boolean;
  email_opted_out: boolean;
  dnc: boolean;
  created_at: Date;
  updated_at: Date;
}

export interface WorkspaceFields {
  name: string;
  timeZone: string;
  /** Where a phone number without a country code is. */
  country: string;
}

/** All that a node may see. It cannot reach the database or a provider: whatever it wants done, it says so. */
export interface NodeContext<Config = unknown> {
  config: Config;
  contact: ContactFields;
  workspace: WorkspaceFields;
  /** The database's clock when this pass began. */
  now: Date;
  /** Whether the execution waited at this node and its time has come. */
  waited: boolean;
  /** Since when it waits here and until when at the latest; only for a node that waits for the contact to change. */
  waiting?: { since: Date; until: Date };
  /** The node from which it was drawn here, if this is a goal. */
  drawnFrom?: string;
  place: Place;
  /** What it waited for, where that was another flow. */
  child: Child | undefined;
  /** What came of the call that it waited for, and at which try. */
  answer: { answer: HttpAnswer; tries: number } | undefined;
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

/** Where it is asked. Chance is drawn from these, so that a pass that is repeated after a crash draws the same. */
export interface Place {
  flowId: string;
  executionId: string;
  nodeId: string;
  visit: number;
  /** How often this execution has been at this node before. */
  earlierVisits: number;
}

/** A message as the author wrote it, merge fields and all. The engine fills it in, checks it and hands it over. */
export interface MessageDraft {
  channel: Channel;
  subject?: string;
  text: string;
  html?: string;
}

/** A call to an address outside. It is made by the engine, beside its passes, with the same key on every try. */
export interface HttpRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  url: string;
  headers: readonly HttpHeader[];
  body?: string;
  contentType?: string;
  timeLimitSeconds: number;
  /** Which values of the answer are wanted: by field, the path to it. */
  pick: Readonly<Record<string, string>>;
}

/** The value in pieces: a piece that names a secret is filled in at the last moment, by whoever may read it. */
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

/** Another flow, to be started for the contact of this execution. */
export interface FlowStart {
  flowId: string;
  /** Handed over: what the flow reads as `trigger`. */
  values: Readonly<Record<string, unknown>>;
  /** For how long its end is waited for; undefined: not at all. */
  waitSeconds: number | undefined;
  exits: { started: string; notAllowed: string; failed: string };
}

/** What was started, and how it stands. */
export interface Child {
  executionId: string;
  status: ExecutionStatus;
  reason: Reason | null;
}

export type Output = Record<string, unknown>;

/** What is to be written of a contact; what is left out stays as it is. */
export interface ContactPatch extends Partial<ContactTexts> {
  phone?: { typed: string | null; e164: string | null };
  sms_opted_out?: boolean;
  email_opted_out?: boolean;
  dnc?: boolean;
  /** These keys of it only; one that is null is taken away. */
  metadata?: Readonly<Record<string, unknown>>;
}

/** What a change comes to, for the contact as it is while nobody else can change it. */
export type Decided =
  | { patch: ContactPatch; exit?: string; output: Output; problem?: undefined }
  /** Nothing is written, and the step fails. */
  | { problem: string; reason: Reason; output?: Output; patch?: undefined };
export type Decide = (context: Pick<NodeContext, "contact" | "read" | "fill" | "readPhone">) => Decided;

/** What a node says when it is done. */
export type Outcome =
  | { type: "next"; exit: string | undefined; output: Output | undefined; variables?: Variables }
  | { type: "wait"; until: Date; output: Output | undefined; watch?: { lookAgainAt: Date | undefined } }
  | { type: "skip"; reason: Reason; output: Output | undefined }
  | { type: "end"; output: Output | undefined }
  | { type: "send"; draft: MessageDraft; onError: "stop" | "continue" }
  | { type: "change"; decide: Decide; onError: "stop" | "continue" }
  | { type: "start"; start: FlowStart }
  | { type: "leave"; flowIds: readonly string[] | null }
  | { type: "call"; request: HttpRequest }
  | { type: "call_again"; until: Date; reason: Reason; message: string; output: Output | undefined }
  | { type: "fail"; exit: string; reason: Reason; message: string; output: Output | undefined };

/** Values by name that live as long as the execution; one that is null is taken away. */
export type Variables = Readonly<Record<string, unknown>>;

/** Go on, by the named exit or by the first one. */
export const next = (exit?: string, output?: Output): Outcome => ({ type: "next", exit, output });
/** Go on by the first exit, with these variables set. They are kept in the step's result, as `variables`. */
export const setVariables = (variables: Variables, output?: Output): Outcome => ({ type: "next", exit: undefined, output, variables });
/** Rest here; the same node is asked again when the time has come, with `waited` set. */
export const waitUntil = (until: Date, output?: Output): Outcome => ({ type: "wait", until, output });
/** Rest here until then, and be asked again whenever the contact changes, and at the given time. One step, however often. */
export const watchUntil = (until: Date, options: { lookAgainAt?: Date; output?: Output } = {}): Outcome => ({
  type: "wait",
  until,
  output: options.output,
  watch: { lookAgainAt: options.lookAgainAt },
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
/** It did not work out. The flow goes on by this exit; where the exit leads nowhere, the execution has failed. */
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
 * What a node type does: an outcome, or one of the two errors. Any other throw is a mistake in the node and fails the
 * step. It is called in memory for hundreds of executions at a time, so it is synchronous by design.
 */
export type NodeExecutor<Definition extends NodeDefinition = NodeDefinition> = (
  context: NodeContext<z.output<Definition["config"]>>,
) => Outcome;
