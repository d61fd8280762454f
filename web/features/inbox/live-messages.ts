import type { Message } from "#contract/messages.ts";

/**
 * Lays the newest page, which is asked for again and again, over the pages that were loaded before. Messages that the newest
 * page knows are shown as it has them, because their status may have moved. The others stay below them in their order.
 * `gap` is true when more arrived between two looks than one page holds: the pages before then no longer join on.
 *
 * @param isShort whether the newest page ends before it is full, at a place from which the list goes on. It then looked at
 *   thousands of messages, and what was found further down stays true.
 */
export function joinLive(newest: readonly Message[], before: readonly Message[], isShort: boolean): { rows: Message[]; gap: boolean } {
  const fresh = new Set(newest.map((message) => message.id));
  const older = before.filter((message) => !fresh.has(message.id));
  const joins = isShort || before.length === 0 || older.length < before.length;
  return joins ? { rows: [...newest, ...older], gap: false } : { rows: [...newest], gap: true };
}
