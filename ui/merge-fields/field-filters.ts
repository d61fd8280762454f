import { type MergeField, rewriteFields, type TemplateFilter, writeMergeField } from "#contract/template.ts";
import type { MergeFieldOption } from "./merge-fields.ts";

/** A way to write a value, with how it looks then. */
export interface FieldFormat {
  label: string;
  filter: TemplateFilter | undefined;
}

const as = (label: string, name: TemplateFilter["name"], argument?: string | number): FieldFormat => ({
  label,
  filter: { name, argument },
});
const asIs: FieldFormat = { label: "As it is", filter: undefined };

const ofTexts = [asIs, as("UPPER CASE", "upcase"), as("lower case", "downcase"), as("First letter large", "capitalize")];
const ofNumbers = [asIs, as("1,234", "number"), as("1,234.00", "number", 2)];
const ofDates = [
  asIs,
  as("4 March 2026", "date", "d LLLL yyyy"),
  as("Wednesday, 4 March", "date", "cccc, d LLLL"),
  as("04.03.2026", "date", "dd.MM.yyyy"),
  as("03/04/2026", "date", "MM/dd/yyyy"),
  as("4 March 2026, 14:30", "date", "d LLLL yyyy, HH:mm"),
];

/** The ways in which a value can be written. Of what is not known to be a number or a date it is a text's. */
export const formatsOf = (option: MergeFieldOption | undefined): readonly FieldFormat[] =>
  option?.kind === "number" ? ofNumbers : option?.kind === "date" ? ofDates : ofTexts;

const isFormat = ({ name }: TemplateFilter) => name !== "default" && name !== "url";
export const isSameFormat = ({ filters }: MergeField, { filter }: FieldFormat): boolean => {
  const found = filters.filter(isFormat);
  if (filter === undefined) return found.length === 0;
  return found.length === 1 && found[0]?.name === filter.name && found[0].argument === filter.argument;
};

/** What stands in for a missing value; undefined where nothing does. */
export const defaultOf = ({ filters }: MergeField): string | undefined => {
  const found = filters.find(({ name }) => name === "default");
  return found && String(found.argument ?? "");
};

/** The text with other filters at every place where a field of this name stands. */
export const refilter = (text: string, source: string, change: (filters: readonly TemplateFilter[]) => readonly TemplateFilter[]): string =>
  rewriteFields(text, ({ raw, field }) => {
    if (field?.source !== source) return undefined;
    // A default in an attribute stands in the other quotation marks, and keeps them.
    return writeMergeField({ source, filters: change(field.filters) }, /:\s*'/.test(raw) ? "'" : '"');
  });

/** The default comes last, so that a date that cannot be read is missing, and what is typed is written as it is typed. */
export const withDefault = (filters: readonly TemplateFilter[], argument: string): TemplateFilter[] => [
  ...filters.filter(({ name }) => name !== "default"),
  { name: "default", argument },
];
export const withFormat = (filters: readonly TemplateFilter[], { filter }: FieldFormat): TemplateFilter[] => [
  ...(filter ? [filter] : []),
  ...filters.filter((one) => !isFormat(one)),
];
