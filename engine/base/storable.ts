/** As JSON that jsonb can hold: a character that it cannot would fail the statement for everybody in it. */
export const toStorable = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (typeof part === "string" ? part.replaceAll("\0", "").toWellFormed() : part));
