import type { Provider } from "#channels/channel.ts";
import { countParts } from "#channels/count-parts.ts";
import type { MessageKind } from "#contract/message-kinds.ts";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import { smallSend } from "../jobs/work-sizes.ts";
import type { LimitedChannel } from "./channel-limiter-rows.ts";
import { readLastSenders } from "./last-sender-rows.ts";
import type { Slot } from "./sender-pace.ts";
import { giveBackSlots, type SenderAsk, takeSenderSlots } from "./sender-pace-rows.ts";
import { chooseSender } from "./sender-pool.ts";

/** A message that nothing else keeps from leaving. */
export interface AboutToLeave {
  contactId: string;
  to: string;
  /** The country of the number; null where it is not known. */
  country: string | null;
  text: string;
  kind: MessageKind;
  send: { id: string; expected: number };
}

/** Who sends it, and when: in so many milliseconds, or not before it has asked again. */
export interface SenderAnswer {
  /** Absent where the provider has no choice. */
  from?: string;
  leavesIn?: number;
  until?: Date;
}

export interface AskedSenders {
  /** One for each message, in order. */
  answers: readonly SenderAnswer[];
  /** Takes the moments of these messages back, because they do not leave now. */
  giveBack(indices: readonly number[]): Promise<void>;
}

/** What decides who sends a message, and how fast. */
export type SenderChoice = Pick<Provider, "name"> & Partial<Pick<Provider, "from" | "senders" | "paceOf" | "isOnThisMachine">>;

/** Chooses the sender of a message, and says what that one is asked for a moment with: nothing where it has no pace. */
export function planSender(
  { senders = [], from = null, paceOf }: SenderChoice,
  channel: Channel,
  { to, country, kind, send, text }: AboutToLeave,
  last: string | undefined,
): { from: string | undefined; ask: SenderAsk | undefined } {
  const chosen = chooseSender(senders, { to, country, last });
  const sender = chosen ?? from;
  if (!paceOf || sender === null) return { from: chosen, ask: undefined };
  const isFirst = kind !== "marketing";
  const line = isFirst ? "first" : send.expected <= smallSend ? "small" : send.id;
  return { from: chosen, ask: { sender, pace: paceOf(sender), parts: countParts[channel](text) ?? 1, isFirst, line } };
}

export const toSenderAnswer = (from: string | undefined, slot: Slot | undefined): SenderAnswer => ({
  ...(from !== undefined && { from }),
  ...(!slot ? {} : "leavesIn" in slot ? { leavesIn: slot.leavesIn } : { until: new Date(slot.until) }),
});

/** Finds the sender of each message of a batch, and a moment at which it may send it. A provider without senders is not asked about. */
export async function askSenders(
  { db, clock }: { db: Db; clock: Clock },
  provider: Provider,
  place: LimitedChannel,
  messages: readonly AboutToLeave[],
): Promise<AskedSenders> {
  const ids = messages.map(({ contactId }) => contactId);
  const last = await readLastSenders(db, { ...place, provider }, ids);
  const planned = messages.map((message) => planSender(provider, place.channel, message, last.get(message.contactId)));
  const asks = planned.flatMap(({ ask }, index) => (ask ? [{ index, ask }] : []));
  const slots = await takeSenderSlots(
    db,
    place,
    asks.map(({ ask }) => ask),
    clock,
  );
  const slotOf = new Map(asks.map(({ index }, n) => [index, slots[n] as Slot]));
  return {
    answers: planned.map(({ from }, index) => toSenderAnswer(from, slotOf.get(index))),
    giveBack: (indices) => {
      const unused = new Set(indices);
      const own = asks.flatMap(({ index, ask }) => (unused.has(index) ? [ask] : []));
      return own.length === 0 ? Promise.resolve() : giveBackSlots(db, place, own, clock);
    },
  };
}
