import { z } from "zod";
import { allTests, fieldTestSchema, testGroupShape, valuesProblem } from "./field-tests.ts";
import { Uuid } from "./pagination.ts";

const FieldText = z.string().min(1).max(300);

/** Groups of tests, of which each contact belongs to the first that fits, as at the branches of a condition. */
export const TestSharesQuestion = z.strictObject({
  groups: z
    .array(z.strictObject(testGroupShape(FieldText)))
    .min(1)
    .max(20)
    .superRefine((groups, context) => {
      const message = valuesProblem(allTests(groups));
      if (message !== undefined) context.addIssue({ code: "custom", message });
    }),
});
export type TestSharesQuestion = z.input<typeof TestSharesQuestion>;

export const TestShares = z.object({
  /** All contacts of today. */
  contacts: z.number().int(),
  /** How many belong to each group. Null: it, or a group before it, has a test that cannot be asked of all contacts at once. */
  shares: z.array(z.number().int().nullable()),
  /** How many belong to none of them. */
  others: z.number().int().nullable(),
  /** The fields of the tests that cannot be asked of all contacts, by the place of their group. `run`: only a running flow knows it. */
  untold: z.array(z.object({ group: z.number().int(), field: z.string(), why: z.enum(["run", "filter"]) })),
});
export type TestShares = z.infer<typeof TestShares>;

/** Tests that are asked of one contact. */
export const TestVerdictsQuestion = z.strictObject({
  contactId: z.union([z.literal("newest"), Uuid]).default("newest"),
  tests: z.array(fieldTestSchema(FieldText)).min(1).max(400),
});
export type TestVerdictsQuestion = z.input<typeof TestVerdictsQuestion>;

export const TestVerdicts = z.object({
  /** Null where there is no contact. */
  contactId: Uuid.nullable(),
  contactName: z.string().nullable(),
  /** The contacts that were added next and before. */
  newer: Uuid.nullable(),
  older: Uuid.nullable(),
  /** In the order of the tests. `held` is null where only a running flow knows the value. */
  verdicts: z.array(z.object({ held: z.boolean().nullable(), found: z.union([z.string(), z.number(), z.boolean(), z.null()]) })),
});
export type TestVerdicts = z.infer<typeof TestVerdicts>;
