import { parseExactJson } from "#contract/exact-json.ts";
import { readOwnPath } from "#contract/paths.ts";

const longestValue = 2_000;

/**
 * Reads values of a JSON answer by path (`data.order.id`, `items.0.name`). Inherited properties are not found, and a
 * missing value is left out. Undefined: the answer is neither empty nor JSON.
 */
export function pickFields(body: string, pick: Readonly<Record<string, string>>): Record<string, unknown> | undefined {
  const wanted = Object.entries(pick);
  // An empty answer, such as a 204, holds no value and is no error.
  if (wanted.length === 0 || body.trim() === "") return {};
  let data: unknown;
  try {
    data = parseExactJson(body);
  } catch {
    return undefined;
  }
  return Object.fromEntries(
    wanted.flatMap(([field, path]) => {
      const value = toPlain(readOwnPath(data, path.split(".")));
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

/** A value that a text or a condition can use. Objects and lists become JSON. */
function toPlain(value: unknown): unknown {
  if (value === null || value === undefined || typeof value === "boolean" || typeof value === "number") return value ?? undefined;
  return (typeof value === "string" ? value : JSON.stringify(value)).slice(0, longestValue).toWellFormed();
}
