import { contactFields, fieldOf } from "#contract/contact-fields.ts";
import { dayOfYearWords } from "#contract/day-of-year.ts";
import {
  type ConditionOperator,
  conditionOperators,
  denials,
  type FieldTest,
  isGroup,
  type MatchWay,
  type TestGroup,
} from "#contract/field-tests.ts";
import { plainField } from "../values/field-name.ts";
import { fieldWords } from "./field-words.ts";

const operatorWords: Record<ConditionOperator, string> = {
  is: "is",
  is_not: "is not",
  contains: "contains",
  not_contains: "does not contain",
  starts_with: "starts with",
  ends_with: "ends with",
  greater_than: "is greater than",
  less_than: "is less than",
  at_least: "is at least",
  at_most: "is at most",
  between: "is between",
  in_last_days: "is in the last … days",
  in_next_days: "is in the next … days",
  day_of_year_is: "falls each year on",
  in: "is one of",
  not_in: "is none of",
  has_all: "has all of",
  is_empty: "is empty",
  is_not_empty: "is not empty",
};
const ofDates: Partial<Record<ConditionOperator, string>> = {
  is: "is on",
  is_not: "is not on",
  greater_than: "is after",
  less_than: "is before",
  at_least: "is on or after",
  at_most: "is on or before",
};

/** What an operator is called where it compares values of a kind. */
export const wordsOfOperator = (operator: ConditionOperator, kind?: string): string =>
  (kind === "date" ? ofDates[operator] : undefined) ?? operatorWords[operator] ?? operator;

type Told = Pick<FieldTest, "field" | "operator" | "value" | "alsoIfEmpty">;

/** A test as a person would say it: "lead status is New". The history uses it for the values compared. */
export function testWords(test: Told): string {
  const field = fieldWords(test.field);
  if (typeof test.value === "boolean" && (test.operator === "is" || test.operator === "is_not")) {
    return `${field} is ${test.value === (test.operator === "is") ? "yes" : "no"}`;
  }
  const own = fieldOf(plainField(test.field));
  const wants = conditionOperators[test.operator];
  const words = wordsOfOperator(test.operator, own && contactFields[own].kind);
  if (wants === "days") return `${field} ${words.replace("… days", test.value === 1 ? "day" : `${test.value} days`)}`;
  if (wants === "day_of_year") return `${field} ${words} ${dayOfYearWords(test.value)}`;
  const between = wants === "two" ? " and " : ", ";
  const value = Array.isArray(test.value) ? test.value.join(between) : test.value === undefined ? "" : String(test.value);
  const filled = denials.has(test.operator) && test.alsoIfEmpty === false ? " and is not empty" : "";
  return `${field} ${words}${value === "" ? "" : ` ${value}`}${filled}`;
}

type ToldGroup = TestGroup<Told>;

/** A group of tests, named by its first: "lead status is New and 2 more". */
export function groupWords({ match, tests }: ToldGroup): string {
  const [first, ...more] = tests;
  const words = first === undefined ? "anything" : isGroup(first) ? groupWords(first) : testWords(first);
  const others = more.length === 0 ? "" : ` ${match === "all" ? "and" : "or"} ${more.length} more`;
  return match === "none" ? `not ${words}${others && ` ${others.trim()}`}` : `${words}${others}`;
}

const between: Record<MatchWay, string> = { all: " and ", any: " or ", none: ", " };

/** A list of tests in full: "lead status is New and none of (city is Bonn, city is Ulm)". */
export function testListWords(tests: readonly (Told | ToldGroup)[], match: MatchWay = "all"): string {
  const words = tests.map((test) => (isGroup(test) ? wholeGroupWords(test) : testWords(test)));
  return words.join(between[match]);
}

function wholeGroupWords({ match, tests }: ToldGroup): string {
  const inner = testListWords(tests, match);
  if (match === "none") return `none of (${inner})`;
  return tests.length === 1 ? inner : `(${inner})`;
}
