import { z } from "zod";
import { allTests, testGroupShape, testLimits, valuesProblem } from "#contract/field-tests.ts";
import { defineNode } from "#contract/node-definition.ts";
import { comparedFact, comparedResult } from "../results/compared.ts";
import { FieldName } from "../values/field-name.ts";

export const testGroup = testGroupShape(FieldName);

/** The places of the tests of a step, and of those in its groups. */
export function testPlaces(before = ""): { fields: string[]; values: string[] } {
  const values = Array.from(
    { length: testLimits.depth },
    (_, depth) =>
      `${before}${Array(depth + 1)
        .fill("tests.*")
        .join(".")}`,
  );
  return { fields: values.map((place) => `${place}.field`), values };
}

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
        const message = valuesProblem(allTests(branches));
        if (message !== undefined) context.addIssue({ code: "custom", message });
      }),
  }),
  defaults: { branches: [{ id: "yes", label: "Yes", match: "all", tests: [{ field: "email", operator: "is_not_empty" }] }] },
  output: z.strictObject({ branch: z.string(), label: z.string(), ...comparedResult }).partial(),
  personal: ["compared"],
  // The exit tells which branch was taken.
  describeResult: ({ compared }) => comparedFact(compared),
  names: testPlaces("branches.*."),
  exits: ({ branches }) => [
    ...branches.map(({ id, label }) => ({ handle: id, label: label || id })),
    { handle: otherwise, label: "Otherwise" },
  ],
});
