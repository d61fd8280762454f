import { isAfter, isBefore, isOn, isWithinDays, readComparableDate, readWholeDay } from "./comparable-date.ts";
import { compareNumbers, readNumber } from "./comparable-number.ts";
import { cleanValue, comparableText, foldCase, isWholeNumber, phoneDigits } from "./comparable-text.ts";
import { fallsOn, readDayOfYear } from "./day-of-year.ts";
import { orderings } from "./field-tests.ts";
import { foldName } from "./fold.ts";
import { WorkBudget } from "./work-budget.ts";

/*
 * The rules by which values are compared. Conditions of flows ask this file. db/queries/contact-filter.ts says the same in
 * SQL, and db/queries/comparison.test.ts holds the two together.
 *
 * - What is looked for is cleaned first (cleanValue). A test whose value is blank holds for nobody, whatever its operator.
 * - Case does not matter, unless the test says so. Texts are compared composed.
 * - A missing value is empty, is equal to nothing and differs from everything.
 * - text: spaces at the ends do not count. choice: the value counts as it is stored. name: two names are the same when they
 *   are folded to the same (contract/fold.ts), unless the test says that case matters.
 * - phone: the digits count, in the stored international form or as typed. "is" also takes a national number for the end of
 *   an international one. A value without any digit is compared with what was typed.
 * - date (when a contact was created and changed): a day is in UTC, as in the filter of contacts. "After" a day means when it is over.
 * - "In the last … days" and "in the next … days": a moment is counted in hours from now, and a whole day by the calendar of
 *   the zone, which is the contact's or else the workspace's. So is the day of the year of a moment.
 * - data (metadata, variables and what other systems gave) has no kind of its own: its texts are compared as texts, and are
 *   also the same where both are the same number. A list is tested by its members, and has all of several values
 *   where each is one of them. A day and a time without a zone are in the zone, as a delay until such a date reads them, and a
 *   moment is the same as the day on which it is.
 */
export type Compared =
  | { kind: "text" | "choice" | "name"; value: string | null }
  | { kind: "phone"; typed: string | null; e164: string | null }
  | { kind: "boolean"; value: boolean }
  | { kind: "date"; value: Date }
  | { kind: "data"; value: unknown };

export interface ComparisonTest {
  operator: string;
  value?: string | number | boolean | readonly (string | number | boolean)[] | undefined;
  caseSensitive?: boolean;
  /** A negative test also holds of what is empty, unless this is false. */
  alsoIfEmpty?: boolean | undefined;
}

/** The negative operators, with what they deny. */
const denials: Record<string, string> = {
  is_not: "is",
  not_in: "in",
  not_contains: "contains",
  is_not_empty: "is_empty",
  not_in_last_days: "in_last_days",
};

/** From when days are counted, and in which zone a day begins. */
interface Clock {
  now: Date;
  zone: string;
}

/**
 * Says whether a test holds. `now` and `zone` count for "in the last … days". Each comparison is counted in `work`.
 * @throws WorkLimitExceeded where the values of the test and of the subject are too many together
 */
export function matchesTest(test: ComparisonTest, subject: Compared, now: Date, work = new WorkBudget(), zone = "UTC"): boolean {
  const looked = prepare(test);
  const operator = denials[test.operator] ?? test.operator;
  const { wanted } = subject.kind === "name" ? looked.names : looked;
  if (operator !== "is_empty" && wanted.length === 0) return false;
  const holds = operator === "is_empty" ? isEmpty(subject, work) : matchesAny(operator, subject, looked, { now, zone }, work);
  if (!Object.hasOwn(denials, test.operator)) return holds;
  return !holds && !(test.alsoIfEmpty === false && isEmpty(subject, work));
}

type Wanted = string | number | boolean;
type Fold = (text: string) => string;

interface LookedTexts {
  wanted: readonly Wanted[];
  fold: Fold;
  texts: ReadonlySet<string>;
}

/** The values of a test, cleaned, and as sets, so that a value that is found is looked up once for all of them. */
interface Looked extends LookedTexts {
  /** The same for names. One that is folded to nothing is no name. */
  names: LookedTexts;
  /** The units of each number. */
  numbers: ReadonlyMap<string, ReadonlySet<string>>;
  /** Those that are whole days. */
  days: readonly string[];
  /** Each value as if it were the only one, where all of them are asked for. */
  each: readonly Looked[];
}

/** A test stays the same object as long as its flow version is in memory. */
const prepared = new WeakMap<ComparisonTest, Looked>();

