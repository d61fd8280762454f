import type { z } from "zod";

/** A cursor that we did not make, or made for another list. */
export class BadCursor extends Error {
  override name = "BadCursor";

  constructor() {
    super("This cursor does not belong to this list. Begin again without one.");
  }
}

type CursorPart = string | number | null;

/** Opaque to the caller: the place after which the next page begins. The first part names the list. */
export function writeCursor(parts: readonly CursorPart[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/**
 * The parts come from outside and end as query parameters, so `shape` allows only what this list writes: its own name
 * first, then values that their columns can hold.
 */
export function readCursor<Shape extends z.ZodTuple>(cursor: string, shape: Shape): z.output<Shape> {
  const { success, data } = shape.safeParse(parse(cursor));
  if (!success) throw new BadCursor();
  return data;
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as unknown;
  } catch {
    throw new BadCursor();
  }
}
