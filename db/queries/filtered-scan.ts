import type { Place } from "./newest-first.ts";

/** The rows that one read of a stretch of a list found. */
export interface Look {
  /** Rows that match, newest first. */
  ids: string[];
  /** How many rows were looked at, and the oldest of them. */
  looked: number;
  end: Place | undefined;
}

export interface LookThrough {
  place: Place | undefined;
  wanted: number;
  /** The most rows to look at in one go. */
  longest: number;
  /** When the request began, by the clock, where something was done before the first look. */
  since?: number;
  /** The clock, milliseconds. */
  now?: () => number;
}

/** After this many milliseconds a page comes back short rather than late. */
const patience = 120;
/** A short read finds a page where most rows match. Where few match, reads get longer while time is left, because each costs a round trip. */
const firstStretch = 500;
const growth = 5;

/**
 * Finds rows by something that has no index. An index on a status would cost every execution a second write for each
 * change of it, so such filters read the list in its own order, a stretch at a time. Mostly the page is full after one;
 * where matches are rare among millions, the page ends short with a cursor that says "this far, go on".
 */
export async function scanFiltered(
  { place, wanted, longest, now = () => performance.now(), since = now() }: LookThrough,
  look: (place: Place | undefined, wanted: number, stretch: number) => Promise<Look>,
): Promise<{ ids: string[]; resumeAt: Place | undefined }> {
  const ids: string[] = [];
  let from = place;
  for (let stretch = Math.min(firstStretch, longest); ; ) {
    const lookedAt = now();
    const found = await look(from, wanted - ids.length, stretch);
    ids.push(...found.ids);
    if (ids.length >= wanted || found.looked < stretch || !found.end) return { ids, resumeAt: undefined };
    const left = patience - (now() - since);
    if (left <= 0) return { ids, resumeAt: found.end };
    from = found.end;
    // As many rows as the time left is enough for, by how long these took.
    const affordable = Math.ceil((stretch / Math.max(now() - lookedAt, 1)) * left);
    stretch = Math.min(stretch * growth, longest, Math.max(affordable, firstStretch));
  }
}

/** From the one row in which a query tells what it found. */
export function toLook(row: { ids: string[] | null; looked: number; end_id: string | null; end_at: number | null } | undefined): Look {
  const end = row?.end_id != null && row.end_at != null ? { id: row.end_id, at: row.end_at } : undefined;
  return { ids: row?.ids ?? [], looked: row?.looked ?? 0, end };
}
