import type { Provider } from "#channels/channel.ts";
import type { SeenWait } from "#contract/contact-plan.ts";
import type { Selection } from "#contract/contacts.ts";
import type { HandMessage } from "#contract/conversations.ts";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";

/** Whether a person may write to a contact by hand. */
export interface HandQuestion {
  workspaceId: string;
  contactId: string;
  channel: Channel;
  /** Whether the message would stay on this machine. */
  stays: boolean;
}

export interface HandVerdict {
  /** Where the message would go; null where it cannot. */
  to: string | null;
  /** Null: it may leave. */
  refusal: Reason | null;
  contactVersion: string;
}

export interface SendByHandInput {
  workspaceId: string;
  contactId: string;
  message: HandMessage;
  provider: Provider;
}

/** What a person does about the wait that they see. */
export interface ChangeWaitInput {
  workspaceId: string;
  executionId: string;
  seen: SeenWait;
  change: { type: "skip" } | { type: "reschedule"; at: string } | { type: "take_out" };
}

export interface FindCollisionsInput {
  workspaceId: string;
  selection: Selection;
  /** Nobody waits for the answer any more. */
  signal?: AbortSignal;
}

export interface PlanContactInput {
  workspaceId: string;
  contactId: string;
  /** Nobody waits for the plan any more. */
  signal?: AbortSignal;
}
