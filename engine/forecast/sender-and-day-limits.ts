import type { SenderPace } from "#channels/channel.ts";
import type { Channel } from "#contract/messages.ts";
import { planSender, toSenderAnswer } from "../messages/ask-senders.ts";
import type { DayUse } from "../messages/day-room-rows.ts";
import { isOfDomain } from "../messages/domain-room.ts";
import { type Candidate, type GateAnswer, type LimitReason, toAsk, waits, withSender } from "../messages/gate.ts";
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
  /** The marketing e-mails of a domain without proof; null where it has one. */
  unproven: DayUse | null;
  /** How many contacts share them. */
  contacts: number;
}

interface AskingDay {
  now: number;
  code: LimitReason;
  /** Whether the limit is one of this message. */
  concerned(index: number): boolean;
  /** The message does not leave, so its moment at its sender is free again. */
  giveBack(index: number): void;
}

const dayMs = 86_400_000;

/**
 * What all messages of a forecast share: the pace of their senders, the limit of the workspace's day and that of a domain which is not checked.
 * They are given out as the gate does it, in the order in which messages ask. Contacts that are too many to be walked side by side are walked in portions, each with
 * its share of every limit.
 */
export class SenderAndDayLimits {
  readonly #before: Before;
  #share = 1;
  #senders = new Map<string, SenderState>();
  #day: DayUse;
  #unproven: DayUse | null;

  constructor(before: Before) {
    this.#before = before;
    this.#day = { ...before.day };
    this.#unproven = before.unproven && { ...before.unproven };
  }

  /** Begins a portion of so many contacts. */
  begin(contacts: number): void {
    const { day, unproven } = this.#before;
    this.#share = Math.min(1, contacts / this.#before.contacts);
    this.#senders = new Map();
    this.#day = this.#shareOf(day);
    this.#unproven = unproven && this.#shareOf(unproven);
  }

  #shareOf({ perDay, from, used }: DayUse): DayUse {
    return { perDay: Math.max(1, perDay * this.#share), from, used: used * this.#share };
  }

  /** Stage 11 of the gate for messages of one channel that ask at the same moment, in order. Returns what becomes of each. */
  ask(channel: Channel, asking: readonly Asking[], now: number): GateAnswer[] {
    const provider = this.#before.providers[channel];
    const answers = asking.map(({ answer }) => answer);
    const asks: (SenderAsk | undefined)[] = asking.map(({ walked, candidate, answer }, index) => {
      if (answer.verdict !== "leaves" || provider === undefined || provider instanceof Error) return undefined;
      const { from, ask } = planSender(provider, channel, toAsk(candidate, answer), walked.lastSenders.get(channel));
      answers[index] = withSender(answer, toSenderAnswer(from, ask && this.#takeSlot(channel, ask, now)));
      return ask;
    });
    const giveBack = (index: number) => {
      const ask = asks[index];
      if (ask) this.#giveBack(channel, ask);
    };
    if (this.#unproven) {
      const concerned = (index: number) => isOfDomain((asking[index] as Asking).candidate.draft);
      this.#unproven = this.#askDay(this.#unproven, answers, { now, code: "domain_unchecked", concerned, giveBack });
    }
    this.#day = this.#askDay(this.#day, answers, { now, code: "day_limit", concerned: () => true, giveBack });
    return answers;
  }

  /** Gives out what a day has left, in order. Returns what is used of it then. */
  #askDay(day: DayUse, answers: GateAnswer[], { now, code, concerned, giveBack }: AskingDay): DayUse {
    const moment = answers.flatMap(({ verdict }, index) => (verdict === "leaves" && concerned(index) ? index : []));
    if (moment.length === 0) return day;
    // A day begins with its first message.
    const { perDay, from, used } =
      day.from === null || day.from + dayMs <= now ? { ...day, from: now, used: 0 } : { ...day, from: day.from };
    const granted = Math.max(0, Math.min(moment.length, Math.floor(perDay - used)));
    for (const index of moment.slice(granted)) {
      answers[index] = waits(code, new Date(from + dayMs));
      giveBack(index);
    }
    return { perDay, from, used: used + granted };
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
