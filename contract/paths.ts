/**
 * Names that reach the machinery of the language instead of data. `Object.assign` and its many look-alikes turn a key
 * `__proto__` of parsed JSON into a change of a prototype, so no name that comes from a person may be one of these.
 */
const forbidden = ["__proto__", "constructor", "prototype"] as const;
const forbiddenNames: ReadonlySet<string> = new Set(forbidden);

export const isForbiddenName = (name: string): boolean => forbiddenNames.has(name);

/** "__proto__, constructor or prototype", for messages that refuse them. */
export const forbiddenWords = `${forbidden.slice(0, -1).join(", ")} or ${forbidden.at(-1)}`;

/**
 * The value that stands at a path of nested objects and lists, such as `["order", "items", "0", "name"]`. The reader
 * follows own properties only, never inherited ones. It returns undefined where the path is empty or leads nowhere.
 */
export function readOwnPath(start: unknown, path: readonly string[]): unknown {
  if (path.length === 0) return undefined;
  let value = start;
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