function prepare(test: ComparisonTest): Looked {
  const known = prepared.get(test);
  if (known) return known;
  const fold: Fold = (text) => (test.caseSensitive ? comparableText(text) : foldCase(comparableText(text)));
  const wanted = wantedValues(test.value);
  const numbers = new Map<string, Set<string>>();
  for (const value of wanted) {
    const number = readNumber(value);
    if (number) numbers.set(number.digits, (numbers.get(number.digits) ?? new Set()).add(number.unit));
  }
  const names = test.caseSensitive ? wanted : wanted.filter((value) => foldName(String(value)) !== "");
  const alone = test.operator === "has_all" ? wanted : [];
  const looked = {
    each: alone.map((value) =>
      prepare({ operator: "is", value, ...(test.caseSensitive !== undefined && { caseSensitive: test.caseSensitive }) }),
    ),
    ...lookedTexts(wanted, fold),
    names: lookedTexts(names, test.caseSensitive ? fold : foldName),
    numbers,
    days: wanted.filter((value): value is string => typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value)),
  };
  prepared.set(test, looked);
  return looked;
}

const lookedTexts = (wanted: readonly Wanted[], fold: Fold): LookedTexts => ({
  wanted,
  fold,
  texts: new Set(wanted.map((value) => fold(String(value)))),
});

function wantedValues(value: ComparisonTest["value"]): Wanted[] {
  const values = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return values.map((each) => (typeof each === "string" ? cleanValue(each) : each)).filter((each) => each !== "");
}

const isEquality = (operator: string) => operator === "is" || operator === "in";

function matchesAny(operator: string, subject: Compared, looked: Looked, clock: Clock, work: WorkBudget): boolean {
  const { wanted, fold } = looked;
  if (operator === "has_all") return looked.each.every((one) => matchesAny("is", subject, one, clock, work));
  if (operator === "day_of_year_is") {
    return inOrder(subject, work).some((found) => {
      work.count(1);
      const day = readDayOfYear(found, clock.zone);
      return day !== undefined && fallsOn(day, String(wanted[0]), clock);
    });
  }
  if (operator === "between" || operator === "in_next_days" || (operator === "in_last_days" && subject.kind !== "date")) {
    return inOrder(subject, work).some((found) => {
      work.count(2);
      if (operator === "between") return isBetween(found, wanted, subject.kind === "data" ? clock.zone : "UTC");
      return isWithinDays(found, operator === "in_last_days" ? "last" : "next", Number(wanted[0]), clock);
    });
  }
  switch (subject.kind) {
    case "phone":
      return wanted.some((value) => {
        work.count(2);
        return matchesPhone(operator, subject, String(value), fold);
      });
    case "date": {
      const text = subject.value.toISOString();
      return wanted.some((value) => {
        work.count(1);
        return matchesDate(operator, subject.value, value, clock.now) ?? matchesText(operator, text, String(value), fold);
      });
    }
    case "text":
    case "choice": {
      const text = columnText(subject);
      return text !== null && matchesAnyText(operator, text, looked, work);
    }
    case "name": {
      const text = columnText(subject);
      return text !== null && matchesAnyText(operator, text, looked.names, work);
    }
    case "boolean":
      return matchesAnyText(operator, String(subject.value), looked, work);
    case "data":
      return present(subject.value, work).some((found) => matchesAnyData(operator, found, looked, clock.zone, work));
  }
}

function matchesAnyText(operator: string, found: string, { wanted, fold, texts }: LookedTexts, work: WorkBudget): boolean {
  work.count(1, found.length);
  if (isEquality(operator)) return texts.has(fold(found));
  return wanted.some((value) => {
    work.count(1, found.length);
    return matchesText(operator, found, String(value), fold);
  });
}

function matchesAnyData(operator: string, found: unknown, looked: Looked, zone: string, work: WorkBudget): boolean {
  const text = String(found).trim();
  if (orderings.has(operator)) {
    return looked.wanted.some((value) => {
      work.count(1, text.length);
      return compareInOrder(operator, found, value, zone);
    });
  }
  if (isEquality(operator) && (isAmong(looked.numbers, found) || isOnOne(looked.days, found, zone, work))) return true;
  return matchesAnyText(operator, text, looked, work);
}

function isAmong(numbers: Looked["numbers"], found: unknown): boolean {
  if (numbers.size === 0) return false;
  const number = readNumber(found);
  const units = number && numbers.get(number.digits);
  return units !== undefined && (number?.unit === "" || units.has("") || units.has(number?.unit ?? ""));
}

