/** A cursor that we did not make, or made for another list. */
export class BadCursor extends Error {
  override name = "BadCursor";

  constructor() {
    super("This cursor does not belong to this list. Begin again without one.");
  }
}

type CursorPart = string | number | null;

/** Opaque to the caller: the place after which the next page begins. */
export function writeCursor(parts: readonly CursorPart[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/** `check` says whether the parts are such as this list writes; they come from outside and end as query parameters. */
export function readCursor<Parts extends readonly CursorPart[]>(
  cursor: string,
  check: (parts: readonly unknown[]) => parts is Parts,
): Parts {
  const parts = parse(cursor);
  if (!Array.isArray(parts) || !check(parts)) throw new BadCursor();
  return parts;
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as unknown;
  } catch {
    throw new BadCursor();
  }
}
