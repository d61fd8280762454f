import type { ResultFact } from "#contract/node-result.ts";

/** "Time zone: Europe/Berlin"; no fact where the result does not hold the value. */
export const textFact = (label: string, value: string | number | null | undefined): ResultFact[] =>
  value === undefined || value === null ? [] : [{ kind: "text", label, value: String(value) }];

/** A moment, as an ISO timestamp. Text that is no moment is told as it stands. */
export const timeFact = (label: string, value: string | null | undefined): ResultFact[] =>
  value === undefined || value === null ? [] : [{ kind: Number.isNaN(Date.parse(value)) ? "text" : "time", label, value }];

/** Merge fields for which there was no value. */
export const missingFact = (fields: readonly string[] | undefined): ResultFact[] => textFact("Fields without a value", fields?.join(", "));

export const rehearsedFact = (rehearsed: boolean | undefined): ResultFact[] =>
  rehearsed === true ? textFact("Test", "Rehearsed only: nothing was changed") : [];

/** A goal further on drew the execution away from a step at which it waited. */
export const drawnAwayFact = (goal: string | undefined): ResultFact[] => textFact("Drawn to", goal);
