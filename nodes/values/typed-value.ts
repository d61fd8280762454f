import { z } from "zod";

/** The type in which a text with merge fields is kept. */
export const ValueType = z.enum(["text", "number", "boolean"]);
export type ValueType = z.output<typeof ValueType>;

/** The text as a value of the type, or undefined where the text is no such value. */
export function toTyped(text: string, type: ValueType): string | number | boolean | undefined {
  if (type === "text") return text;
  const plain = text.trim().toLowerCase();
  if (type === "boolean") {
    if (["true", "yes", "1"].includes(plain)) return true;
    return ["false", "no", "0"].includes(plain) ? false : undefined;
  }
  return /^[+-]?\d{1,15}(\.\d{1,15})?$/.test(plain) ? Number(plain) : undefined;
}

/** Says in words why a text could not be filled in. */
export const fillProblem = (problem: "syntax" | "unsafe_value" | "too_long"): string =>
  ({
    syntax: "A merge field cannot be read.",
    unsafe_value: "A value cannot stand in this text.",
    too_long: "The text is longer than 64 KiB.",
  })[problem];

const recordLength = 200;

/** The history keeps enough of a value to recognise it, never a whole document. */
export const ShortValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A value as the history keeps it: text is cut after 200 characters, and anything larger is cut as JSON. */
export function toRecord(value: unknown): z.output<typeof ShortValue> {
  if (value === undefined || value === null) return null;
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  // A character takes up to two units. Only as many are looked at as are kept.
  const text = (typeof value === "string" ? value : JSON.stringify(value)).slice(0, 2 * recordLength);
  return [...text].slice(0, recordLength).join("");
}
