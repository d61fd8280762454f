import { contactFields } from "#contract/contact-fields.ts";
import type { TestField } from "../node-panel.tsx";
import { plainField } from "../values/field-name.ts";
import { type ChangeOperation, changeOperations, customFieldOf, isColumn, suits } from "./definition.ts";

const words: Record<ChangeOperation, string> = {
  set: "Set to",
  append: "Add a text at its end",
  add: "Add a number",
  subtract: "Subtract a number",
  add_tag: "Add the tag",
  remove_tag: "Take the tag away",
  clear: "Empty it",
};
const order = Object.keys(words) as ChangeOperation[];

export const isOperation = (operation: unknown): operation is ChangeOperation =>
  typeof operation === "string" && Object.hasOwn(changeOperations, operation);

/** Tags stand among the custom fields of contacts, and are changed one at a time. */
const tagsOf = (fields: readonly TestField[]): TestField => {
  const found = fields.find(({ path }) => isTags(path));
  return { path: "tags", label: "Tags", group: "Contact", kind: "data", ...(found?.choices && { choices: found.choices }) };
};
const isTags = (path: string) => path === "tags" || path === "custom.tags" || path === "metadata.tags";

/** The fields that the step may write, in their groups. */
export function changeFields(fields: readonly TestField[]): TestField[] {
  const own = fields.filter(({ path }) => isColumn(path));
  const custom = fields.filter(({ path }) => !isTags(path) && customFieldOf(path) !== undefined);
  return [...own, tagsOf(fields), ...custom];
}

/** The field that a change names, known or not. */
export function changedField(named: unknown, fields: readonly TestField[]): TestField {
  const path = plainField(typeof named === "string" ? named : "");
  const kind = isColumn(path) ? contactFields[path].kind : "text";
  return fields.find((one) => one.path === path) ?? { path, label: path, group: "", kind };
}

/** What may be done to a field, with what is set, whatever it is. */
export function operationsFor({ path, kind }: TestField, set: unknown): { value: ChangeOperation; label: string }[] {
  const fits = (operation: ChangeOperation): boolean => {
    if (!suits(path, operation)) return false;
    // Only what may be a number is counted, and only what may be a text or a list has an end.
    if (operation === "add" || operation === "subtract") return kind === "number" || kind === "text" || kind === "data";
    return operation !== "append" || (kind !== "number" && kind !== "boolean" && kind !== "date");
  };
  return order.filter((operation) => operation === set || fits(operation)).map((value) => ({ value, label: words[value] }));
}

type Change = Readonly<Record<string, unknown>>;

/** A change of another field, with as much of the old one as means something there. */
export function withChangedField(change: Change, field: TestField): Change {
  const operations = operationsFor(field, undefined).map(({ value }) => value);
  const kept = isOperation(change.operation) && operations.includes(change.operation) ? change.operation : operations[0];
  const { value: _value, as: _as, ...rest } = change;
  return withOperation({ ...rest, field: field.path }, kept ?? "set", field);
}

/** The same change with another operation. */
export function withOperation(change: Change, operation: ChangeOperation, { kind }: TestField): Change {
  const { value, as: _as, ...rest } = change;
  if (!changeOperations[operation]) return { ...rest, operation };
  // A text with merge fields becomes what the field holds.
  const as = operation === "set" && (kind === "number" || kind === "boolean") ? { as: kind } : {};
  return { ...rest, operation, value: value ?? ("as" in as && as.as === "boolean" ? true : ""), ...as };
}
