/**
 * Build Postgres array literals. pg would build them too, but it looks at every element, which for a chunk of 500
 * executions took a fifth of the worker's time.
 */
export function uuidArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => value ?? "NULL").join(",")}}`;
}

export function numberArray(values: readonly (number | null)[]): string {
  return `{${values.map((value) => value ?? "NULL").join(",")}}`;
}

export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? "NULL" : quote(value))).join(",")}}`;
}

/** Milliseconds since 1970 as whole microseconds, so that no digit is lost on the way. */
export function microArray(values: readonly (number | null)[]): string {
  return `{${values.map((value) => (value === null ? "NULL" : Math.round(value * 1000))).join(",")}}`;
}

function quote(text: string): string {
  const plain = !text.includes('"') && !text.includes("\\");
  return plain ? `"${text}"` : `"${text.replace(/["\\]/g, "\\$&")}"`;
}
