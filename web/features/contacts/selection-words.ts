import { formatCount } from "#ui/format.ts";
import { whomWords } from "#web/entities/contacts/whom-words.ts";
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
  const except = selection.excluded.size > 0 ? `, except ${formatCount(selection.excluded.size)} you unticked` : "";
  return `${whomWords(selection.filter)}${except}`;
};
