import { isAfter, isBefore, isOn, readComparableDate } from "./comparable-date.ts";
import { compareNumbers, isSameNumber } from "./comparable-number.ts";
import { cleanValue, comparableText, foldCase, isWholeNumber, phoneDigits } from "./comparable-text.ts";

/*
 * The rules by which values are compared. Conditions of flows ask this file. db/queries/contact-filter.ts says the same in
 * SQL, and db/queries/comparison.test.ts holds the two together.
 *
 * - What is looked for is cleaned first (cleanValue). A test whose value is blank holds for nobody, whatever its operator.
 * - Case does not matter, unless the test says so. Texts are compared composed.
 * - A missing value is empty, is equal to nothing and differs from everything.
 * - text: spaces at the ends do not count. choice: the value counts as it is stored.
 * - phone: the digits count, in the stored international form or as typed. "is" also takes a national number for the end of
 *   an international one. A value without any digit is compared with what was typed.
 * - date: a day is in UTC. "After" a day means when it is over. A time without a zone is in UTC.
 * - data (metadata, variables and what other systems gave) has no kind of its own: its texts are compared as texts, and are
 *   also the same where both are the same number. A list is tested by its members.
 */
export type Compared =
  | { kind: "text" | "choice"; value: string | null }
  | { kind: "phone"; typed: string | null; e164: string | null }
  | { kind: "boolean"; value: boolean }
  | { kind: "date"; value: Date }
  | { kind: "data"; value: unknown };

export interface ComparisonTest {
  operator: string;
  value?: string | number | boolean | readonly (string | number | boolean)[] | undefined;
  caseSensitive?: boolean;
}

/** The negative operators, with what they deny. */
const denials: Record<string, string> = {
  is_not: "is",
  not_in: "in",
  not_contains: "contains",
  is_not_empty: "is_empty",
  not_in_last_days: "in_last_days",
};

/** Says whether a test holds. `now` counts for "in the last … days". */
export function matchesTest(test: ComparisonTest, subject: Compared, now: Date): boolean {
  const wanted = wantedValues(test.value);
  const operator = denials[test.operator] ?? test.operator;
  if (operator !== "is_empty" && wanted.length === 0) return false;
  const holds = operator === "is_empty" ? isEmpty(subject) : wanted.some((value) => matchesOne(operator, subject, value, test, now));
  return Object.hasOwn(denials, test.operator) ? !holds : holds;
}

type Wanted = string | number | boolean;

function wantedValues(value: ComparisonTest["value"]): Wanted[] {
  const values = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return values.map((each) => (typeof each === "string" ? cleanValue(each) : each)).filter((each) => each !== "");
}

function matchesOne(operator: string, subject: Compared, wanted: Wanted, { caseSensitive }: ComparisonTest, now: Date): boolean {
  const fold = (text: string) => (caseSensitive ? comparableText(text) : foldCase(comparableText(text)));
  switch (subject.kind) {
    case "phone":
      return matchesPhone(operator, subject, String(wanted), fold);
    case "date":
      return matchesDate(operator, subject.value, wanted, now) ?? matchesText(operator, subject.value.toISOString(), String(wanted), fold);
    case "text":
    case "choice": {
      const text = columnText(subject);
      return text !== null && matchesText(operator, text, String(wanted), fold);
    }
    case "boolean":
      return matchesText(operator, String(subject.value), String(wanted), fold);
    case "data":
      return present(subject.value).some((found) => matchesData(operator, found, wanted, fold));
  }
}

const trimSpaces = (text: string) => text.replace(/^ +| +$/g, "");

/** The value of a text column, null where it is blank. */
function columnText({ kind, value }: Extract<Compared, { kind: "text" | "choice" }>): string | null {
  if (value === null) return null;
  const trimmed = trimSpaces(value);
  return kind === "choice" ? value : trimmed === "" ? null : trimmed;
}

function isEmpty(subject: Compared): boolean {
  switch (subject.kind) {
    case "text":
    case "choice":
      return trimSpaces(subject.value ?? "") === "";
    case "phone":
      return trimSpaces(subject.typed ?? subject.e164 ?? "") === "";
    case "data":
      return present(subject.value).length === 0;
    default:
      return false;
  }
}

type Fold = (text: string) => string;

function matchesText(operator: string, found: string, wanted: string, fold: Fold): boolean {
  const [text, looked] = [fold(found), fold(wanted)];
  switch (operator) {
    case "is":
    case "in":
      return text === looked;
    case "contains":
      return text.includes(looked);
    case "starts_with":
      return text.startsWith(looked);
    case "ends_with":
      return text.endsWith(looked);
    default:
      return compareInOrder(operator, found, wanted);
  }
}

function matchesPhone(
  operator: string,
  { typed, e164 }: { typed: string | null; e164: string | null },
  wanted: string,
  fold: Fold,
): boolean {
  const digits = phoneDigits(wanted);
  if (digits.length === 0) return matchesText(operator, typed ?? "", wanted, fold);
  const subjects = [...(e164 === null ? [] : [e164.slice(1)]), (typed ?? "").replace(/[^0-9]/g, "")];
  if (operator === "greater_than" || operator === "less_than") return compareInOrder(operator, e164 ?? typed ?? "", wanted);
  const plain: Fold = (text) => text;
  const isEndOfNumber = (part: string) => isWholeNumber(part) && (e164 ?? "").endsWith(part);
  const isNumber = operator === "is" || operator === "in";
  return digits.some((part) => subjects.some((text) => matchesText(operator, text, part, plain)) || (isNumber && isEndOfNumber(part)));
}

/** Undefined where the value that is looked for is no date, or the operator is one of texts. */
function matchesDate(operator: string, found: Date, wanted: Wanted, now: Date): boolean | undefined {
  const time = found.getTime();
  if (operator === "in_last_days") return time >= now.getTime() - Number(wanted) * 86_400_000;
  const date = readComparableDate(wanted);
  if (!date) return undefined;
  if (operator === "before" || operator === "less_than") return isBefore(time, date);
  if (operator === "after" || operator === "greater_than") return isAfter(time, date);
  return operator === "is" || operator === "in" ? isOn(time, date) : undefined;
}

/** A list, such as imported tags, is tested by its members. An object has no value to compare but is not missing. */
function present(actual: unknown): unknown[] {
  if (actual === undefined || actual === null) return [];
  if (Array.isArray(actual)) return actual.flatMap(present);
  if (actual instanceof Date) return Number.isNaN(actual.getTime()) ? [] : [actual.toISOString()];
  if (typeof actual === "object") return Object.keys(actual).length === 0 ? [] : [JSON.stringify(actual)];
  return typeof actual === "string" && cleanValue(actual) === "" ? [] : [actual];
}

function matchesData(operator: string, found: unknown, wanted: Wanted, fold: Fold): boolean {
  if ((operator === "is" || operator === "in") && isSameNumber(found, wanted)) return true;
  if (operator === "greater_than" || operator === "less_than") return compareInOrder(operator, found, wanted);
  return matchesText(operator, String(found).trim(), String(wanted), fold);
}

/** Numbers are ordered by size and dates by time. Other values have no order, so a test for one does not hold. */
function compareInOrder(operator: string, found: unknown, wanted: unknown): boolean {
  const bySize = compareNumbers(found, wanted);
  if (bySize !== undefined) return operator === "greater_than" ? bySize > 0 : operator === "less_than" && bySize < 0;
  const [earlier, later] = [readComparableDate(found), readComparableDate(wanted)];
  if (!earlier || !later) return false;
  return operator === "greater_than" ? isAfter(earlier.time, later) : operator === "less_than" && isBefore(earlier.time, later);
}
