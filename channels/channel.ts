import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";

/** A message that passed every check, addressed and rendered. */
export interface OutgoingMessage {
  /** Our id; travels with the message where the provider allows it, so that its reports find the way back. */
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
 * What came of one hand-over. `unknown`: bytes left and no answer came, so it may have been sent; only the workspace's
 * rule may decide to try again. `rejected` with `retryable` says that nothing was sent and a later try may work.
 */
export type SendResult =
  | { outcome: "accepted"; providerMessageId: string }
  | {
      outcome: "rejected";
      reason: Reason;
      message: string;
      retryable: boolean;
      /** Where the provider said when to come back; all messages of the channel wait for as long. */
      retryAfterMs?: number;
      invalidatesAddress?: boolean;
    }
  | { outcome: "unknown"; message: string };

/** A configured way to send on one channel. `send` never throws for anything the other side did; a throw is our bug. */
export interface Provider {
  name: string;
  /** Shown as the sender in the history. */
  from: string | null;
  /** How many calls it takes at once from one process. */
  concurrency: number;
  send(message: OutgoingMessage, options: { signal: AbortSignal }): Promise<SendResult>;
  close?(): Promise<void>;
}
