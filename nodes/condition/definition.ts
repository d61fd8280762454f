import { z } from "zod";
import { typedValue } from "#contract/comparable-text.ts";
import { defineNode } from "#contract/node-definition.ts";
import { comparedFact, comparedResult } from "../results/compared.ts";
import { FieldName } from "../values/field-name.ts";

/** Each operator of a test compares with one value, with several, or with none. */
export const conditionOperators = {
  is: "one",
  is_not: "one",
  contains: "one",
  not_contains: "one",
  starts_with: "one",
  ends_with: "one",
  greater_than: "one",
  less_than: "one",
  in: "several",
  not_in: "several",
  is_empty: "none",
  is_not_empty: "none",
} as const;
export type ConditionOperator = keyof typeof conditionOperators;

/** A text is cleaned before it is judged, because every text contains a blank one. */
const Value = z.union([z.string().transform(typedValue).pipe(z.string().max(500)), z.number(), z.boolean()]);

const FieldTest = z
  .strictObject({
    field: FieldName,
    operator: z.enum(Object.keys(conditionOperators) as [ConditionOperator, ...ConditionOperator[]]),
    value: z.union([Value, z.array(Value).max(200)]).optional(),
    /** Upper and lower case count as the same unless this is set. */
    caseSensitive: z.boolean().default(false),
  })
  .superRefine(({ operator, value }, context) => {
    const wants = conditionOperators[operator];
    const bad = (message: string) => context.addIssue({ code: "custom", path: ["value"], message });
    if (wants === "several" && !(Array.isArray(value) && value.length > 0)) bad(`"${operator}" needs a list of values`);
    if (Array.isArray(value) && value.includes("")) bad("One of the values is empty");
    if (wants === "one" && (value === undefined || value === "" || Array.isArray(value))) bad(`"${operator}" needs a value`);
  });
export type ConditionTest = z.output<typeof FieldTest>;

/** The most values that the tests of one step may look for together. Each of them may be compared with each value that is found. */
export const mostValues = 2_000;

/** Says that a step looks for too many values; undefined where it does not. */
export function valuesProblem(tests: readonly Pick<ConditionTest, "value">[]): string | undefined {
  const values = tests.reduce((sum, { value }) => sum + (Array.isArray(value) ? value.length : 1), 0);
  return values > mostValues
    ? `The tests of a step may look for ${mostValues.toLocaleString("en")} values together, and these look for ${values.toLocaleString("en")}`
    : undefined;
}

/** A group of tests fits when all of them hold, or when any of them holds. */
const tests = z.array(FieldTest).min(1).max(20);
export const testGroup = {
  match: z.enum(["all", "any"]).default("all"),
  tests: tests.superRefine((all, context) => {
    const message = valuesProblem(all);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  }),
};

export const otherwise = "otherwise";

const Branch = z.strictObject({
  id: z
    .string()
    .min(1)
    .max(100)
    .refine((id) => id !== otherwise, `"${otherwise}" is the exit for everybody else and cannot name a branch`),
  label: z.string().max(200).default(""),
  ...testGroup,
});

export const condition = defineNode({
  type: "condition",
  label: "Condition",
  description: "Chooses a branch by what is known about the contact. The first branch that fits is taken.",
  category: "logic",
  needs: () => [],
  config: z.strictObject({
    branches: z
      .array(Branch)
      .min(1)
      .max(20)
      .refine((branches) => new Set(branches.map(({ id }) => id)).size === branches.length, "Two branches have the same id")
      .superRefine((branches, context) => {
        const message = valuesProblem(branches.flatMap(({ tests }) => tests));
        if (message !== undefined) context.addIssue({ code: "custom", message });
      }),
  }),
  defaults: { branches: [{ id: "yes", label: "Yes", match: "all", tests: [{ field: "email", operator: "is_not_empty" }] }] },
  output: z.strictObject({ branch: z.string(), label: z.string(), ...comparedResult }).partial(),
  personal: ["compared"],
  // The exit tells which branch was taken.
  describeResult: ({ compared }) => comparedFact(compared),
  names: { fields: ["branches.*.tests.*.field"], values: ["branches.*.tests.*"] },
  exits: ({ branches }) => [
    ...branches.map(({ id, label }) => ({ handle: id, label: label || id })),
    { handle: otherwise, label: "Otherwise" },
  ],
});
