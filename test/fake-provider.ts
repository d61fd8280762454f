import type { OutgoingMessage, Provider, SendResult } from "#channels/channel.ts";
import type { Channel } from "#contract/messages.ts";

type Answer = SendResult | ((message: OutgoingMessage) => SendResult | Promise<SendResult>);

export interface FakeProvider extends Provider {
  /** Every call, in order: what the outside world would have received. */
  readonly calls: OutgoingMessage[];
  /** Sets the answers of the next calls. The last one is used for all further calls. */
  answer(...answers: Answer[]): void;
}

/** A provider that accepts everything unless a test says otherwise, and counts. */
export function fakeProvider(channel: Channel, options: { concurrency?: number } = {}): FakeProvider {
  const calls: OutgoingMessage[] = [];
  let answers: Answer[] = [];
  return {
    name: "fake",
    from: channel === "email" ? "sender@example.test" : "+15550001111",
    concurrency: options.concurrency ?? 50,
    isOnThisMachine: true,
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
