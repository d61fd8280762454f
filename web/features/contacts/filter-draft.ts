import { type ContactField, contactFields, type FieldKind } from "#contract/contact-fields.ts";
import { type ContactFacets, type FilterOperator, FilterTest, filterOperators } from "#contract/contacts.ts";

/** A filter test that is being edited; its value may still be missing. */
export interface FilterDraft {
  field: ContactField;
  operator: FilterOperator;
  value: FilterTest["value"];
}

export const kindOf = (field: ContactField): FieldKind => contactFields[field].kind;

export const operatorsOf = (field: ContactField): { value: FilterOperator; label: string }[] =>
  Object.entries(filterOperators[kindOf(field)]).map(([value, label]) => ({ value: value as FilterOperator, label }));

/** The shape of the value of a test. It decides which control asks for the value. */
export type ValueShape = "none" | "text" | "choice" | "choices" | "yes-no" | "date" | "days";

export const shapeOf = ({ field, operator }: Pick<FilterDraft, "field" | "operator">): ValueShape => {
  if (operator === "is_empty" || operator === "is_not_empty") return "none";
  if (operator === "in" || operator === "not_in") return "choices";
  if (operator === "in_last_days" || operator === "not_in_last_days") return "days";
  const kind = kindOf(field);
  return kind === "boolean" ? "yes-no" : kind;
};

const emptyValue: Record<ValueShape, FilterTest["value"]> = {
  none: undefined,
  text: "",
  choice: "",
  choices: [],
  "yes-no": true,
  date: "",
  days: 7,
};

export const draftFor = (field: ContactField): FilterDraft => {
  // For text, "contains" is what people mean. For other kinds the first operator is the usual one.
  const operator: FilterOperator = kindOf(field) === "text" ? "contains" : (operatorsOf(field)[0]?.value ?? "is");
  return { field, operator, value: emptyValue[shapeOf({ field, operator })] };
};

/** Another operator keeps the value where it still fits. */
export const withOperator = (draft: FilterDraft, operator: FilterOperator): FilterDraft => {
  const before = shapeOf(draft);
  const after = shapeOf({ ...draft, operator });
  if (before === after) return { ...draft, operator };
  if (before === "choice" && after === "choices") return { ...draft, operator, value: draft.value ? [String(draft.value)] : [] };
  if (before === "choices" && after === "choice")
    return { ...draft, operator, value: Array.isArray(draft.value) ? (draft.value[0] ?? "") : "" };
  return { ...draft, operator, value: emptyValue[after] };
};

/** The finished test, or why it is not finished yet. */
export const finish = (draft: FilterDraft): { test: FilterTest } | { problem: string } => {
  const { value, ...rest } = draft;
  const trimmed = typeof value === "string" ? value.trim() : value;
  const parsed = FilterTest.safeParse(trimmed === undefined ? rest : { ...rest, value: trimmed });
  return parsed.success ? { test: parsed.data } : { problem: parsed.error.issues[0]?.message ?? "This filter is not complete" };
};

/** The values in use of a field that has choices. */
export const choicesOf = (field: ContactField, facets: ContactFacets | undefined): string[] => {
  if (field === "lead_status") return facets?.leadStatuses ?? [];
  if (field === "conversation_status") return facets?.conversationStatuses ?? [];
  return field === "time_zone" ? (facets?.timeZones ?? []) : [];
};
