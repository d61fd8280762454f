import type { MessageKind } from "#contract/message-kinds.ts";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";

/** A message that passed every check, addressed and rendered. */
export interface OutgoingMessage {
  /** Our id. It is sent along where the provider allows it, so that delivery reports can be matched. */
  id: string;
  workspaceId: string;
  channel: Channel;
  kind: MessageKind;
  /** E.164 for SMS; one bare address for e-mail. */
  to: string;
  /** The one of the provider's senders that is to be used; absent where it has no choice. */
  from?: string;
  subject?: string;
  text: string;
  html?: string;
  /** An e-mail that people can unsubscribe from: where a program that shows it does so for them (RFC 8058). */
  unsubscribeUrl?: string;
  /** The flow that the e-mail is of, for mailbox providers that count complaints by campaign. */
  campaign?: string;
  /** In milliseconds since 1970: no later than this it may reach the person, where the provider can be told. */
  validUntil?: number;
}

/**
 * The result of one call of a provider. `unknown`: bytes were sent and no answer came, so the message may have been
 * sent; only the workspace's rule decides whether to try again. `rejected` with `retryable`: nothing was sent and a later
 * try may work.
 */
export type SendResult =
  | { outcome: "accepted"; providerMessageId: string }
  | {
      outcome: "rejected";
      reason: Reason;
      message: string;
      retryable: boolean;
      /** How long the provider asked us to wait. All messages of the channel wait that long. */
      retryAfterMs?: number;
      /** The refusal would meet every message of the channel, so the channel pauses at once. */
      pausesChannel?: boolean;
      /** False: the message is not to blame, and the refusal costs none of its tries. Default: true. */
      costsTry?: boolean;
      /** The provider says that this address does not exist. */
      invalidatesAddress?: boolean;
      /** The provider says that the person behind this address has refused messages. */
      optedOut?: boolean;
    }
  | { outcome: "unknown"; message: string };

/** A message of which nobody knows whether the provider took it. */
export interface DoubtfulMessage extends Omit<OutgoingMessage, "kind"> {
  /** When it was handed over, or was about to be. */
  handedOverAt: Date;
}

/**
 * The answer of a provider's own records about a message in doubt. `found` names the messages there that may be it, oldest first;
 * the caller leaves out those that it knows as others. `not_found` names messages to the same address with another text: one that
 * the caller does not know may still be it, because texts are changed on the way. `unknown`: the records could not be read, or
 * do not tell.
 */
export type ReconcileResult =
  | { outcome: "found"; providerMessageIds: string[] }
  | { outcome: "not_found"; otherIds: string[] }
  | {
      outcome: "unknown";
      message: string;
      /** Asking again in a while may tell. */
      mayChange?: boolean;
    };

/** How fast a sender hands messages over, in parts: carriers count a long text message as several. */
export interface SenderPace {
  partsPerSecond: number;
  /** Null sets no limit for a day. */
  partsPerDay: number | null;
}

/** An open provider of one workspace and channel. `send` does not throw for anything the other side did; a throw is a bug of ours. */
export interface Provider {
  name: string;
  /** Shown as the sender in the history. */
  from: string | null;
  /** All senders there are to choose from; absent where there is no choice and no limit for each. */
  senders?: readonly string[];
  /** How fast each of the senders may hand messages over; absent where no sender has a limit of its own. */
  paceOf?(sender: string): SenderPace;
  /** Its server is on this machine or in the place of one, so what it takes may be read here, where links to this machine open. */
  isOnThisMachine?: boolean;
  /** How many calls one process may make at the same time. */
  concurrency: number;
  send(message: OutgoingMessage, options: { signal: AbortSignal }): Promise<SendResult>;
  /** Looks a message in doubt up in the provider's records. Absent where it keeps none that can be read. */
  reconcile?(message: DoubtfulMessage, options: { signal: AbortSignal }): Promise<ReconcileResult>;
  /** Goes with `reconcile`: milliseconds after which a message that was taken is surely in the records. */
  reconcileAfterMs?: number;
  /** Since when these settings are in use. The records of the account before them are others. Absent: always. */
  inUseSince?: Date;
  /** Connects and signs in, and sends nothing. Returns why the provider cannot be used, in words; undefined if it can. */
  check?(options: { signal: AbortSignal }): Promise<string | undefined>;
  close?(): Promise<void>;
}
