import type { Provider } from "#channels/channel.ts";
import { countParts } from "#channels/count-parts.ts";
import type { MessageKind } from "#contract/message-kinds.ts";
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

/** Finds the sender of each message of a batch, and a moment at which it may send it. A provider without senders is not asked about. */
export async function askSenders(
  { db, clock }: { db: Db; clock: Clock },
  provider: Provider,
  place: LimitedChannel,
  messages: readonly AboutToLeave[],
): Promise<AskedSenders> {
  const { senders = [], paceOf } = provider;
  const ids = messages.map(({ contactId }) => contactId);
  const last = await readLastSenders(db, { ...place, provider }, ids);
  const chosen = messages.map(({ contactId, to, country }) => chooseSender(senders, { to, country, last: last.get(contactId) }));
  const asks: { index: number; ask: SenderAsk }[] = [];
  messages.forEach(({ kind, send, text }, index) => {
    const sender = chosen[index] ?? provider.from;
    if (!paceOf || sender === null) return;
    const isFirst = kind !== "marketing";
    const line = isFirst ? "first" : send.expected <= smallSend ? "small" : send.id;
    asks.push({ index, ask: { sender, pace: paceOf(sender), parts: countParts[place.channel](text) ?? 1, isFirst, line } });
  });
  const slots = await takeSenderSlots(
    db,
    place,
    asks.map(({ ask }) => ask),
    clock,
  );
  const slotOf = new Map(asks.map(({ index }, n) => [index, slots[n] as Slot]));
  return {
    answers: chosen.map((from, index) => {
      const slot = slotOf.get(index);
      const when = !slot ? {} : "leavesIn" in slot ? { leavesIn: slot.leavesIn } : { until: new Date(slot.until) };
      return { ...(from !== undefined && { from }), ...when };
    }),
    giveBack: (indices) => {
      const unused = new Set(indices);
      const own = asks.flatMap(({ index, ask }) => (unused.has(index) ? [ask] : []));
      return own.length === 0 ? Promise.resolve() : giveBackSlots(db, place, own, clock);
    },
  };
}
