import { z } from "zod";
import type { WritableField } from "#contract/contact-fields.ts";
import { contactNames, fieldOf, writableFields } from "#contract/contact-fields.ts";
import { longestFieldName, splitField } from "#contract/field-path.ts";
import { defineNode } from "#contract/node-definition.ts";
import { rehearsedResult } from "#contract/node-result.ts";
import { isForbiddenName } from "#contract/paths.ts";
import { changedFact } from "../results/changed.ts";
import { rehearsedFact, textFact } from "../results/facts.ts";
import { fieldProblem, plainField } from "../values/field-name.ts";
import { templateText } from "../values/template-text.ts";
import { ShortValue, ValueType } from "../values/typed-value.ts";

export const longestMetadata = 10_000;

/** The operations on a field, and whether each takes a value. */
export const changeOperations = {
  set: true,
  clear: false,
  add: true,
  subtract: true,
  append: true,
  add_tag: true,
  remove_tag: true,
} as const;
export type ChangeOperation = keyof typeof changeOperations;

export const isColumn = (field: string): field is WritableField => writableFields.some((writable) => writable === field);

/**
 * The custom field that a change names: `metadata.plan` by exactly this name, `custom.plan` also by the key of its label, and
 * both with brackets where the name holds blanks or dots. Undefined where it names none. Tags are not written as a whole.
 */
export function customFieldOf(field: string): { name: string; isKey: boolean } | undefined {
  const [namespace, name = "", ...below] = splitField(field);
  if ((namespace !== "metadata" && namespace !== "custom") || below.length > 0) return undefined;
  const isName = /\[/.test(field) ? name.length <= longestFieldName : /^\S{1,100}$/.test(name);
  return isName && name !== "tags" && !isForbiddenName(name) ? { name, isKey: namespace === "custom" } : undefined;
}

const Field = z
  .string()
  .max(300)
  .transform((field) => {
    const plain = plainField(field);
    return fieldOf(plain) ?? plain;
  })
  .superRefine((field, context) => {
    if (field === "tags" || isColumn(field) || customFieldOf(field) !== undefined) return;
    if (contactNames.includes(field) || /^(metadata|custom|trigger|input|variables|steps|workspace)\b/.test(field)) {
      const message = `"${field.slice(0, 60)}" is not a field that a flow may write: use tags, custom.… or a field of the contact`;
      context.addIssue({ code: "custom", message });
    } else context.addIssue(fieldProblem(field));
  });

/** Whether an operation suits a field. Numbers are kept in metadata only, and tags are a list. */
export function suits(field: string, operation: ChangeOperation): boolean {
  if (operation === "clear") return true;
  if (field === "tags") return operation === "add_tag" || operation === "remove_tag";
  if (operation === "set" || operation === "append") return true;
  return (operation === "add" || operation === "subtract") && !isColumn(field);
}

const Change = z
  .strictObject({
    field: Field,
    operation: z.enum(Object.keys(changeOperations) as [ChangeOperation, ...ChangeOperation[]]),
    /** Merge fields in a text are filled in. */
    value: z.union([templateText(2_000), z.number(), z.boolean()]).optional(),
    /** The type in which metadata keeps a text. */
    as: ValueType.default("text"),
    onlyIfEmpty: z.boolean().default(false),
  })
  .superRefine(({ field, operation, value }, context) => {
    const bad = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (!suits(field, operation)) bad("operation", `"${operation}" cannot be done to ${field}`);
    const isGiven = value !== undefined && !(typeof value === "string" && value.trim() === "");
    if (changeOperations[operation] && !isGiven) bad("value", `"${operation}" needs a value`);
    if (!changeOperations[operation] && isGiven) bad("value", `"${operation}" takes no value`);
  });
export type ContactChangeConfig = z.output<typeof Change>;

export const updateContact = defineNode({
  type: "update_contact",
  label: "Update contact",
  description: "Changes fields and tags of the contact: all of the changes, or none.",
  category: "contact",
  needs: () => ["contacts:write"],
  notTwice: true,
  config: z.strictObject({
    changes: z.array(Change).min(1, "Add a change").max(20),
    /** The behaviour when a value does not fit: the execution goes on by "Failed", or it stops. */
    onError: z.enum(["stop", "continue"]).default("continue"),
  }),
  defaults: { changes: [{ field: "lead_status", operation: "set", value: "Contacted" }] },
  output: z
    .strictObject({
      changes: z.record(z.string(), z.strictObject({ before: ShortValue, after: ShortValue })),
      /** Which of the changes failed, from 1, and its field. */
      change: z.number().int(),
      field: z.string(),
      ...rehearsedResult,
    })
    .partial(),
  personal: ["changes"],
  describeResult: ({ changes, change, field, rehearsed }) => [
    ...(changes ? changedFact(Object.entries(changes).map(([name, values]) => ({ field: name, ...values }))) : []),
    ...textFact("Failed at", change === undefined ? undefined : `change ${change}${field === undefined ? "" : `, ${field}`}`),
    ...rehearsedFact(rehearsed),
  ],
  names: { templates: ["changes.*.value"], values: ["changes.*"] },
  exits: () => [
    { handle: "done", label: "Done" },
    { handle: "failed", label: "Failed", optional: true },
  ],
});
