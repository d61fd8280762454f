import type { OutgoingMessage, Provider, SendResult } from "#channels/channel.ts";
import type { Channel } from "#contract/messages.ts";

/** What a provider may do with a message: accept it, say that it did not send it, or leave the outcome unknown. */
export const answers = ["accept", "refuse", "busy", "no such address", "silence", "throw"] as const;
export type Answer = (typeof answers)[number];

/** Only after these answers may the message be handed over once more. */
export const saysNotSent: readonly Answer[] = ["busy"];

/** One hand-over, as the outside world saw it. */
export interface Call {
  messageId: string;
  channel: Channel;
  to: string;
  text: string;
  answer: Answer;
  /** In milliseconds of the engine's clock. */
  at: number;
  /** The number of the command that was under way. */
  turn: number;
}

/**
 * A provider that records what it was given. It answers as it is told to, and accepts everything without instructions.
 */
export function modelProvider(channel: Channel, told: Answer[], onCall: (call: Omit<Call, "at" | "turn">) => void): Provider {
  return {
    name: "model",
    from: channel === "email" ? "sender@example.test" : "+15550001111",
    concurrency: 3,
    async send(message: OutgoingMessage): Promise<SendResult> {
      const answer = told.shift() ?? "accept";
      onCall({ messageId: message.id, channel, to: message.to, text: message.text, answer });
      return results[answer]();
    },
  };
}

const rejected = (more: { retryable: boolean; invalidatesAddress?: boolean }) =>
  ({ outcome: "rejected", reason: "provider_rejected", message: "No", ...more }) as const;

const results: Record<Answer, () => SendResult> = {
  accept: () => ({ outcome: "accepted", providerMessageId: "taken" }),
  refuse: () => rejected({ retryable: false }),
  busy: () => rejected({ retryable: true }),
  "no such address": () => rejected({ retryable: false, invalidatesAddress: true }),
  silence: () => ({ outcome: "unknown", message: "No answer" }),
  throw: () => {
    throw new Error("The provider broke");
  },
};
