import { today } from "#contract/day-of-year.ts";
import { type ConditionOperator, conditionOperators } from "#contract/field-tests.ts";
import type { TestField } from "../node-panel.tsx";

const texts: ConditionOperator[] = [
  "is",
  "is_not",
  "contains",
  "not_contains",
  "starts_with",
  "ends_with",
  "in",
  "not_in",
  "is_empty",
  "is_not_empty",
];
const ordered = ["greater_than", "at_least", "less_than", "at_most", "between", "in_last_days"] as const;
const ofKind: Record<TestField["kind"], readonly ConditionOperator[]> = {
  text: texts,
  data: [...texts.slice(0, -2), "has_all", "day_of_year_is", "is_empty", "is_not_empty"],
  choice: ["is", "is_not", "in", "not_in", "is_empty", "is_not_empty"],
  number: ["is", "is_not", "greater_than", "at_least", "less_than", "at_most", "between", "in", "not_in", "is_empty", "is_not_empty"],
  date: [...ordered, "in_next_days", "day_of_year_is", "is_empty", "is_not_empty"],
  boolean: ["is"],
};

export const isOperator = (operator: unknown): operator is ConditionOperator =>
  typeof operator === "string" && Object.hasOwn(conditionOperators, operator);

/** The operators that are offered for a field, with the one that is set, whatever it is. */
export function operatorsFor(field: Pick<TestField, "kind" | "group">, set: unknown): ConditionOperator[] {
  const own = ofKind[field.kind];
  // Every contact has these, and only they are compared by days.
  const offered = field.kind === "date" && field.group === "Contact" ? ([...ordered, "is", "is_not", "day_of_year_is"] as const) : own;
  return isOperator(set) && !offered.includes(set) ? [...offered, set] : [...offered];
}

/** A test of another field, with as much of the old one as means something there. */
export function withField(test: Readonly<Record<string, unknown>>, path: string, field: TestField): Record<string, unknown> {
  const operators = operatorsFor(field, undefined);
  const operator = isOperator(test.operator) && operators.includes(test.operator) ? test.operator : operators[0];
  return withOperator({ ...test, field: path, value: field.kind === "boolean" ? true : "" }, operator as ConditionOperator);
}

const usualDays = 7;

/** The same test with another operator. A value becomes a list of one, and a list its first. */
export function withOperator(test: Readonly<Record<string, unknown>>, operator: ConditionOperator): Record<string, unknown> {
  const { value, ...rest } = test;
  const before = isOperator(test.operator) ? conditionOperators[test.operator] : undefined;
  // So many days are no value of the field, and neither is a day without its year.
  const isOfDays = before === "days";
  const first = isOfDays || before === "day_of_year" ? "" : Array.isArray(value) ? (value[0] ?? "") : (value ?? "");
  switch (conditionOperators[operator]) {
    case "none":
      return { ...rest, operator };
    case "several":
      return { ...rest, operator, value: Array.isArray(value) ? value : first === "" ? [] : [first] };
    case "two":
      return { ...rest, operator, value: [first, (Array.isArray(value) ? value[1] : undefined) ?? ""] };
    case "days":
      return { ...rest, operator, value: isOfDays ? value : usualDays };
    case "day_of_year":
      return { ...rest, operator, value: before === "day_of_year" ? value : today };
    case "one":
      return { ...rest, operator, value: first };
  }
}
