import type { FieldChange, ResultFact } from "#contract/node-result.ts";

/** The fields that a step changed. It says so, too, where everything was as wanted before. */
export const changedFact = (changes: readonly FieldChange[]): ResultFact[] =>
  changes.length > 0
    ? [{ kind: "changes", label: "Changes", value: changes }]
    : [{ kind: "text", label: "Changed", value: "Nothing: it was so already" }];
