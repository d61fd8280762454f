import { contactFields } from "#contract/contact-fields.ts";
import { type ContactFilter, type FilterTest, filterOperators } from "#contract/contacts.ts";
import { formatDate } from "#ui/format.ts";

const list = new Intl.ListFormat("en", { type: "disjunction" });

const operatorText = ({ field, operator }: FilterTest): string => {
  const operators: Record<string, string> = filterOperators[contactFields[field].kind];
  return operators[operator] ?? operator;
};

const valueText = (value: FilterTest["value"], kind: string): string => {
  if (value === undefined) return "";
  if (Array.isArray(value)) return list.format(value);
  if (kind === "date" && typeof value === "string") return formatDate(value, "UTC");
  return kind === "choice" || kind === "date" ? String(value) : `“${value}”`;
};

/** "Opted out of SMS" → "Not opted out of SMS", "Can receive SMS" → "Cannot receive SMS". */
const negated = (label: string) =>
  label.startsWith("Can ") ? `Cannot ${label.slice(4)}` : `Not ${label.slice(0, 1).toLowerCase()}${label.slice(1)}`;

/** Describes a test in words: "Lead status is New", "Added in the last 7 days", "Can receive SMS". */
export const describeTest = (test: FilterTest): string => {
  const { label, kind } = contactFields[test.field];
  if (kind === "boolean") return test.value === false ? negated(label) : label;
  const operator = operatorText(test);
  if (operator.includes("…")) return `${label} ${operator.replace("…", String(test.value)).replace(/\b1 days$/, "1 day")}`;
  return [label, operator, valueText(test.value, kind)].filter(Boolean).join(" ");
};

/** A whole filter in words; null when it lets everybody through. */
export const describeFilter = ({ search, tests }: ContactFilter): string | null => {
  const parts = [...(search ? [`the search finds “${search}”`] : []), ...tests.map(describeTest)];
  return parts.length > 0 ? parts.join(" and ") : null;
};
