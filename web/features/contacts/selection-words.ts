import { formatCount } from "#ui/format.ts";
import { describeFilter } from "#web/entities/contacts/filter-words.ts";
import { type ContactSelection, selectedCount } from "./selection.ts";

/** The selection in the bar: how many, and where it is "all", that it is. */
export const selectionWords = (selection: ContactSelection): string => {
  const count = selectedCount(selection);
  if (selection.kind === "picked") return `${formatCount(count)} selected`;
  if (selection.excluded.size === 0) return `All ${formatCount(count)} selected`;
  return `${formatCount(count)} selected, all except ${formatCount(selection.excluded.size)}`;
};

/** Describes in words whom a send goes to; null where the contacts are shown by name. */
export const audienceWords = (selection: ContactSelection): string | null => {
  if (selection.kind === "picked") return null;
  const filter = describeFilter(selection.filter);
  const except = selection.excluded.size > 0 ? `, except ${formatCount(selection.excluded.size)} you unticked` : "";
  return filter === null ? `All contacts of this workspace${except}` : `All contacts where ${filter}${except}`;
};