/** Says whether a moment is on one of these days. A value that is a day itself is compared with them as a text. */
function isOnOne(days: readonly string[], found: unknown, zone: string, work: WorkBudget): boolean {
  if (days.length === 0) return false;
  const whole = typeof found === "string" ? readWholeDay(found) : undefined;
  if (whole !== undefined) return days.includes(whole);
  const date = readComparableDate(found, zone);
  return (
    date !== undefined &&
    days.some((day) => {
      work.count(1);
      const on = readComparableDate(day, zone);
      return on !== undefined && isOn(date.time, on);
    })
  );
}

const trimSpaces = (text: string) => text.replace(/^ +| +$/g, "");

/** The value of a text column, null where it is blank. */
function columnText({ kind, value }: Extract<Compared, { kind: "text" | "choice" | "name" }>): string | null {
  if (value === null) return null;
  const trimmed = trimSpaces(value);
  return kind !== "text" ? value : trimmed === "" ? null : trimmed;
}

function isEmpty(subject: Compared, work: WorkBudget): boolean {
  switch (subject.kind) {
    case "text":
    case "choice":
    case "name":
      return trimSpaces(subject.value ?? "") === "";
    case "phone":
      return trimSpaces(subject.typed ?? subject.e164 ?? "") === "";
    case "data":
      return present(subject.value, work).length === 0;
    default:
      return false;
  }
}

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
  if (orderings.has(operator)) return compareInOrder(operator, e164 ?? typed ?? "", wanted);
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
  if (operator === "at_least") return !isBefore(time, date);
  if (operator === "at_most") return !isAfter(time, date);
  return operator === "is" || operator === "in" ? isOn(time, date) : undefined;
}

/** A list, such as imported tags, is tested by its members. An object has no value to compare but is not missing. */
function present(actual: unknown, work: WorkBudget): unknown[] {
  const found: unknown[] = [];
  const open = [actual];
  while (open.length > 0) {
    const value = open.pop();
    work.count(1);
    // The members are taken from the end, so they are put there in reverse and stay in their order.
    if (Array.isArray(value)) {
      work.count(value.length);
      for (let index = value.length - 1; index >= 0; index -= 1) open.push(value[index]);
    } else {
      const one = presentValue(value, work);
      if (one !== undefined) found.push(one);
    }
  }
  return found;
}

function presentValue(value: unknown, work: WorkBudget): unknown {
  if (value === undefined || value === null) return undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (typeof value === "object") {
    if (Object.keys(value).length === 0) return undefined;
    const json = JSON.stringify(value);
    work.count(1, json.length);
    return json;
  }
  if (typeof value !== "string") return value;
  work.count(0, value.length);
  return cleanValue(value) === "" ? undefined : value;
}

/** Numbers are ordered by size and dates by time. Other values have no order, so a test for one does not hold. */
function compareInOrder(operator: string, found: unknown, wanted: unknown, zone = "UTC"): boolean {
  const bySize = compareNumbers(found, wanted);
  const other = readComparableDate(wanted, zone);
  // Beside a day, what is written as its midnight in UTC is that day, wherever the contact lives.
  const whole = other?.day && typeof found === "string" ? readWholeDay(found) : undefined;
  const date = readComparableDate(whole ?? found, zone);
  if (bySize === undefined && (!date || !other)) return false;
  const isHigher = bySize === undefined ? date !== undefined && other !== undefined && isAfter(date.time, other) : bySize > 0;
  const isLower = bySize === undefined ? date !== undefined && other !== undefined && isBefore(date.time, other) : bySize < 0;
  switch (operator) {
    case "greater_than":
      return isHigher;
    case "less_than":
      return isLower;
    case "at_least":
      return !isLower;
    case "at_most":
      return !isHigher;
    default:
      return false;
  }
}

/** Whether a value is neither below the first of two nor above the second. */
const isBetween = (found: unknown, [low, high]: readonly Wanted[], zone: string): boolean =>
  high !== undefined && compareInOrder("at_least", found, low, zone) && compareInOrder("at_most", found, high, zone);

/** The values of a subject of which one may be within a range. */
function inOrder(subject: Compared, work: WorkBudget): unknown[] {
  switch (subject.kind) {
    case "data":
      return present(subject.value, work);
    case "date":
    case "boolean":
      return [subject.value];
    case "phone":
      return [subject.e164 ?? subject.typed ?? ""];
    default:
      return [columnText(subject)].filter((text) => text !== null);
  }
}
