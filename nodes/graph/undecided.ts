/**
 * What an import could not decide about a step that would run without it: who is written to, when, or whether at all. The
 * questions stand in the step's data, and the flow cannot be published before somebody has taken each of them away.
 */
export const undecidedOf = (data: Readonly<Record<string, unknown>>): string[] =>
  Array.isArray(data.undecided) ? data.undecided.filter((one) => typeof one === "string") : [];
