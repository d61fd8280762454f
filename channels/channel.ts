import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";

/** A message that passed every check, addressed and rendered. */
export interface OutgoingMessage {
  /** Our id. It is sent along where the provider allows it, so that delivery reports can be matched. */
  id: string;
  workspaceId: string;
  channel: Channel;
  /** E.164 for SMS; one bare address for e-mail. */
  to: string;
  subject?: string;
  text: string;
  html?: string;
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
    }
  | { outcome: "unknown"; message: string };

/** An open provider of one workspace and channel. `send` does not throw for anything the other side did; a throw is a bug of ours. */
export interface Provider {
  name: string;
  /** Shown as the sender in the history. */
  from: string | null;
  /** How many calls one process may make at the same time. */
  concurrency: number;
  send(message: OutgoingMessage, options: { signal: AbortSignal }): Promise<SendResult>;
  /** Connects and signs in, and sends nothing. Returns why the provider cannot be used, in words; undefined if it can. */
  check?(options: { signal: AbortSignal }): Promise<string | undefined>;
  close?(): Promise<void>;
}
