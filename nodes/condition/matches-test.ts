import type { ConditionTest } from "./definition.ts";

/**
 * Says whether one test holds. No value, an empty text and an empty list count as missing. A missing value matches
 * is_empty, fails every positive comparison and passes every negative one: a contact without a status *is not*
 * "customer".
 */
export function matchesTest(test: ConditionTest, actual: unknown): boolean {
  const values = present(actual);
  const wanted = Array.isArray(test.value) ? test.value : test.value === undefined ? [] : [test.value];
  const fold = (value: unknown) => (test.caseSensitive ? String(value) : String(value).toLowerCase()).trim();
  const some = (compare: (found: string, looked: string) => boolean) =>
    values.some((found) => wanted.some((looked) => compare(fold(found), fold(looked))));

  switch (test.operator) {
    case "is_empty":
      return values.length === 0;
    case "is_not_empty":
      return values.length > 0;
    case "is":
    case "in":
      return some((found, looked) => found === looked || sameNumber(found, looked));
    case "is_not":
    case "not_in":
      return !some((found, looked) => found === looked || sameNumber(found, looked));
    case "contains":
      return some((found, looked) => found.includes(looked));
    case "not_contains":
      return !some((found, looked) => found.includes(looked));
    case "starts_with":
      return some((found, looked) => found.startsWith(looked));
    case "ends_with":
      return some((found, looked) => found.endsWith(looked));
    case "greater_than":
      return values.some((found) => wanted.some((looked) => (order(found, looked) ?? 0) > 0));
    case "less_than":
      return values.some((found) => wanted.some((looked) => (order(found, looked) ?? 0) < 0));
  }
}

/** A list, such as imported tags, is tested by its members. An object has no value to compare but is not missing. */
function present(actual: unknown): unknown[] {
  if (actual === undefined || actual === null) return [];
  if (Array.isArray(actual)) return actual.flatMap(present);
  if (actual instanceof Date) return [actual.toISOString()];
  if (typeof actual === "object") return Object.keys(actual).length === 0 ? [] : [JSON.stringify(actual)];
  return typeof actual === "string" && actual.trim() === "" ? [] : [actual];
}

/** "5", "5.0" and 5 are the same number; "007" and "7" are different codes. */
function sameNumber(a: string, b: string): boolean {
  const plain = /^-?(0|[1-9]\d{0,14})(\.\d{1,10})?$/;
  return plain.test(a) && plain.test(b) && Number(a) === Number(b);
}

/** Numbers are ordered by size and dates by time. Other values have no order, so a test for one does not hold. */
function order(found: unknown, looked: unknown): number | undefined {
  const [a, b] = [toNumber(found), toNumber(looked)];
  if (a !== undefined && b !== undefined) return a - b;
  const [earlier, later] = [toTime(found), toTime(looked)];
  return earlier !== undefined && later !== undefined ? earlier - later : undefined;
}

function toNumber(value: unknown): number | undefined {
  if (typeof value === "boolean") return undefined;
  const text = String(value).trim();
  return /^[+-]?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : undefined;
}

function toTime(value: unknown): number | undefined {
  const text = String(value).trim();
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
