import type { Message } from "#contract/messages.ts";

/**
 * The newest page, asked for again and again, laid over the pages loaded before. Rows the newest page knows are its
 * (their status may have moved), the others stay below them in their order.
 * `gap` is true when more arrived between two looks than one page holds: the pages before then no longer join on.
 */
export function joinLive(newest: readonly Message[], before: readonly Message[]): { rows: Message[]; gap: boolean } {
  if (newest.length === 0) return { rows: [], gap: before.length > 0 };
  const fresh = new Set(newest.map((message) => message.id));
  const older = before.filter((message) => !fresh.has(message.id));
  const joins = before.length === 0 || older.length < before.length;
  return joins ? { rows: [...newest, ...older], gap: false } : { rows: [...newest], gap: true };
}
