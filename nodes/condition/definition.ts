import { z } from "zod";
import { defineNode } from "#contract/node-definition.ts";

/** Operators a test may use, and whether they compare with a value, with several, or with none. */
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

/** What a test may look at: a column of the contact, or `metadata.x` and `trigger.x` to any depth. */
export const conditionColumns = [
  "name",
  "firstname",
  "lastname",
  "email",
  "phone",
  "phone_number",
  "lead_status",
  "conversation_status",
  "time_zone",
  "sms_opted_out",
  "email_opted_out",
  "dnc",
  "created_at",
  "updated_at",
] as const;

const Name = /^(metadata|trigger)(\.(?!__proto__(\.|$)|constructor(\.|$)|prototype(\.|$))[^.\s]{1,100}){1,10}$/;
const Value = z.union([z.string().max(500), z.number(), z.boolean()]);

const Test = z
  .strictObject({
    field: z
      .string()
      .max(300)
      .transform((field) => field.replace(/^contact\./, ""))
      .refine((field) => (conditionColumns as readonly string[]).includes(field) || Name.test(field), {
        error: (issue) => `"${String(issue.input).slice(0, 60)}" is not a field: use a field of the contact, metadata.… or trigger.…`,
      }),
    operator: z.enum(Object.keys(conditionOperators) as [ConditionOperator, ...ConditionOperator[]]),
    value: z.union([Value, z.array(Value).max(200)]).optional(),
    /** Upper and lower case are alike unless asked otherwise. */
    caseSensitive: z.boolean().default(false),
  })
  .superRefine(({ operator, value }, context) => {
    const wants = conditionOperators[operator];
    const bad = (message: string) => context.addIssue({ code: "custom", path: ["value"], message });
    if (wants === "several" && !(Array.isArray(value) && value.length > 0)) bad(`"${operator}" needs a list of values`);
    if (wants === "one" && (value === undefined || value === "" || Array.isArray(value))) bad(`"${operator}" needs a value`);
  });
export type ConditionTest = z.output<typeof Test>;

export const otherwise = "otherwise";

const Branch = z.strictObject({
  id: z
    .string()
    .min(1)
    .max(100)
    .refine((id) => id !== otherwise, `"${otherwise}" is the exit for everybody else and cannot name a branch`),
  label: z.string().max(200).default(""),
  match: z.enum(["all", "any"]).default("all"),
  tests: z.array(Test).min(1).max(20),
});

export const condition = defineNode({
  type: "condition",
  label: "Condition",
  description: "Chooses a branch by what is known about the contact. The first branch that fits is taken.",
  category: "logic",
  config: z.strictObject({
    branches: z
      .array(Branch)
      .min(1)
      .max(20)
      .refine((branches) => new Set(branches.map(({ id }) => id)).size === branches.length, "Two branches have the same id"),
  }),
  defaults: { branches: [{ id: "yes", label: "Yes", match: "all", tests: [{ field: "email", operator: "is_not_empty" }] }] },
  exits: ({ branches }) => [
    ...branches.map(({ id, label }) => ({ handle: id, label: label || id })),
    { handle: otherwise, label: "Otherwise" },
  ],
});
