import { Split } from "lucide-react";
import type { z } from "zod";
import type { NodeForm } from "../node-form.tsx";
import { fieldWords } from "../words/field-words.ts";
import type { ConditionOperator, ConditionTest, condition } from "./definition.ts";

type Branch = z.output<(typeof condition)["config"]>["branches"][number];

const operatorWords: Record<ConditionOperator, string> = {
  is: "is",
  is_not: "is not",
  contains: "contains",
  not_contains: "does not contain",
  starts_with: "starts with",
  ends_with: "ends with",
  greater_than: "is greater than",
  less_than: "is less than",
  in: "is one of",
  not_in: "is none of",
  is_empty: "is empty",
  is_not_empty: "is not empty",
};

/** A test as a person would say it: "lead status is New". The history uses it for the values compared. */
export const testWords = (test: Pick<ConditionTest, "field" | "operator" | "value">): string => {
  const field = fieldWords(test.field);
  if (typeof test.value === "boolean" && (test.operator === "is" || test.operator === "is_not")) {
    return `${field} is ${test.value === (test.operator === "is") ? "yes" : "no"}`;
  }
  const value = Array.isArray(test.value) ? test.value.join(", ") : test.value === undefined ? "" : String(test.value);
  return `${field} ${operatorWords[test.operator]}${value === "" ? "" : ` ${value}`}`;
};

/** A group of tests, named by its first: "lead status is New and 2 more". */
export const groupWords = ({ match, tests }: Pick<Branch, "match" | "tests">): string => {
  const [test, ...more] = tests;
  return `${test ? testWords(test) : "anything"}${more.length === 0 ? "" : ` ${match === "all" ? "and" : "or"} ${more.length} more`}`;
};

const summary = ({ branches }: z.output<(typeof condition)["config"]>): string => {
  const [first, ...others] = branches;
  if (!first) return "No branches";
  const also = others.length === 0 ? "" : ` · ${others.length} more ${others.length === 1 ? "branch" : "branches"}`;
  return `If ${groupWords(first)}${also}`;
};

export const conditionForm: NodeForm<typeof condition> = { Icon: Split, summary };
