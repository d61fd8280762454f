import { DateTime } from "luxon";
import { z } from "zod";
import type { SenderPace } from "#channels/channel.ts";

/** A message that asks its sender for a moment to leave at. */
export interface PaceAsk {
  /** In how many parts it is sent. */
  parts: number;
  /** A person waits for it, so it goes past what only advertises. */
  isFirst: boolean;
  /** Whose turn it takes among those who wait at this sender: a large send has a line of its own, all small ones share one. */
  line: string;
}

/** When it may leave: in so many milliseconds, or not before it has asked again. */
export type Slot = { leavesIn: number } | { until: number };

/** What is kept of a sender. Moments are in milliseconds since 1970. */
const SenderState = z.object({
  /** The next moment that is free. */
  nextAt: z.number(),
  /** The day that is counted, and the parts that it had. */
  day: z.string(),
  used: z.number(),
  /** The line that had the last moment, and the one that is next although another asks before. */
  last: z.string().nullable(),
  owed: z.object({ line: z.string(), until: z.number() }).nullable(),
  /** Until when each line has told its messages to come back. */
  lines: z.record(z.string(), z.number()),
  /** The pace for which this was told. */
  pace: z.string(),
});
export type SenderState = z.infer<typeof SenderState>;

/** Moments are given out this far ahead; a worker that has some waits so long before the call. Milliseconds. */
export const horizonMs = 1_000;
const shortestWaitMs = 250;
/** A line that was passed over has so long to come back for its moment. */
const graceMs = 3_000;
/** Carriers count their days in this zone. */
const zone = "America/Los_Angeles";
/** Large sends that wait at one sender at the same time are few. */
const mostLines = 50;

/** What is stored; undefined for something that this version cannot read, which is forgotten. */
export const readSenderState = (stored: unknown): SenderState | undefined => SenderState.safeParse(stored).data;

/**
 * Gives out moments of a sender, one after the other and never two closer than its pace allows, so that no second has more parts
 * than the pace, whoever asks. What gets none is told when to ask again: behind the messages of its own send that were told before. No
 * line gets all: one that was passed over is next as soon as it comes, and what a person waits for is always next.
 */
export function takeSlots(
  before: SenderState | undefined,
  pace: SenderPace,
  asks: readonly PaceAsk[],
  now: number,
): { slots: Slot[]; state: SenderState } {
  const today = DateTime.fromMillis(now, { zone });
  const state = startFrom(before, pace, today, now);
  const spacing = ({ parts }: PaceAsk) => (Math.max(1, parts) * 1_000) / pace.partsPerSecond;
  /** The next moment of the line that is not before `from`. */
  const tell = (ask: PaceAsk, from: number): number => {
    const line = Object.hasOwn(state.lines, ask.line) || Object.keys(state.lines).length < mostLines ? ask.line : "others";
    const moment = Math.max(state.lines[line] ?? 0, from);
    state.lines[line] = moment + spacing(ask);
    return moment;
  };

  const slots = asks.map((ask): Slot => {
    // A message that alone is longer than the day allows would never leave, so it may be the first of a day.
    if (pace.partsPerDay !== null && state.used > 0 && state.used + ask.parts > pace.partsPerDay)
      return { until: tell(ask, today.plus({ days: 1 }).startOf("day").toMillis()) };
    const slot = Math.max(state.nextAt, now);
    const { owed } = state;
    const isPassedOver = !ask.isFirst && owed !== null && owed.until > now && owed.line !== ask.line;
    if (slot < now + horizonMs && !isPassedOver) {
      state.nextAt = slot + spacing(ask);
      state.used += ask.parts;
      state.last = ask.line;
      if (owed?.line === ask.line) state.owed = null;
      return { leavesIn: slot - now };
    }
    const isNext = ask.isFirst || (state.last !== ask.line && (owed === null || owed.until <= now));
    if (isNext && owed?.line !== ask.line) state.owed = { line: ask.line, until: slot + graceMs };
    const moment = tell(ask, isPassedOver ? Math.max(slot, now + horizonMs) : slot);
    // It asks again a little before, so that the sender is not idle until somebody has woken it.
    return { until: Math.max(moment - horizonMs / 2, now + shortestWaitMs) };
  });
  return { slots, state };
}

/** Takes the next moment for a message that leaves now, whatever the pace says, because a person sends it by hand. */
export function spendSlot(before: SenderState | undefined, pace: SenderPace, parts: number, now: number): SenderState {
  const state = startFrom(before, pace, DateTime.fromMillis(now, { zone }), now);
  return { ...state, nextAt: Math.max(state.nextAt, now) + (Math.max(1, parts) * 1_000) / pace.partsPerSecond, used: state.used + parts };
}

/** Takes a moment back that is not used. What was told to others stays. */
export function giveBackSlot(state: SenderState, pace: SenderPace, parts: number): SenderState {
  return { ...state, nextAt: state.nextAt - (Math.max(1, parts) * 1_000) / pace.partsPerSecond, used: Math.max(0, state.used - parts) };
}

function startFrom(before: SenderState | undefined, pace: SenderPace, today: DateTime, now: number): SenderState {
  const day = today.toFormat("yyyy-MM-dd");
  const told = `${pace.partsPerSecond} ${pace.partsPerDay ?? ""}`;
  if (!before) return { nextAt: 0, day, used: 0, last: null, owed: null, lines: {}, pace: told };
  const waiting = before.pace === told ? Object.entries(before.lines).filter(([, until]) => until > now) : [];
  // At another pace nobody waits for what the former one has promised.
  const nextAt = before.pace === told ? before.nextAt : Math.min(before.nextAt, now + horizonMs);
  const used = before.day === day ? before.used : 0;
  return { ...before, day, used, nextAt, pace: told, lines: Object.fromEntries(waiting), owed: waiting.length > 0 ? before.owed : null };
}
