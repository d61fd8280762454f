import type { OutgoingMessage, Provider, SendResult } from "#channels/channel.ts";
import type { Channel } from "#contract/messages.ts";

type Answer = SendResult | ((message: OutgoingMessage) => SendResult | Promise<SendResult>);

export interface FakeProvider extends Provider {
  /** Every call, in order; what the world outside would have received. */
  readonly calls: OutgoingMessage[];
  /** How the next calls are answered; the last answer stays. */
  answer(...answers: Answer[]): void;
}

/** A provider that takes everything unless told otherwise, and counts. */
export function fakeProvider(channel: Channel, options: { concurrency?: number } = {}): FakeProvider {
  const calls: OutgoingMessage[] = [];
  let answers: Answer[] = [];
  return {
    name: "fake",
    from: channel === "email" ? "sender@example.test" : "+15550001111",
    concurrency: options.concurrency ?? 50,
    calls,
    answer: (...given) => {
      answers = given;
    },
    async send(message) {
      calls.push(message);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === undefined) return { outcome: "accepted", providerMessageId: `fake-${message.id}` };
      return typeof answer === "function" ? answer(message) : answer;
    },
  };
}
