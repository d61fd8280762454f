import type { SenderPace } from "#channels/channel.ts";
import type { Channel } from "#contract/messages.ts";
import { planSender, toSenderAnswer } from "../messages/ask-senders.ts";
import type { DayUse } from "../messages/day-room-rows.ts";
import { type Candidate, type GateAnswer, toAsk, waits, withSender } from "../messages/gate.ts";
import { giveBackSlot, type SenderState, type Slot, takeSlots } from "../messages/sender-pace.ts";
import type { SenderAsk } from "../messages/sender-pace-rows.ts";
import type { ProviderNames } from "./provider-names.ts";
import type { Walked } from "./walked.ts";

/** A message that the gate would let leave. */
export interface Asking {
  walked: Walked;
  candidate: Candidate;
  answer: GateAnswer;
}

interface Before {
  providers: ProviderNames;
  /** How far the moments of the senders are given out, by channel. */
  senders: Partial<Record<Channel, ReadonlyMap<string, SenderState>>>;
  day: DayUse;
  /** How many contacts share them. */
  contacts: number;
}

const dayMs = 86_400_000;

/**
 * What all messages of a forecast share: the pace of their senders and the limit of the workspace's day. They are given out as the gate
 * does it, in the order in which messages ask. Contacts that are too many to be walked side by side are walked in portions, each with
 * its share of every limit.
 */
export class SenderAndDayLimits {
  readonly #before: Before;
  #share = 1;
  #senders = new Map<string, SenderState>();
  #day: DayUse;

  constructor(before: Before) {
    this.#before = before;
    this.#day = { ...before.day };
  }

  /** Begins a portion of so many contacts. */
  begin(contacts: number): void {
    const { day } = this.#before;
    this.#share = Math.min(1, contacts / this.#before.contacts);
    this.#senders = new Map();
    this.#day = { perDay: Math.max(1, day.perDay * this.#share), from: day.from, used: day.used * this.#share };
  }

  /** Stage 11 of the gate for messages of one channel that ask at the same moment, in order. Returns what becomes of each. */
  ask(channel: Channel, asking: readonly Asking[], now: number): GateAnswer[] {
    const provider = this.#before.providers[channel];
    const answers = asking.map(({ answer }) => answer);
    if (provider === undefined || provider instanceof Error) return this.#askDay(answers, [], now);
    const asks: (SenderAsk | undefined)[] = asking.map(({ walked, candidate, answer }, index) => {
      if (answer.verdict !== "leaves") return undefined;
      const { from, ask } = planSender(provider, channel, toAsk(candidate, answer), walked.lastSenders.get(channel));
      answers[index] = withSender(answer, toSenderAnswer(from, ask && this.#takeSlot(channel, ask, now)));
      return ask;
    });
    return this.#askDay(answers, asks, now, channel);
  }

  #askDay(answers: GateAnswer[], asks: readonly (SenderAsk | undefined)[], now: number, channel?: Channel): GateAnswer[] {
    const moment = answers.flatMap(({ verdict }, index) => (verdict === "leaves" ? index : []));
    if (moment.length === 0) return answers;
    // A day begins with its first message.
    if (this.#day.from === null || this.#day.from + dayMs <= now) this.#day = { ...this.#day, from: now, used: 0 };
    const granted = Math.max(0, Math.min(moment.length, Math.floor(this.#day.perDay - this.#day.used)));
    this.#day.used += granted;
    for (const index of moment.slice(granted)) {
      answers[index] = waits("day_limit", new Date((this.#day.from as number) + dayMs));
      const ask = asks[index];
      if (ask && channel) this.#giveBack(channel, ask);
    }
    return answers;
  }

  #takeSlot(channel: Channel, ask: SenderAsk, now: number): Slot {
    const key = `${channel} ${ask.sender}`;
    const { slots, state } = takeSlots(this.#stateOf(channel, ask.sender), this.#paceOf(ask), [ask], now);
    this.#senders.set(key, state);
    return slots[0] as Slot;
  }

  #giveBack(channel: Channel, ask: SenderAsk): void {
    const state = this.#stateOf(channel, ask.sender);
    if (state) this.#senders.set(`${channel} ${ask.sender}`, giveBackSlot(state, this.#paceOf(ask), ask.parts));
  }

  #stateOf(channel: Channel, sender: string): SenderState | undefined {
    const known = this.#senders.get(`${channel} ${sender}`);
    if (known) return known;
    const before = this.#before.senders[channel]?.get(sender);
    return before && { ...before, used: before.used * this.#share };
  }

  #paceOf({ pace: { partsPerSecond, partsPerDay } }: SenderAsk): SenderPace {
    return {
      partsPerSecond: partsPerSecond * this.#share,
      partsPerDay: partsPerDay === null ? null : Math.max(1, partsPerDay * this.#share),
    };
  }
}
